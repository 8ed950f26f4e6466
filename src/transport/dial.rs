//! A connection to a host that speaks no HTTP, such as a database: name, addresses and TLS as for
//! every other.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::{CertificateError, ClientConfig};

use super::resolver::{RememberingResolver, Unresolved};
use super::tls;

/// The addresses of a name, or why there are none by `until`.
pub(crate) fn addresses(host: &str, port: u16, until: Instant) -> Result<Vec<SocketAddr>, String> {
    let patience = until.saturating_duration_since(Instant::now());
    match RememberingResolver::system().find(host, port, patience) {
        Ok(found) => Ok(found.to_vec()),
        Err(Unresolved::Failed(why)) => Err(format!("the name could not be resolved: {why}")),
        Err(Unresolved::Interrupted) => Err("the call was interrupted".to_owned()),
    }
}

/// Connects to one of the addresses after the other. Each has its share of the time that is left.
pub(crate) fn dial(host: &str, port: u16, until: Instant) -> Result<TcpStream, String> {
    let found = addresses(host, port, until)?;
    let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for (tried, address) in found.iter().enumerate() {
        let left = until.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(found.len() - tried).unwrap_or(1);
        match TcpStream::connect_timeout(address, share.max(Duration::from_millis(1))) {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    RememberingResolver::system().expire(host, port);
    Err(format!("no connection came about: {failure}"))
}

/// A connection whose other end does not answer what is sent ends after this time.
#[cfg(target_os = "linux")]
pub(crate) fn limit_silence(stream: &TcpStream, limit: Duration) -> io::Result<()> {
    let limit = u32::try_from(limit.as_millis()).unwrap_or(u32::MAX).max(1);
    Ok(rustix::net::sockopt::set_tcp_user_timeout(stream, limit)?)
}

/// Only Linux can be told.
#[cfg(not(target_os = "linux"))]
pub(crate) fn limit_silence(_: &TcpStream, _: Duration) -> io::Result<()> {
    Ok(())
}

/// TLS that verifies the peer by the authorities of a file, or the system's without one. `label`
/// names the file in messages.
pub(crate) fn verified(label: &str, ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    tls::verifying(label, ca_file).map(Arc::new)
}

/// What TLS failed of, for people; `host` is whom the certificate should be for.
pub(crate) fn explain(host: &str, error: &rustls::Error) -> String {
    tls::explain(host, error)
}

/// Whether a certificate is one that no authority that is known has signed.
pub(crate) fn is_of_unknown_issuer(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)
    )
}
