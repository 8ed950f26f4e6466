//! How the sender connects and what it calls itself.

use std::path::PathBuf;
use std::time::Duration;

/// All that a [`Transport`](super::Transport) is made with.
#[derive(Clone)]
pub(crate) struct TransportSettings {
    /// The time for one connection: the look-up of the name, all addresses, a proxy and TLS.
    pub(crate) connect_timeout: Duration,
    /// A proxy's URL; `None` is the environment's choice at the first send, `""` is no proxy.
    pub(crate) proxy: Option<String>,
    /// A PEM file of certificates to trust instead of the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// The value of the `User-Agent` header; a proxy is told it too.
    pub(crate) user_agent: String,
    /// Whether connections are those of the process and not of one client.
    pub(crate) share_connections: bool,
}

impl TransportSettings {
    /// Whether connections made with one of the two may serve the other. Connections through
    /// different proxies are kept apart within a session.
    pub(super) fn connect_alike(&self, other: &TransportSettings) -> bool {
        self.ca_file == other.ca_file
            && self.user_agent == other.user_agent
            && self.share_connections == other.share_connections
    }
}
