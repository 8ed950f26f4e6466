//! The connections that are kept, and what is needed to make them.

use std::sync::{Arc, Mutex, PoisonError};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::http::uri::Scheme;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, NextTimeout};
use ureq::{Agent, Error, Proxy, ProxyProtocol};

use super::addresses::Addresses;
use super::link::Link;
use super::pool::Pool;
use super::resolver::RememberingResolver;
use super::settings::TransportSettings;
use super::tcp::TcpLink;
use super::tls::{TlsLink, TlsSettings};

/// A program has one proxy or two. The one that was met first makes room for another.
const MOST_PROXIES: usize = 4;

/// What all connections of a session are made with. Those through a proxy have an agent of their
/// own: an agent whose proxy is told with each request copies its whole configuration each time.
pub(super) struct Session {
    pub(super) addresses: Arc<Addresses>,
    direct: Agent,
    proxied: Mutex<Vec<(Proxy, Agent)>>,
    tls: Arc<TlsSettings>,
    resolver: RememberingResolver,
    user_agent: String,
}

impl Session {
    pub(super) fn new(settings: &TransportSettings) -> Session {
        Session::resolving_by(RememberingResolver::system(), settings)
    }

    pub(super) fn resolving_by(
        resolver: RememberingResolver,
        settings: &TransportSettings,
    ) -> Session {
        let tls = Arc::new(TlsSettings::new(settings.ca_file.clone()));
        let addresses = Arc::new(Addresses::default());
        let user_agent = settings.user_agent.clone();
        Session {
            direct: new_agent(None, &user_agent, &addresses, &tls, &resolver),
            proxied: Mutex::default(),
            addresses,
            tls,
            resolver,
            user_agent,
        }
    }

    /// Reads the trusted certificates where they are needed, before anything is connected to.
    /// Returns whether they are.
    pub(super) fn prepare(&self, uri: &Uri, proxy: Option<&Proxy>) -> Result<bool, String> {
        let tls_to_proxy = proxy.is_some_and(|proxy| proxy.protocol() == ProxyProtocol::Https);
        let needs_tls = tls_to_proxy || uri.scheme() == Some(&Scheme::HTTPS);
        if needs_tls {
            self.tls.config()?;
        }
        Ok(needs_tls)
    }

    /// The agent whose connections go through this proxy.
    pub(super) fn agent(&self, proxy: Option<&Proxy>) -> Agent {
        let Some(proxy) = proxy else {
            return self.direct.clone();
        };
        let mut proxied = self.proxied.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, agent)) = proxied.iter().find(|(known, _)| known == proxy) {
            return agent.clone();
        }
        let agent = new_agent(
            Some(proxy.clone()),
            &self.user_agent,
            &self.addresses,
            &self.tls,
            &self.resolver,
        );
        let first = (proxied.len() >= MOST_PROXIES).then(|| proxied.remove(0));
        proxied.push((proxy.clone(), agent.clone()));
        drop(proxied);
        // Its connections are closed when the lock is free again.
        drop(first);
        agent
    }
}

fn new_agent(
    proxy: Option<Proxy>,
    user_agent: &str,
    addresses: &Arc<Addresses>,
    tls: &Arc<TlsSettings>,
    resolver: &RememberingResolver,
) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        // ureq's default is a proxy from the environment, `HTTP_PROXY` included.
        .proxy(proxy)
        .user_agent(user_agent)
        .accept("application/json")
        .accept_encoding("")
        .input_buffer_size(16 * 1024)
        .output_buffer_size(8 * 1024)
        .max_idle_connections(0)
        .build();
    let tcp = TcpLink {
        addresses: Arc::clone(addresses),
        resolver: resolver.clone(),
    };
    let link = Link {
        chain:
            ().chain(ConnectProxyConnector::default())
                .chain(tcp)
                .chain(TlsLink(Arc::clone(tls))),
        pool: Arc::new(Pool::default()),
    };
    Agent::with_parts(config, link, NoLookup)
}

/// ureq asks for addresses before each request, also where a connection is kept. So it gets none,
/// and the link that connects looks them up.
#[derive(Debug)]
struct NoLookup;

impl Resolver for NoLookup {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}
