//! Which database, and as whom: the URL that people give.
//!
//! It may hold a password, so no message repeats it.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::password;
use crate::error::Error;
use crate::text;

const PORT: u16 = 3306;
/// The rule, with an example, behind each refusal.
const FORM: &str = "give mysql://USER:PASSWORD@HOST:PORT/DATABASE";
const PARAMETERS: [&str; 4] = ["passwordfile", "socket", "ssl_ca", "ssl_mode"];

/// A database on a server, and who asks for it.
pub(super) struct Address {
    pub(super) server: Server,
    pub(super) user: String,
    pub(super) password: Zeroizing<String>,
    pub(super) database: String,
    pub(super) tls: Tls,
}

/// Where the server listens.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Server {
    Tcp { host: String, port: u16 },
    Socket(PathBuf),
}

/// Whether the connection is encrypted, and by whom the server's certificate must be signed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tls {
    None,
    /// By an authority of this file, or of the system's.
    Verified(Option<PathBuf>),
}

impl Address {
    pub(super) fn read(url: &str) -> Result<Address, Error> {
        let parts = Parts::split(url)?;
        let mut address = Address {
            server: parts.server()?,
            user: decoded("the user", parts.user)?,
            password: Zeroizing::new(decoded("the password", parts.password)?),
            database: decoded("the database", parts.database)?,
            tls: Tls::None,
        };
        let mut settings = Parameters::read(parts.parameters)?;
        if let Some(path) = settings.socket.take() {
            address.server = Server::Socket(path);
        }
        if address.user.is_empty() {
            return Err(refused("it names no user"));
        }
        if address.database.is_empty() {
            return Err(refused("it names no database"));
        }
        if let Some(path) = settings.passwordfile.take() {
            if !address.password.is_empty() {
                return Err(refused("it holds a password and a passwordfile"));
            }
            address.password = password::read(&path)?;
        }
        address.tls = settings.tls(&address.server)?;
        Ok(address)
    }

    /// The database and where it is, without who asks for it.
    pub(super) fn shown(&self) -> String {
        let place = match &self.server {
            Server::Tcp { host, port } if host.contains(':') => {
                format!("[{}]:{port}", text::shown(host))
            }
            Server::Tcp { host, port } => format!("{}:{port}", text::shown(host)),
            Server::Socket(path) => text::shown_path(path),
        };
        format!("{} at {place}", text::shown(&self.database))
    }
}

impl Server {
    /// Whether what is sent stays on this host.
    fn is_local(&self) -> bool {
        match self {
            Server::Socket(_) => true,
            Server::Tcp { host, .. } => {
                host.eq_ignore_ascii_case("localhost")
                    || (host.parse::<IpAddr>()).is_ok_and(|address| address.is_loopback())
            }
        }
    }
}

/// The pieces of a URL, as they stand in it.
struct Parts<'a> {
    user: &'a str,
    password: &'a str,
    host: &'a str,
    port: Option<&'a str>,
    database: &'a str,
    parameters: &'a str,
}

impl<'a> Parts<'a> {
    fn split(url: &'a str) -> Result<Parts<'a>, Error> {
        let (_, rest) = url.split_once("://").unwrap_or(("", url));
        let (rest, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        // An @ of a password that was not written as %40 stands before the last one.
        let (who, place) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = who.split_once(':').unwrap_or((who, ""));
        let (host, port) = match place.strip_prefix('[') {
            Some(bracketed) => {
                let (host, rest) = bracketed
                    .split_once(']')
                    .ok_or_else(|| refused("the host's ] is missing"))?;
                (host, rest.strip_prefix(':'))
            }
            None => match place.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (place, None),
            },
        };
        Ok(Parts {
            user,
            password,
            host,
            port,
            database,
            parameters,
        })
    }

    /// A host that begins with a slash is the path of a socket.
    fn server(&self) -> Result<Server, Error> {
        let host = decoded("the host", self.host)?;
        if host.starts_with('/') {
            return Ok(Server::Socket(host.into()));
        }
        let port = match self.port {
            None => PORT,
            Some(port) => (port.parse().ok())
                .filter(|port| *port > 0)
                .ok_or_else(|| refused("the port is no number from 1 to 65535"))?,
        };
        let host = if host.is_empty() {
            "localhost".to_owned()
        } else {
            host
        };
        Ok(Server::Tcp { host, port })
    }
}

/// What stands behind the question mark.
#[derive(Default)]
struct Parameters {
    passwordfile: Option<PathBuf>,
    socket: Option<PathBuf>,
    ssl_ca: Option<PathBuf>,
    ssl_mode: Option<String>,
}

impl Parameters {
    fn read(text: &str) -> Result<Parameters, Error> {
        let mut read = Parameters::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decoded("a parameter's name", name)?;
            let value = decoded("a parameter", value)?;
            match name.as_str() {
                "passwordfile" => read.passwordfile = Some(path(&name, &value)?),
                "socket" => read.socket = Some(path(&name, &value)?),
                "ssl_ca" => read.ssl_ca = Some(path(&name, &value)?),
                "ssl_mode" => read.ssl_mode = Some(value.to_ascii_lowercase()),
                _ => {
                    return Err(Error::invalid_argument(format!(
                        "location: a database of MySQL has no parameter \"{}\"{}",
                        text::shown(&name),
                        text::suggestion(&name, PARAMETERS.into_iter())
                    )));
                }
            }
        }
        Ok(read)
    }

    fn tls(self, server: &Server) -> Result<Tls, Error> {
        let verified = match self.ssl_mode.as_deref() {
            None => !server.is_local() || self.ssl_ca.is_some(),
            Some("verify_identity") => true,
            Some("disabled") if server.is_local() => false,
            Some("disabled") => {
                return Err(Error::invalid_argument(
                    "location: ssl_mode=disabled is for a server on this host: leads would cross the network unencrypted",
                ));
            }
            Some(_) => {
                return Err(Error::invalid_argument(
                    "location: ssl_mode is verify_identity or disabled",
                ));
            }
        };
        match (verified, server) {
            (true, Server::Socket(_)) => Err(Error::invalid_argument(
                "location: a socket needs no TLS: leave ssl_mode and ssl_ca out",
            )),
            (true, Server::Tcp { .. }) => Ok(Tls::Verified(self.ssl_ca)),
            (false, _) if self.ssl_ca.is_some() => Err(Error::invalid_argument(
                "location: ssl_ca has no use with ssl_mode=disabled",
            )),
            (false, _) => Ok(Tls::None),
        }
    }
}

/// An absolute path: the folder of the process may change.
fn path(name: &str, value: &str) -> Result<PathBuf, Error> {
    if value.is_empty() {
        return Err(Error::invalid_argument(format!(
            "location: {name} is empty"
        )));
    }
    std::path::absolute(value)
        .map_err(|error| Error::invalid_argument(format!("location: {name}: {error}")))
}

fn decoded(what: &str, encoded: &str) -> Result<String, Error> {
    let text = (percent_decode_str(encoded).decode_utf8())
        .map_err(|_| refused(&format!("{what} is not UTF-8")))?;
    if text.contains('\0') {
        return Err(refused(&format!("{what} holds a NUL byte")));
    }
    Ok(text.into_owned())
}

fn refused(why: &str) -> Error {
    Error::invalid_argument(format!("location: {why}; {FORM}"))
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Address {
        Address::read(url).expect(url)
    }

    fn tcp(host: &str, port: u16) -> Server {
        Server::Tcp {
            host: host.into(),
            port,
        }
    }

    #[test]
    fn a_url_names_server_user_and_database() {
        let address = read("mysql://web%40site:p%2Fw%3A%40%25@db.example:3307/le%20ads");
        assert_eq!(address.server, tcp("db.example", 3307));
        assert_eq!(address.user, "web@site");
        assert_eq!(*address.password, "p/w:@%");
        assert_eq!(address.database, "le ads");
        assert_eq!(read("mysql://a@db/c").server, tcp("db", 3306));
        assert_eq!(read("mysql://a@[::1]:7/c").server, tcp("::1", 7));
        assert_eq!(*read("mysql://a:b@c@localhost/d").password, "b@c");
    }

    #[test]
    fn a_socket_is_named_as_host_or_parameter() {
        for url in [
            "mysql://a@%2Frun%2Fdb.sock/c",
            "mysql://a@localhost/c?socket=/run/db.sock",
            "mysql://a@/c?socket=%2Frun%2Fdb.sock",
        ] {
            assert_eq!(
                read(url).server,
                Server::Socket("/run/db.sock".into()),
                "{url}"
            );
            assert_eq!(read(url).tls, Tls::None);
        }
    }

    #[test]
    fn another_host_is_verified() {
        for local in ["localhost", "127.0.0.1", "[::1]", "127.8.8.8"] {
            assert_eq!(
                read(&format!("mysql://a@{local}/c")).tls,
                Tls::None,
                "{local}"
            );
        }
        assert_eq!(read("mysql://a@10.0.0.1/c").tls, Tls::Verified(None));
        assert_eq!(
            read("mysql://a@localhost.example/c").tls,
            Tls::Verified(None)
        );
        let with_file = Tls::Verified(Some("/ca.pem".into()));
        assert_eq!(read("mysql://a@localhost/c?ssl_ca=/ca.pem").tls, with_file);
        let asked = read("mysql://a@localhost/c?ssl_mode=VERIFY_IDENTITY").tls;
        assert_eq!(asked, Tls::Verified(None));
    }

    #[test]
    fn what_cannot_be_is_refused_without_the_password() {
        for (url, why) in [
            ("mysql://:tiger@host/db", "no user"),
            ("mysql://me:tiger@host", "no database"),
            ("mysql://me:tiger@host:0/db", "port"),
            ("mysql://me:tiger@host:99999/db", "port"),
            ("mysql://me:tiger@[::1/db", "] is missing"),
            ("mysql://me:tiger%FF@host/db", "UTF-8"),
            ("mysql://me:tiger%00@host/db", "NUL"),
            (
                "mysql://me:tiger@host/db?ssl_mod=x",
                "did you mean \"ssl_mode\"",
            ),
            (
                "mysql://me:tiger@host/db?ssl_mode=required",
                "verify_identity",
            ),
            ("mysql://me:tiger@host/db?ssl_mode=disabled", "on this host"),
            (
                "mysql://me:tiger@host/db?passwordfile=/x",
                "a password and a",
            ),
            (
                "mysql://me:tiger@host/db?socket=/s&ssl_ca=/x",
                "needs no TLS",
            ),
            (
                "mysql://me:tiger@localhost/db?ssl_ca=/x&ssl_mode=disabled",
                "no use",
            ),
        ] {
            let error = Address::read(url).expect_err(url);
            assert!(error.message().contains(why), "{url}: {error}");
            assert!(!error.message().contains("tiger"), "{error}");
        }
        let shown = format!("{:?}", read("mysql://me:tiger@localhost/db"));
        assert_eq!(shown, "db at localhost:3306");
    }
}
