//! Why a request failed, in words for people, and whether it may have arrived.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use ureq::http::Uri;
use ureq::{Error, Proxy};

use super::call::Progress;

/// A request without an answer.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What sort of failure it is.
    pub(crate) kind: FailureKind,
    /// The host and the cause, never the body or a password.
    pub(crate) detail: String,
    /// Bytes of the request went out, so the server may have acted on it.
    pub(crate) may_have_arrived: bool,
    /// Where it was connected to.
    pub(crate) address: Option<SocketAddr>,
}

/// The sorts of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// No connection came about.
    Unreachable,
    /// The peer is not who it should be.
    Tls,
    /// The connection was lost, or the time was up, after bytes of the request had gone out.
    Lost,
    /// The answer is longer than `BODY_LIMIT`.
    TooLarge,
    /// The answer is not HTTP.
    BadAnswer,
    /// A kept connection broke before a byte of an answer came.
    Stale,
    /// The proxy refused the tunnel with this status.
    Proxy(u16),
    /// A proxy of the environment cannot be used; nothing was sent.
    Environment,
    /// The caller was interrupted.
    Interrupted,
}

impl Failure {
    pub(super) fn settings(detail: impl Into<String>) -> Failure {
        Failure {
            kind: FailureKind::Environment,
            detail: detail.into(),
            may_have_arrived: false,
            address: None,
        }
    }
}

/// A failure whose cause is best told where it is met; it travels inside ureq's error.
#[derive(Debug)]
pub(super) struct Refusal {
    kind: FailureKind,
    detail: String,
}

impl Refusal {
    pub(super) fn error(kind: FailureKind, detail: String) -> Error {
        Error::Other(Box::new(Refusal { kind, detail }))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Refusal {}

/// Where a request goes and how long it may take, as the messages name them.
pub(super) struct Route {
    host: String,
    /// ` through the proxy …`, or nothing.
    via: String,
    timeout: Duration,
    pub(super) connect_timeout: Duration,
}

impl Route {
    pub(super) fn new(
        uri: &Uri,
        proxy: Option<&Proxy>,
        timeout: Duration,
        connect_timeout: Duration,
    ) -> Route {
        let via = match proxy {
            Some(proxy) => format!(" through the proxy {}:{}", proxy.host(), proxy.port()),
            None => String::new(),
        };
        Route {
            host: bare_host(uri).to_owned(),
            via,
            timeout,
            connect_timeout,
        }
    }

    pub(super) fn failure(&self, error: Error, progress: Progress) -> Failure {
        let (kind, detail) = if progress.sent {
            self.after_sending(error)
        } else {
            self.before_sending(error)
        };
        Failure {
            kind,
            detail,
            may_have_arrived: progress.sent,
            address: None,
        }
    }

    fn before_sending(&self, error: Error) -> (FailureKind, String) {
        let Route { host, via, .. } = self;
        let detail = match error {
            Error::Other(error) => match error.downcast::<Refusal>() {
                Ok(refusal) => return (refusal.kind, refusal.detail),
                Err(error) => format!("cannot connect to {host}{via}: {error}"),
            },
            Error::BadUri(_) | Error::Http(_) => {
                return (FailureKind::Environment, "the URL is malformed".to_owned());
            }
            Error::Timeout(_) => {
                let limit = seconds(self.connect_timeout);
                format!("no connection to {host}{via} within {limit}")
            }
            Error::Io(error) => format!("cannot connect to {host}{via}: {}", cause(&error)),
            error => format!("cannot connect to {host}{via}: {error}"),
        };
        (FailureKind::Unreachable, detail)
    }

    fn after_sending(&self, error: Error) -> (FailureKind, String) {
        let Route { host, via, .. } = self;
        match error {
            Error::Timeout(_) => {
                let limit = seconds(self.timeout);
                let detail = format!("no answer from {host}{via} within {limit}");
                (FailureKind::Lost, detail)
            }
            Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => {
                let detail = format!("the answer of {host} is too large");
                (FailureKind::TooLarge, detail)
            }
            Error::Protocol(error) => {
                let detail = format!("the answer of {host} is not HTTP: {error}");
                (FailureKind::BadAnswer, detail)
            }
            Error::Io(error) => {
                let cause = cause(&error);
                let detail = format!("the connection to {host}{via} was lost: {cause}");
                (FailureKind::Lost, detail)
            }
            error => {
                let detail = format!("the connection to {host}{via} was lost: {error}");
                (FailureKind::Lost, detail)
            }
        }
    }
}

/// Whether a kept connection broke before a byte of an answer, as one does that the server closed.
pub(super) fn lost_kept_connection(error: &Error, progress: Progress) -> bool {
    matches!(error, Error::Io(_)) && progress.sent && !progress.fresh && !progress.received
}

/// The host as names and addresses are written, without the brackets of an IPv6 address in a URL.
pub(super) fn bare_host(uri: &Uri) -> &str {
    let host = uri.host().unwrap_or_default();
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host)
}

fn cause(error: &io::Error) -> String {
    match error.kind() {
        kind @ (ErrorKind::ConnectionRefused
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::BrokenPipe) => kind.to_string(),
        ErrorKind::UnexpectedEof => "the peer closed it".to_owned(),
        _ => error.to_string(),
    }
}

fn seconds(time: Duration) -> String {
    format!("{} s", time.as_millis() as f64 / 1000.0)
}
