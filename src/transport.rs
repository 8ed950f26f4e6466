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

/// An answer with a longer body is refused.
pub(crate) const BODY_LIMIT: usize = 64 * 1024;

/// An idle connection is used again within this time, and closed after it.
const IDLE_KEPT: Duration = Duration::from_secs(15);

/// Stands for "no limit" where a time-out is too large to be added to a clock.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// How the sender connects and what it calls itself.
#[derive(Clone)]
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

/// Sends forms and keeps the connections; any number of threads may use it at once.
pub(crate) struct Transport {
    settings: TransportSettings,
    proxy: ProxyChoice,
    session: OnceBox<PerProcess<Arc<Session>>>,
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
    /// The whole body, at most `BODY_LIMIT` bytes.
    pub(crate) body: Vec<u8>,
    /// The request went out twice, and the first copy may have arrived.
    pub(crate) resent: bool,
}

impl Transport {
    /// Touches no file, thread or environment; that is left to the first send.
    pub(crate) fn new(settings: TransportSettings) -> Transport {
        Transport {
            proxy: ProxyChoice::from_setting(settings.proxy.as_deref()),
            settings,
            session: OnceBox::new(),
        }
    }

    /// Posts an encoded form and returns the answer, all within `timeout`.
    pub(crate) fn post(&self, url: &str, body: &str, timeout: Duration) -> Result<Reply, Failure> {
        let timeout = timeout.min(LONGEST_TIMEOUT);
        let deadline = Instant::now() + timeout;
        let uri: Uri = url
            .parse()
            .map_err(|_| Failure::settings("the URL is malformed"))?;
        HeaderValue::from_str(&self.settings.user_agent)
            .map_err(|_| Failure::settings("user_agent holds a character no header may have"))?;
        let proxy = self.proxy.choose(&uri).map_err(Failure::settings)?;
        let session = process::of_this_process(&self.session, || self.find_session());
        session
            .prepare(&uri, proxy.as_ref())
            .map_err(Failure::settings)?;
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
        };
        exchange.run()
    }

    fn find_session(&self) -> Arc<Session> {
        match self.settings.share_connections {
            true => shared::session(&self.settings),
            false => Arc::new(Session::new(&self.settings)),
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
}

impl Exchange<'_> {
    /// A kept connection that the server had closed is replaced by a fresh one, once.
    fn run(&self) -> Result<Reply, Failure> {
        let error = match self.attempt(IDLE_KEPT) {
            Ok(reply) => return Ok(reply),
            Err(error) => error,
        };
        let first = call::progress();
        if !failure::lost_kept_connection(&error, first) {
            return Err(self.route.failure(error, first));
        }
        // The other kept connections are probably dead as well: an age of zero passes them over.
        match self.attempt(Duration::ZERO) {
            Ok(reply) => Ok(Reply {
                resent: first.sent,
                ..reply
            }),
            Err(error) => {
                let mut failure = self.route.failure(error, call::progress());
                failure.may_have_arrived |= first.sent;
                Err(failure)
            }
        }
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
        read_reply(response)
    }
}

fn read_reply(response: Response<Body>) -> Result<Reply, ureq::Error> {
    let (parts, body) = response.into_parts();
    let text = |name| {
        let value: Option<&HeaderValue> = parts.headers.get(name);
        value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    // One byte more than allowed tells a long body from one that just fits.
    let mut bytes = Vec::new();
    body.into_reader()
        .take(BODY_LIMIT as u64 + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() > BODY_LIMIT {
        return Err(ureq::Error::BodyExceedsLimit(BODY_LIMIT as u64));
    }
    Ok(Reply {
        status: parts.status.as_u16(),
        retry_after: text(header::RETRY_AFTER)
            .and_then(|value| retry_after::parse(&value, SystemTime::now())),
        location: text(header::LOCATION),
        body: bytes,
        resent: false,
    })
}
