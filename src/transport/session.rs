//! The connections that are kept, and what is needed to make them.

use std::sync::Arc;

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

pub(super) struct Session {
    pub(super) agent: Agent,
    tls: Arc<TlsSettings>,
}

impl Session {
    pub(super) fn new(settings: &TransportSettings) -> Session {
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
