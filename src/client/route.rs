//! Which way a client's requests go, for a program that tells people about it.

use super::{Client, target};
use crate::error::{Error, ErrorKind};
use crate::function;

/// Where requests go, and through which proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Route {
    /// The host's name or address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether the connection is encrypted by TLS.
    pub is_encrypted: bool,
    /// The proxy's host and port, never its login.
    pub proxy: Option<(String, u16)>,
}

impl Client {
    /// Which way requests go. Nothing is asked of the network.
    ///
    /// # Errors
    /// Those of a call that cannot be sent: [`ErrorKind::Tls`] where `base_url` is `http://` to another
    /// machine, [`ErrorKind::Unreachable`] where the environment's proxy cannot be used.
    pub fn route(&self) -> Result<Route, Error> {
        let target = target(&self.settings, &self.credentials, function::GET_GROUPS)?;
        let proxy = (self.transport.proxy_to(&target))
            .map_err(|why| Error::new(ErrorKind::Unreachable, why))?;
        Ok(Route {
            host: target.host().to_owned(),
            port: target.port(),
            is_encrypted: target.is_encrypted(),
            proxy,
        })
    }
}
