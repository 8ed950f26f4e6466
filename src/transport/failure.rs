//! Why a request failed, in words for people, and whether it may have arrived.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use ureq::{Error, Proxy};

use super::progress::Progress;

pub(super) use super::target::bare_host;

/// A request without an answer.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What sort of failure it is.
    pub(crate) kind: FailureKind,
    /// The host and the cause, never the body or a password.
    pub(crate) detail: String,
    /// Bytes of the request went out, so the server may have acted on it.
    pub(crate) may_have_arrived: bool,
    /// Who the connection was to, or the address that was tried last.
    pub(crate) address: Option<SocketAddr>,
    /// What the system said, where it said something.
    pub(crate) cause: Option<io::Error>,
}

/// The sorts of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// No connection came about.
    Unreachable,
    /// The peer is not who it should be, or the trusted certificates cannot be read.
    Tls,
    /// The connection was lost, or the time was up, after bytes of the request had gone out.
    Lost,
    /// A kept connection broke before a byte of an answer, as one does that the server had closed.
    Stale,
    /// The answer is longer than it may be.
    TooLarge,
    /// The answer is not HTTP.
    BadAnswer,
    /// The proxy answered with this status and made no connection.
    Proxy(u16),
    /// The proxy of the settings or of the environment cannot be used; nothing was sent.
    Environment,
    /// Who called us asked for an end.
    Interrupted,
}

impl Failure {
    /// A failure before anything was connected to.
    pub(super) fn unsent(kind: FailureKind, detail: String) -> Failure {
        Failure {
            kind,
            detail,
            may_have_arrived: false,
            address: None,
            cause: None,
        }
    }

    /// Whether another address may do better where this one failed.
    pub(super) fn blames_the_address(&self, progress: Progress) -> bool {
        let is_failed = matches!(
            self.kind,
            FailureKind::Unreachable | FailureKind::Tls | FailureKind::Lost
        );
        is_failed && !progress.received
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
pub(super) struct Route<'a> {
    pub(super) host: &'a str,
    pub(super) proxy: Option<&'a Proxy>,
    pub(super) timeout: Duration,
    pub(super) connect_timeout: Duration,
}

impl Route<'_> {
    pub(super) fn failure(&self, error: Error, progress: Progress) -> Failure {
        let is_stale = is_stale(&error, progress);
        let (kind, detail) = if progress.interrupted {
            let detail = "the call was interrupted by a signal".to_owned();
            (FailureKind::Interrupted, detail)
        } else if progress.sent {
            self.after_sending(&error)
        } else {
            self.before_sending(&error)
        };
        let cause = match error {
            Error::Io(cause) => Some(cause),
            _ => None,
        };
        Failure {
            kind: if is_stale { FailureKind::Stale } else { kind },
            detail,
            may_have_arrived: progress.sent,
            address: progress.address,
            cause,
        }
    }

    /// ` through the proxy …`, or nothing.
    fn via(&self) -> String {
        (self.proxy).map_or_else(String::new, |proxy| format!(" through {}", named(proxy)))
    }

    fn before_sending(&self, error: &Error) -> (FailureKind, String) {
        let host = self.host;
        let via = self.via();
        let detail = match error {
            Error::Other(error) => match error.downcast_ref::<Refusal>() {
                Some(refusal) => return (refusal.kind, refusal.detail.clone()),
                None => format!("cannot connect to {host}{via}: {error}"),
            },
            Error::Timeout(_) => {
                let limit = seconds(self.connect_timeout);
                format!("no connection to {host}{via} within {limit}")
            }
            Error::Io(error) => format!("cannot connect to {host}{via}: {}", cause(error)),
            Error::ConnectProxyFailed(reason) => return self.refused_by_proxy(reason),
            error => format!("cannot connect to {host}{via}: {error}"),
        };
        (FailureKind::Unreachable, detail)
    }

    /// ureq tells the status in words alone.
    fn refused_by_proxy(&self, reason: &str) -> (FailureKind, String) {
        let host = self.host;
        let proxy = self.proxy.map_or_else(|| "the proxy".to_owned(), named);
        let status = (reason.strip_prefix("proxy server responded "))
            .and_then(|rest| rest.split('/').next())
            .and_then(|status| status.parse().ok());
        let Some(status) = status else {
            let detail = format!("{proxy} closed the connection without an answer");
            return (FailureKind::Unreachable, detail);
        };
        let detail = match status {
            407 => format!("{proxy} wants a login (407)"),
            401 | 403 | 405 => format!("{proxy} refuses connections to {host} ({status})"),
            500..600 => format!("{proxy} cannot connect to {host} ({status})"),
            _ => format!("{proxy} made no connection to {host} ({status})"),
        };
        (FailureKind::Proxy(status), detail)
    }

    fn after_sending(&self, error: &Error) -> (FailureKind, String) {
        let host = self.host;
        let via = self.via();
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
                let cause = cause(error);
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

/// Whether a kept connection broke before a byte of an answer.
fn is_stale(error: &Error, progress: Progress) -> bool {
    matches!(error, Error::Io(_))
        && progress.connected
        && !progress.fresh
        && !progress.received
        && !progress.interrupted
}

fn named(proxy: &Proxy) -> String {
    format!("the proxy {}:{}", proxy.host(), proxy.port())
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

/// To a tenth, or where that would be nothing to a thousandth.
fn seconds(time: Duration) -> String {
    let milliseconds = time.as_millis() as f64;
    if milliseconds < 100.0 {
        format!("{} s", milliseconds / 1000.0)
    } else {
        format!("{} s", (milliseconds / 100.0).round() / 10.0)
    }
}
