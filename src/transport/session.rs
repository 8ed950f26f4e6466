//! The connections of one process.
//!
//! A child made by `fork` neither uses nor closes the connections of its parent: bytes of its own
//! or a TLS close would break them. It leaks what it inherited and starts with nothing.

use std::mem;
use std::process;
use std::sync::Arc;

use once_cell::race::OnceBox;
use ureq::http::Uri;
use ureq::http::uri::Scheme;
use ureq::unversioned::transport::{ConnectProxyConnector, Connector};
use ureq::{Agent, Proxy, ProxyProtocol};

use super::link::Observed;
use super::resolver::RememberingResolver;
use super::tcp::TcpLink;
use super::tls::{TlsLink, TlsSettings};
use super::{IDLE_KEPT, TransportSettings};

/// Idle connections kept to one host.
const IDLE_PER_HOST: usize = 32;
const IDLE_IN_ALL: usize = 64;

/// One process's session and, behind it, that of a child. The chain has no lock that another
/// thread could hold at a fork.
pub(super) struct PerProcess {
    pid: u32,
    session: Arc<Session>,
    next: OnceBox<PerProcess>,
}

pub(super) struct Session {
    pub(super) agent: Agent,
    tls: Arc<TlsSettings>,
}

/// Finds the session of the running process, or makes it.
pub(super) fn of_this_process<'a>(
    first: &'a OnceBox<PerProcess>,
    settings: &TransportSettings,
) -> &'a Session {
    let pid = process::id();
    let mut cell = first;
    loop {
        let node = cell.get_or_init(|| Box::new(PerProcess::new(pid, settings)));
        if node.pid == pid {
            return &node.session;
        }
        cell = &node.next;
    }
}

impl PerProcess {
    pub(super) fn new(pid: u32, settings: &TransportSettings) -> PerProcess {
        PerProcess {
            pid,
            session: Arc::new(Session::new(settings)),
            next: OnceBox::new(),
        }
    }

    #[cfg(test)]
    pub(super) fn session(&self) -> &Arc<Session> {
        &self.session
    }
}

impl Drop for PerProcess {
    fn drop(&mut self) {
        if self.pid != process::id() {
            // A count that never falls to zero: nothing of the parent's is closed.
            mem::forget(Arc::clone(&self.session));
        }
    }
}

impl Session {
    fn new(settings: &TransportSettings) -> Session {
        let tls = Arc::new(TlsSettings::new(settings.ca_file.clone()));
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // ureq's default is a proxy from the environment, `HTTP_PROXY` included.
            .proxy(None)
            .user_agent(settings.user_agent.as_str())
            .accept("application/json")
            .accept_encoding("")
            .input_buffer_size(16 * 1024)
            .output_buffer_size(8 * 1024)
            .max_idle_age(IDLE_KEPT)
            .max_idle_connections_per_host(IDLE_PER_HOST)
            .max_idle_connections(IDLE_IN_ALL)
            .build();
        let chain =
            ().chain(ConnectProxyConnector::default())
                .chain(TcpLink)
                .chain(TlsLink(Arc::clone(&tls)));
        let agent = Agent::with_parts(config, Observed(chain), RememberingResolver::system());
        Session { agent, tls }
    }

    /// Reads the trusted certificates where they are needed, before anything is connected to.
    pub(super) fn prepare(&self, uri: &Uri, proxy: Option<&Proxy>) -> Result<(), String> {
        let tls_to_proxy = proxy.is_some_and(|proxy| proxy.protocol() == ProxyProtocol::Https);
        if tls_to_proxy || uri.scheme() == Some(&Scheme::HTTPS) {
            self.tls.config()?;
        }
        Ok(())
    }
}
