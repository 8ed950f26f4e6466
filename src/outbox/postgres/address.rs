//! Which database a URL names: `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`.
//!
//! It is read here, since the protocol's crate knows no `verify-full`. No message repeats a part of it
//! but host and database.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::text;

const PORT: u16 = 5432;
/// Where Debian's server has its socket.
const FOLDER: &str = "/var/run/postgresql";
const PARAMETERS: &str = "host, port, user, password, dbname, passfile, sslmode, sslrootcert, application_name and options";

/// A database, and how to come to it.
pub(super) struct Address {
    /// Tried one after the other.
    pub(super) hosts: Vec<Host>,
    pub(super) user: String,
    pub(super) password: Option<Zeroizing<String>>,
    pub(super) passfile: Option<PathBuf>,
    pub(super) database: String,
    pub(super) encryption: Option<Encryption>,
    /// A file of certificates that are trusted instead of the system's.
    pub(super) authorities: Option<PathBuf>,
    pub(super) application: String,
    pub(super) options: Option<String>,
}

/// A server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Host {
    Name(String, u16),
    /// The folder of its socket.
    Folder(PathBuf, u16),
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encryption {
    Plain,
    Verified,
}

impl Address {
    pub(super) fn read(url: &str) -> Result<Address, Error> {
        let (_, rest) = url.split_once("://").unwrap_or_default();
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        if path.contains('@') || query.contains('@') {
            return Err(refused(
                "an \"@\" stands behind the host; in a user, a password and all else write \"@\" as %40, \"/\" as %2F, \"?\" as %3F",
            ));
        }
        let mut parts = Parts::default();
        let (login, places) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = (login.split_once(':'))
            .map_or((login, None), |(user, password)| (user, Some(password)));
        parts.user = decoded("the user", user)?.into_owned();
        parts.password = password
            .map(|password| decoded("the password", password))
            .transpose()?
            .map(|password| Zeroizing::new(password.into_owned()));
        parts.database = decoded("the database", path)?.into_owned();
        for place in places.split(',') {
            let (host, port) = host_and_port(place)?;
            parts.hosts.push(host);
            parts.ports.push(port);
        }
        for (number, pair) in query.split('&').filter(|pair| !pair.is_empty()).enumerate() {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            parts.set(number + 1, name, decoded("a parameter", value)?)?;
        }
        parts.into_address()
    }

    /// Where the outbox is, for messages.
    pub(super) fn place(&self) -> String {
        let hosts: Vec<String> = self.hosts.iter().map(Host::to_string).collect();
        format!(
            "the outbox in PostgreSQL at {}, database \"{}\"",
            hosts.join(" or "),
            text::shown(&self.database)
        )
    }
}

/// What a URL says, in its words.
#[derive(Default)]
struct Parts {
    hosts: Vec<String>,
    ports: Vec<Option<u16>>,
    user: String,
    password: Option<Zeroizing<String>>,
    passfile: Option<PathBuf>,
    database: String,
    encryption: Option<Encryption>,
    authorities: Option<PathBuf>,
    application: Option<String>,
    options: Option<String>,
}

impl Parts {
    fn set(&mut self, number: usize, name: &str, value: Cow<'_, str>) -> Result<(), Error> {
        match name {
            "host" => self.hosts = value.split(',').map(str::to_owned).collect(),
            "port" => self.ports = value.split(',').map(port).collect::<Result<_, _>>()?,
            "user" => self.user = value.into_owned(),
            "password" => self.password = Some(Zeroizing::new(value.into_owned())),
            "dbname" => self.database = value.into_owned(),
            "passfile" => self.passfile = Some(absolute("passfile", &value)?),
            "sslmode" => self.encryption = Some(encryption(&value)?),
            "sslrootcert" if value == "system" => self.authorities = None,
            "sslrootcert" => self.authorities = Some(absolute("sslrootcert", &value)?),
            "application_name" => self.application = Some(value.into_owned()),
            "options" => self.options = Some(value.into_owned()),
            // It may be a part of a password.
            _ => {
                return Err(refused(&format!(
                    "its parameter {number} is not known; there are {PARAMETERS}"
                )));
            }
        }
        Ok(())
    }

    fn into_address(self) -> Result<Address, Error> {
        if self.user.is_empty() {
            return Err(refused("name the user: postgres://USER@HOST/DATABASE"));
        }
        if self.ports.len() > 1 && self.ports.len() != self.hosts.len() {
            return Err(refused("it has not as many ports as hosts"));
        }
        let port = |place: usize| {
            let said = self.ports.get(place).or(self.ports.first());
            said.copied().flatten().unwrap_or(PORT)
        };
        let hosts = (self.hosts.iter().enumerate())
            .map(|(place, host)| Host::new(host, port(place)))
            .collect();
        Ok(Address {
            hosts,
            database: if self.database.is_empty() {
                self.user.clone()
            } else {
                self.database
            },
            user: self.user,
            password: self.password,
            passfile: self.passfile,
            encryption: self.encryption,
            authorities: self.authorities,
            application: self.application.unwrap_or_else(|| "justclick".to_owned()),
            options: self.options,
        })
    }
}

impl Host {
    fn new(host: &str, port: u16) -> Host {
        match host {
            "" => Host::Folder(FOLDER.into(), port),
            folder if folder.starts_with('/') => Host::Folder(folder.into(), port),
            name => Host::Name(name.to_owned(), port),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Name(name, port) if name.contains(':') => {
                write!(formatter, "[{}]:{port}", text::shown(name))
            }
            Host::Name(name, port) => write!(formatter, "{}:{port}", text::shown(name)),
            Host::Folder(folder, port) => {
                write!(formatter, "{}", text::shown_path(&socket(folder, *port)))
            }
        }
    }
}

/// The socket of a server in its folder.
pub(super) fn socket(folder: &Path, port: u16) -> PathBuf {
    folder.join(format!(".s.PGSQL.{port}"))
}

/// A host as it is written, and its port where there is one.
fn host_and_port(place: &str) -> Result<(String, Option<u16>), Error> {
    if let Some(rest) = place.strip_prefix('[') {
        let (address, rest) = (rest.split_once(']'))
            .ok_or_else(|| refused("an address in brackets ends without its \"]\""))?;
        let port_text = rest.strip_prefix(':').unwrap_or_default();
        return Ok((address.to_owned(), port(port_text)?));
    }
    let (host, port_text) = place.split_once(':').unwrap_or((place, ""));
    Ok((decoded("the host", host)?.into_owned(), port(port_text)?))
}

/// What is no port may be the rest of a password, and is not shown.
fn port(text: &str) -> Result<Option<u16>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(port) if port > 0 => Ok(Some(port)),
        _ => Err(refused(
            "its port is no number from 1 to 65535; in a user and a password write \":\" as %3A, \"/\" as %2F, \"?\" as %3F",
        )),
    }
}

fn encryption(mode: &str) -> Result<Encryption, Error> {
    match mode {
        "verify-full" => Ok(Encryption::Verified),
        "disable" | "allow" | "prefer" => Ok(Encryption::Plain),
        _ => Err(refused(
            "sslmode: take verify-full, or, where the server is on this host, disable",
        )),
    }
}

/// The folder of the process may change later.
fn absolute(name: &str, path: &str) -> Result<PathBuf, Error> {
    std::path::absolute(path).map_err(|_| refused(&format!("{name}: it is no path")))
}

fn decoded<'a>(what: &str, text: &'a str) -> Result<Cow<'a, str>, Error> {
    let decoded = (percent_decode_str(text).decode_utf8())
        .map_err(|_| refused(&format!("{what}: it is not UTF-8")))?;
    if decoded.contains('\0') {
        return Err(refused(&format!("{what}: it holds a NUL byte")));
    }
    Ok(decoded)
}

fn refused(why: &str) -> Error {
    Error::invalid_argument(format!("location: {why}"))
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Address")
            .field("hosts", &self.hosts)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Address {
        Address::read(url).expect(url)
    }

    fn name(host: &str, port: u16) -> Host {
        Host::Name(host.into(), port)
    }

    #[test]
    fn a_url_names_a_database() {
        let address = read("postgres://me@db.example.com/leads");
        assert_eq!(address.hosts, [name("db.example.com", 5432)]);
        assert_eq!(
            (address.user.as_str(), address.database.as_str()),
            ("me", "leads")
        );
        assert_eq!(address.encryption, None);
        let address = read("postgresql://me@[::1]:6000?sslmode=disable");
        assert_eq!(address.hosts, [name("::1", 6000)]);
        assert_eq!(address.database, "me");
        assert_eq!(address.encryption, Some(Encryption::Plain));
        let address = read("postgres://me@one:1,two/leads");
        assert_eq!(address.hosts, [name("one", 1), name("two", 5432)]);
        let address = read("postgres:///leads?host=/run/db&port=7&user=me");
        assert_eq!(address.hosts, [Host::Folder("/run/db".into(), 7)]);
        let address = read("postgres://me@%2Frun%2Fdb/leads");
        assert_eq!(address.hosts, [Host::Folder("/run/db".into(), 5432)]);
        let address = read("postgres://me@/leads?sslmode=verify-full&sslrootcert=/ca.pem");
        assert_eq!(address.hosts, [Host::Folder(FOLDER.into(), 5432)]);
        assert_eq!(address.authorities.as_deref(), Some(Path::new("/ca.pem")));
        assert_eq!(address.encryption, Some(Encryption::Verified));
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        let address = read("postgres://m%40e:p%3A%2f%25@host/d%20b?options=-c%20a%3Db");
        assert_eq!(address.user, "m@e");
        assert_eq!(address.password.expect("a password").as_str(), "p:/%");
        assert_eq!(address.database, "d b");
        assert_eq!(address.options.as_deref(), Some("-c a=b"));
        let address = read("postgres://me:a:b@c@host/");
        assert_eq!(address.password.expect("a password").as_str(), "a:b@c");
    }

    #[test]
    fn what_is_wrong_is_told_without_the_password() {
        for (url, why) in [
            ("postgres://me:tiger/1@host/db", "%2F"),
            ("postgres://me:1/tiger@host/db", "%2F"),
            ("postgres://me:1?tiger@host/db", "%3F"),
            ("postgres://me:1?tiger", "parameter 1"),
            (
                "postgres://me:tiger%00@host/db",
                "the password: it holds a NUL byte",
            ),
            (
                "postgres://me:tiger%ff@host/db",
                "the password: it is not UTF-8",
            ),
            ("postgres://me:tiger@host:x/db", "port"),
            ("postgres://me:tiger@host:0/db", "port"),
            ("postgres://me:tiger@[::1/db", "brackets"),
            ("postgres://host/db", "name the user"),
            ("postgres://me:tiger@h/db?sslmode=require", "verify-full"),
            ("postgres://me:tiger@h/db?tiger=1", "parameter 1"),
            ("postgres://me@a,b,c/db?port=1,2", "as many ports"),
        ] {
            let error = Address::read(url).expect_err(url);
            assert!(error.message().contains(why), "{url}: {error}");
            assert!(!error.message().contains("tiger"), "{error}");
        }
    }

    #[test]
    fn no_debug_print_shows_a_password() {
        let shown = format!("{:?}", read("postgres://me:tiger@host/db"));
        assert!(
            shown.contains("host") && !shown.contains("tiger"),
            "{shown}"
        );
    }
}
