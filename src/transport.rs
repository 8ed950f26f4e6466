//! The blocking sender: it moves the bytes of one request and its answer under a deadline.

mod call;
mod failure;
mod link;
mod process;
mod proxy;
mod resolver;
mod retry_after;
mod roots;
mod session;
mod shared;
mod tcp;
mod tls;

#[cfg(test)]
mod tests;

use std::io::Read;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use once_cell::race::OnceBox;
use ureq::http::{HeaderValue, Response, Uri, header};
use ureq::{Agent, Body, Proxy};

use self::failure::Route;
use self::process::PerProcess;
use self::proxy::ProxyChoice;
use self::session::Session;

pub(crate) use self::failure::{Failure, FailureKind};
pub(crate) use self::proxy::{check_proxy, port_is_possible};

/// An idle connection is used again within this time, and closed after it.
const IDLE_KEPT: Duration = Duration::from_secs(15);

/// Stands for "no limit" where a time-out is too large to be added to a clock.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// How the sender connects and what it calls itself.
#[derive(Clone, PartialEq)]
pub(crate) struct TransportSettings {
    /// The time for one connection, TLS included.
    pub(crate) connect_timeout: Duration,
    /// A proxy's URL; `None` is the environment's choice at the first send, `""` is no proxy.
    pub(crate) proxy: Option<String>,
    /// A PEM file of certificates to trust instead of the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// The value of the `User-Agent` header.
    pub(crate) user_agent: String,
    /// Whether connections are those of the process and not of one client.
    pub(crate) share_connections: bool,
}

/// Sends forms and keeps the connections; any number of threads may use it at once. Clones share
/// the connections.
#[derive(Clone)]
pub(crate) struct Transport {
    settings: TransportSettings,
    proxy: Arc<ProxyChoice>,
    session: Arc<OnceBox<PerProcess<Arc<Session>>>>,
}

/// Where requests go, parsed once.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    url: String,
    uri: Uri,
}

impl Target {
    pub(crate) fn parse(url: &str) -> Result<Target, String> {
        let uri = url.parse().map_err(|_| "the URL is malformed".to_owned())?;
        Ok(Target {
            url: url.to_owned(),
            uri,
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// How one request is sent.
pub(crate) struct Sending {
    pub(crate) timeout: Duration,
    /// An answer with a longer body, in bytes, is refused.
    pub(crate) body_limit: usize,
    /// A connection was lost at this moment, so none that was open then is used.
    pub(crate) after_loss: Option<Instant>,
    /// Asked where a signal ends a wait; true ends the sending.
    pub(crate) interrupted: Option<fn() -> bool>,
}

/// An answer of the server, whatever its status.
#[derive(Debug)]
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: u16,
    /// How long the server asks to wait.
    pub(crate) retry_after: Option<Duration>,
    /// Where a redirect points to.
    pub(crate) location: Option<String>,
    /// The whole body.
    pub(crate) body: Vec<u8>,
    /// Whom the answer came from.
    pub(crate) address: Option<SocketAddr>,
}

impl Transport {
    /// Touches no file, thread or environment; that is left to the first send.
    pub(crate) fn new(settings: TransportSettings) -> Transport {
        Transport {
            proxy: Arc::new(ProxyChoice::from_setting(settings.proxy.as_deref())),
            settings,
            session: Arc::default(),
        }
    }

    /// Keeps the connections where nothing has changed that they were made with.
    pub(crate) fn change(&mut self, settings: TransportSettings) {
        let same = TransportSettings {
            connect_timeout: self.settings.connect_timeout,
            ..settings.clone()
        };
        if same == self.settings {
            self.settings = settings;
        } else {
            *self = Transport::new(settings);
        }
    }

    /// Posts an encoded form once and returns the answer.
    pub(crate) fn post(
        &self,
        target: &Target,
        body: &str,
        sending: &Sending,
    ) -> Result<Reply, Failure> {
        let timeout = sending.timeout.min(LONGEST_TIMEOUT);
        let deadline = Instant::now() + timeout;
        let uri = target.uri.clone();
        let proxy = self.proxy.choose(&uri).map_err(Failure::settings)?;
        let session = process::of_this_process(&self.session, || self.find_session());
        session
            .prepare(&uri, proxy.as_ref())
            .map_err(|detail| Failure {
                kind: FailureKind::Tls,
                ..Failure::settings(detail)
            })?;
        let exchange = Exchange {
            agent: &session.agent,
            route: Route::new(
                &uri,
                proxy.as_ref(),
                timeout,
                self.settings.connect_timeout.min(timeout),
            ),
            uri,
            body,
            proxy,
            deadline,
            body_limit: sending.body_limit,
        };
        let idle_age = sending.after_loss.map_or(IDLE_KEPT, |_| Duration::ZERO);
        exchange.run(idle_age)
    }

    fn find_session(&self) -> Arc<Session> {
        if self.settings.share_connections {
            shared::session(&self.settings)
        } else {
            Arc::new(Session::new(&self.settings))
        }
    }
}

/// One form on its way to one address.
struct Exchange<'a> {
    agent: &'a Agent,
    uri: Uri,
    body: &'a str,
    proxy: Option<Proxy>,
    route: Route,
    deadline: Instant,
    body_limit: usize,
}

impl Exchange<'_> {
    fn run(&self, idle_age: Duration) -> Result<Reply, Failure> {
        self.attempt(idle_age).map_err(|error| {
            let progress = call::progress();
            let is_stale = failure::lost_kept_connection(&error, progress);
            let mut failure = self.route.failure(error, progress);
            if is_stale {
                failure.kind = FailureKind::Stale;
            }
            failure
        })
    }

    fn attempt(&self, idle_age: Duration) -> Result<Reply, ureq::Error> {
        call::begin(self.deadline);
        let left = self.deadline.saturating_duration_since(Instant::now());
        let connect_timeout = self.route.connect_timeout.min(left);
        let response = self
            .agent
            .post(self.uri.clone())
            .config()
            .timeout_global(Some(left))
            .timeout_resolve(Some(connect_timeout))
            .timeout_connect(Some(connect_timeout))
            .proxy(self.proxy.clone())
            .max_idle_age(idle_age)
            .build()
            .content_type("application/x-www-form-urlencoded")
            .send(self.body)?;
        read_reply(response, self.body_limit)
    }
}

fn read_reply(response: Response<Body>, limit: usize) -> Result<Reply, ureq::Error> {
    let (parts, body) = response.into_parts();
    let text = |name| {
        let value: Option<&HeaderValue> = parts.headers.get(name);
        value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    // One byte more than allowed tells a long body from one that just fits.
    let mut bytes = Vec::new();
    body.into_reader()
        .take(limit as u64 + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Err(ureq::Error::BodyExceedsLimit(limit as u64));
    }
    Ok(Reply {
        status: parts.status.as_u16(),
        retry_after: text(header::RETRY_AFTER)
            .and_then(|value| retry_after::parse(&value, SystemTime::now())),
        location: text(header::LOCATION),
        body: bytes,
        address: None,
    })
}
