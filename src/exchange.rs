//! One signed request on its way, and its verified answer.

use std::time::{Duration, Instant};

use crate::answer::Answer;
use crate::attempt::Arrival;
use crate::error::{Error, ErrorKind};
use crate::response;
use crate::retry::{Again, Attempted, Turn};
use crate::signature::Credentials;
use crate::text;
use crate::transport::{Failure, FailureKind, Reply, Sending, Target, Transport};

/// The least wait after an answer that asks for patience (429, 503).
const PATIENCE: Duration = Duration::from_secs(1);

/// One request, and whom it goes to.
pub(crate) struct Exchange<'a> {
    pub(crate) transport: &'a Transport,
    pub(crate) credentials: &'a Credentials,
    pub(crate) target: &'a Target,
    pub(crate) body: &'a str,
    /// An answer that is longer, in bytes, is refused.
    pub(crate) answer_limit: usize,
    /// Asked where a signal ends a wait; true ends the exchange.
    pub(crate) interrupted: Option<fn() -> bool>,
}

impl Exchange<'_> {
    /// Sends the request once.
    pub(crate) fn send(&self, turn: Turn) -> Attempted<Answer> {
        let sending = Sending {
            timeout: turn.limit,
            body_limit: self.answer_limit,
            after_loss: turn.after_loss,
            interrupted: self.interrupted,
        };
        match self.transport.post(self.target, self.body, &sending) {
            Ok(reply) => self.judged(reply),
            Err(failure) => failed(failure),
        }
    }

    fn judged(&self, reply: Reply) -> Attempted<Answer> {
        let is_success = (200..300).contains(&reply.status);
        let address = reply.address;
        let result = match response::verify(&reply.body, self.answer_limit, self.credentials) {
            Ok(answer) if is_success || !response::is_unverifiable(answer.code) => Ok(answer),
            // An answer that cannot be believed says nothing of the request's fate.
            Err(error) if is_success => Err(error.with_arrival(true)),
            _ => return not_the_service(&reply),
        };
        Attempted {
            arrival: if result.is_ok() {
                Arrival::Impossible
            } else {
                Arrival::Possible
            },
            result,
            address,
            again: Again::Never,
            lost_at: None,
        }
    }
}

/// A status that is not the API's own. It answers errors of its own with 200.
fn not_the_service(reply: &Reply) -> Attempted<Answer> {
    let Reply {
        status,
        retry_after,
        ..
    } = *reply;
    let message = match (status, &reply.location) {
        (300..400, Some(target)) => format!(
            "HTTP status {status}: a redirect to {}, which is not followed, since it would hand the lead to another address; check username, service and base_url",
            text::shown(target)
        ),
        (407, _) => "HTTP status 407: the proxy wants a login".to_owned(),
        (413 | 414 | 431, _) => {
            format!("HTTP status {status}: the request is too large for the service")
        }
        (408 | 425 | 429, _) | (500.., _) => {
            format!("HTTP status {status}: the service is not able to answer now; try later")
        }
        _ => format!(
            "HTTP status {status}: no answer of the API; check username, service and base_url"
        ),
    };
    let message = match retry_after {
        Some(wait) => format!("{message} (it asks to wait for {} s)", wait.as_secs()),
        None => message,
    };
    let patience = if matches!(status, 429 | 503) {
        PATIENCE
    } else {
        Duration::ZERO
    };
    let may_have_arrived = status >= 500;
    Attempted {
        result: Err(Error::new(ErrorKind::Http, message)
            .with_http_status(status)
            .with_retry_after(retry_after)
            .with_arrival(may_have_arrived)),
        address: reply.address,
        again: if matches!(status, 408 | 425 | 429 | 500..) {
            Again::AfterWait(retry_after.unwrap_or_default().max(patience))
        } else {
            Again::Never
        },
        arrival: if may_have_arrived {
            Arrival::Possible
        } else {
            Arrival::Impossible
        },
        lost_at: None,
    }
}

fn failed(failure: Failure) -> Attempted<Answer> {
    let soon = Again::AfterWait(Duration::ZERO);
    let (kind, again) = match failure.kind {
        FailureKind::Unreachable => (ErrorKind::Unreachable, soon),
        FailureKind::Lost => (ErrorKind::OutcomeUnknown, soon),
        FailureKind::Stale => (ErrorKind::OutcomeUnknown, Again::AtOnce),
        FailureKind::Tls => (ErrorKind::Tls, Again::Never),
        FailureKind::TooLarge | FailureKind::BadAnswer => (ErrorKind::BadResponse, Again::Never),
        FailureKind::Proxy(_) => (ErrorKind::Http, Again::Never),
        FailureKind::Environment => (ErrorKind::Unreachable, Again::Never),
        FailureKind::Interrupted if failure.may_have_arrived => {
            (ErrorKind::OutcomeUnknown, Again::Never)
        }
        FailureKind::Interrupted => (ErrorKind::Unreachable, Again::Never),
    };
    let error = Error::new(kind, failure.detail)
        .with_arrival(failure.may_have_arrived)
        .with_source(failure.cause);
    Attempted {
        result: Err(match failure.kind {
            FailureKind::Proxy(status) => error.with_http_status(status),
            _ => error,
        }),
        address: failure.address,
        again,
        arrival: match failure.kind {
            _ if !failure.may_have_arrived => Arrival::Impossible,
            FailureKind::Stale => Arrival::Unlikely,
            _ => Arrival::Possible,
        },
        lost_at: matches!(failure.kind, FailureKind::Lost | FailureKind::Stale).then(Instant::now),
    }
}
