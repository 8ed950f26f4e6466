//! Makes a connection: to the first of the hosts that can be written to.

use std::io;
use std::net::TcpStream;
use std::path::Path;
use std::time::Instant;

use rustix::net::sockopt::{set_socket_keepalive, set_tcp_nodelay};
use rustls::pki_types::ServerName;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;

use super::address::{self, Address, Encryption, Host};
use super::encryption;
use super::failure::Failed;
use super::link::Link;
use super::password;
use super::promise;
use super::wire::{Socket, Wire};
use crate::outbox::engine::EngineSettings;
use crate::transport::dial;
use crate::transport::local::{self, LocalStream};

/// A connection to the first host that takes one and that can be written to.
pub(super) fn to_any(
    address: &Address,
    settings: EngineSettings,
    until: Instant,
) -> Result<Link, Failed> {
    let mut failure = None;
    for (tried, host) in address.hosts.iter().enumerate() {
        let left = until.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(address.hosts.len() - tried).unwrap_or(1);
        match to_one(address, host, settings, Instant::now() + share) {
            Ok(mut link) => {
                link.until = until;
                return Ok(link);
            }
            Err(other) => failure = Some(other),
        }
    }
    Err(failure.unwrap_or(Failed::Late))
}

fn to_one(
    address: &Address,
    host: &Host,
    settings: EngineSettings,
    until: Instant,
) -> Result<Link, Failed> {
    let socket = match host {
        Host::Name(name, port) => Socket::Tcp(over_tcp(name, *port, settings, until)?),
        Host::Folder(folder, port) => Socket::Local(to_folder(folder, *port, until)?),
    };
    let encryption = encryption(address, host, &socket)?;
    let found = password::find(address, host);
    let mut config = Config::new();
    config
        .user(&address.user)
        .dbname(&address.database)
        .application_name(&address.application)
        .ssl_mode(SslMode::Disable);
    if let Some(options) = &address.options {
        config.options(options);
    }
    if let Some(password) = &found.password {
        config.password(password.as_bytes());
    }
    let wire = Wire::new(socket).map_err(|error| Failed::Lost(error.to_string()))?;
    let made = match encryption {
        Some(encryption) => {
            let config = config.ssl_mode(SslMode::Require);
            let host_name = shown_name(host);
            wire.run(until, |_| {}, config.connect_raw(wire.clone(), encryption))?
                .map_err(|error| refusal(error, &host_name, &found))?
        }
        None => {
            let none = encryption::Absent;
            wire.run(until, |_| {}, config.connect_raw(wire.clone(), none))?
                .map_err(|error| refusal(error, "", &found))?
        }
    };
    let mut link = Link::new(wire, made, until);
    promise::check(&mut link, settings)?;
    Ok(link)
}

fn over_tcp(
    name: &str,
    port: u16,
    settings: EngineSettings,
    until: Instant,
) -> Result<TcpStream, Failed> {
    let stream = dial::dial(name, port, until).map_err(Failed::Refused)?;
    // A kept connection whose other end is gone is known in half of a call's time, which leaves the
    // other half for a new one.
    let tuned = set_tcp_nodelay(&stream, true)
        .and_then(|()| set_socket_keepalive(&stream, true))
        .map_err(io::Error::from)
        .and_then(|()| dial::limit_silence(&stream, settings.busy_timeout / 2));
    tuned.map_err(|error| Failed::Lost(error.to_string()))?;
    Ok(stream)
}

fn to_folder(folder: &Path, port: u16, until: Instant) -> Result<LocalStream, Failed> {
    local::connect(&address::socket(folder, port), until)
        .map_err(|error| Failed::Refused(format!("no connection came about: {error}")))?
        .ok_or(Failed::Late)
}

/// Leads cross no network that others may read, and go to no server that others set up.
fn encryption(
    address: &Address,
    host: &Host,
    socket: &Socket,
) -> Result<Option<encryption::Encryption>, Failed> {
    let (Host::Name(name, _), Socket::Tcp(stream)) = (host, socket) else {
        return Ok(None);
    };
    let is_local = (stream.peer_addr()).is_ok_and(|peer| peer.ip().to_canonical().is_loopback());
    match address.encryption {
        Some(Encryption::Verified) => {}
        None | Some(Encryption::Plain) if is_local => return Ok(None),
        None => {}
        Some(Encryption::Plain) => {
            return Failed::refused(
                "sslmode: the server is on another host, so TLS is needed: take verify-full",
            );
        }
    }
    let config =
        dial::verified("sslrootcert", address.authorities.as_deref()).map_err(Failed::Refused)?;
    match ServerName::try_from(name.clone()) {
        Ok(name) => Ok(Some(encryption::Encryption { config, name })),
        Err(_) => Failed::refused("the host is not a name that a certificate can have"),
    }
}

fn shown_name(host: &Host) -> String {
    match host {
        Host::Name(name, _) => crate::text::shown(name),
        Host::Folder(..) => String::new(),
    }
}

/// Why no connection came about: what another attempt would not change, and what it would.
fn refusal(error: tokio_postgres::Error, host: &str, found: &password::Found) -> Failed {
    use std::error::Error as _;
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    let passed_over = (found.passed_over.iter())
        .map(|why| format!("; {why}"))
        .collect::<String>();
    if let Some(told) = of_tls(&error) {
        return Failed::Refused(tls_refusal(host, told));
    }
    match cause.as_str() {
        "server does not support TLS" => Failed::Refused(
            "the server does not offer TLS, which is needed where it is on another host: set its ssl=on".into(),
        ),
        "password missing" => Failed::Refused(format!(
            "the server asks for a password and there is none: give it in the URL, in PGPASSWORD or in a password file{passed_over}"
        )),
        _ => Failed::from(error),
    }
}

/// The error of rustls, in the layers around it.
fn of_tls(error: &tokio_postgres::Error) -> Option<&rustls::Error> {
    use std::error::Error as _;
    let mut next = error.source();
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<std::io::Error>() {
            return found.get_ref().and_then(|inner| inner.downcast_ref());
        }
        next = cause.source();
    }
    None
}

fn tls_refusal(host: &str, error: &rustls::Error) -> String {
    let told = dial::explain(host, error);
    if dial::is_of_unknown_issuer(error) {
        return format!("{told}: name the file of its authority in sslrootcert");
    }
    told
}
