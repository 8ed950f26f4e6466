//! The blocking sender: it moves the bytes of one request and its answer under a deadline.

mod addresses;
mod ca_file;
mod call;
#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(crate) mod dial;
mod exchange;
mod failure;
mod link;
#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(crate) mod local;
mod names;
mod pool;
mod progress;
mod proxy;
mod race;
mod resolver;
mod retry_after;
mod roots;
mod sending;
mod session;
mod settings;
mod shared;
mod socket;
mod target;
mod tcp;
mod tls;
mod wait;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use once_cell::race::OnceBox;

use self::call::Terms;
use self::proxy::ProxyChoice;
use self::session::Session;
use crate::per_process::{self, PerProcess};

pub(crate) use self::exchange::Reply;
pub(crate) use self::failure::{Failure, FailureKind};
pub(crate) use self::proxy::{check_proxy, port_is_possible};
pub(crate) use self::sending::Sending;
pub(crate) use self::settings::TransportSettings;
pub(crate) use self::target::Target;

/// Sends forms and keeps the connections; any number of threads may use it at once. A clone shares
/// session and connections.
#[derive(Clone)]
pub(crate) struct Transport {
    settings: TransportSettings,
    proxy: Arc<ProxyChoice>,
    session: Arc<OnceBox<PerProcess<Arc<Session>>>>,
}

impl Transport {
    /// Touches no file, thread or environment; that is left to the first sending.
    pub(crate) fn new(settings: TransportSettings) -> Transport {
        Transport {
            proxy: Arc::new(ProxyChoice::from_setting(settings.proxy.as_deref())),
            settings,
            session: Arc::default(),
        }
    }

    /// Keeps the session where its connections are those that the new settings would make. The
    /// clones made before keep theirs.
    pub(crate) fn change(&mut self, settings: TransportSettings) {
        if settings.proxy != self.settings.proxy {
            self.proxy = Arc::new(ProxyChoice::from_setting(settings.proxy.as_deref()));
        }
        if !settings.connect_alike(&self.settings) {
            self.session = Arc::default();
        }
        self.settings = settings;
    }

    /// Posts an encoded form once and returns the answer, whatever its status.
    pub(crate) fn post(
        &self,
        target: &Target,
        body: &str,
        sending: &Sending,
    ) -> Result<Reply, Failure> {
        let terms = Terms::new(sending, self.settings.connect_timeout);
        let proxy = self
            .proxy
            .choose(target.uri())
            .map_err(|why| Failure::unsent(FailureKind::Environment, why))?;
        let session = per_process::of_this_process(&self.session, || self.find_session());
        exchange::run(session, target, proxy.as_ref(), body, &terms)
    }

    /// The host and port of the proxy that requests to the target go through, or why none can be used.
    pub(crate) fn proxy_to(&self, target: &Target) -> Result<Option<(String, u16)>, String> {
        let proxy = self.proxy.choose(target.uri())?;
        Ok(proxy.map(|proxy| (proxy.host().to_owned(), proxy.port())))
    }

    fn find_session(&self) -> Arc<Session> {
        if self.settings.share_connections {
            shared::session(&self.settings)
        } else {
            Arc::new(Session::new(&self.settings))
        }
    }
}
