//! What can go wrong, told to the person who has to do something about it, and what to do with the
//! lead.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::answer::Answer;
use crate::attempt::Attempt;
use crate::table::code;

/// The kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The service answered no; [`Error::answer`] says why.
    Rejected,
    /// The service does not accept the username and secret (its codes 4 and 5).
    NotAccepted,
    /// An argument breaks a rule; nothing was sent.
    InvalidArgument,
    /// This version knows no such field or setting; nothing was sent.
    UnknownName,
    /// The request did not arrive: no such host, no connection, refused.
    Unreachable,
    /// The peer is not known to be who it should be: its certificate is not accepted, the trusted
    /// certificates cannot be read, or `base_url` is `http://` to another machine.
    Tls,
    /// The request may have arrived, and no answer came: a time-out, a lost connection.
    OutcomeUnknown,
    /// An answer over HTTP that is not the API's: 5xx, 429, 3xx, a proxy's page.
    Http,
    /// An answer that is not the promised JSON, or too large.
    BadResponse,
    /// An answer that was not written by somebody who knows the secret.
    BadSignature,
    /// The outbox could not keep or read it: the disk is full, a limit is reached, the file is
    /// damaged, locked for too long, or not to be trusted.
    NotStored,
    /// A fault of this library.
    Internal,
}

impl ErrorKind {
    /// What to do with the lead, as far as the kind alone tells; [`Error::disposition`] knows more.
    pub fn disposition(self) -> Disposition {
        Disposition::of(self, None, None)
    }

    /// Whether the same lead can succeed later without a change on this side.
    pub fn is_retryable(self) -> bool {
        self.disposition() == Disposition::Later
    }
}

/// What to do with the lead. Keep it unless it is [`Done`](Disposition::Done) or
/// [`Refused`](Disposition::Refused).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disposition {
    /// Nothing: the service has the contact. Of a `DeleteSubscribe` that is rejected: the contact was
    /// not in the group.
    Done,
    /// The service, or a rule of it, refuses this lead and this lead alone. It will not change.
    Refused,
    /// Send it again later; [`Error::retry_after`] says when the service wants it.
    Later,
    /// Keep it until the account or the set-up is mended. Nothing is wrong with the lead, and no
    /// other lead of the account will fare better.
    Hold,
}

impl Disposition {
    /// The one place that decides it, from a failure's kind, HTTP status and code of the service.
    fn of(kind: ErrorKind, http_status: Option<u16>, code: Option<i32>) -> Disposition {
        match kind {
            ErrorKind::InvalidArgument | ErrorKind::UnknownName => Disposition::Refused,
            ErrorKind::NotAccepted | ErrorKind::Tls | ErrorKind::BadSignature => Disposition::Hold,
            ErrorKind::Unreachable
            | ErrorKind::OutcomeUnknown
            | ErrorKind::BadResponse
            | ErrorKind::NotStored
            | ErrorKind::Internal => Disposition::Later,
            ErrorKind::Rejected => Disposition::of_code(code),
            ErrorKind::Http => Disposition::of_http_status(http_status),
        }
    }

    /// A code that is not known here is one of the lead, since the service's table grows.
    fn of_code(code: Option<i32>) -> Disposition {
        match code {
            None
            | Some(
                code::HASH_MISSING
                | code::DATA_MISSING
                | code::ADDRESS_DENIED
                | code::ACCOUNT_DISABLED
                | code::LIMIT_REACHED,
            ) => Disposition::Hold,
            Some(_) => Disposition::Refused,
        }
    }

    fn of_http_status(status: Option<u16>) -> Disposition {
        match status {
            // The request itself is too large, in its body, address or headers.
            Some(413 | 414 | 431) => Disposition::Refused,
            None | Some(408 | 425 | 429 | 500..) => Disposition::Later,
            Some(_) => Disposition::Hold,
        }
    }
}

impl fmt::Display for Disposition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Disposition::Done => "done",
            Disposition::Refused => "refused",
            Disposition::Later => "later",
            Disposition::Hold => "hold",
        })
    }
}

/// What a store refuses where it keeps no lead.
#[cfg(feature = "outbox")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Refused {
    /// All leads: it is away, locked, without room, or cannot keep its promise.
    #[default]
    All,
    /// Further leads: it keeps as many as it may.
    Further,
    /// This lead, which is too large for it.
    This,
}

/// A failure: its kind, a message for people, and what is known of the request's fate.
///
/// Neither the message nor the `Debug` form holds the secret or a lead's personal data.
#[derive(Debug, Clone)]
pub struct Error(Box<Details>);

#[derive(Debug, Clone)]
struct Details {
    kind: ErrorKind,
    message: String,
    answer: Option<Answer>,
    http_status: Option<u16>,
    attempts: Vec<Attempt>,
    may_have_arrived: bool,
    retry_after: Option<Duration>,
    /// What was asked for is so already.
    is_so_already: bool,
    #[cfg(feature = "outbox")]
    refused: Refused,
    /// What the system said of a connection; shared, since it cannot be copied.
    source: Option<Arc<io::Error>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Box::new(Details {
            kind,
            message: message.into(),
            answer: None,
            http_status: None,
            attempts: Vec::new(),
            may_have_arrived: false,
            retry_after: None,
            is_so_already: false,
            #[cfg(feature = "outbox")]
            refused: Refused::All,
            source: None,
        }))
    }

    pub(crate) fn invalid_argument(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::InvalidArgument, message)
    }

    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Error {
        self.0.kind = kind;
        self
    }

    pub(crate) fn with_answer(mut self, answer: Answer) -> Error {
        self.0.answer = Some(answer);
        self
    }

    pub(crate) fn with_http_status(mut self, status: u16) -> Error {
        self.0.http_status = Some(status);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: Vec<Attempt>) -> Error {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_arrival(mut self, may_have_arrived: bool) -> Error {
        self.0.may_have_arrived |= may_have_arrived;
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Error {
        self.0.retry_after = retry_after;
        self
    }

    pub(crate) fn with_nothing_left(mut self) -> Error {
        self.0.is_so_already = true;
        self
    }

    pub(crate) fn with_source(mut self, source: Option<io::Error>) -> Error {
        self.0.source = source.map(Arc::new);
        self
    }

    #[cfg(feature = "outbox")]
    pub(crate) fn with_refused(mut self, refused: Refused) -> Error {
        self.0.refused = refused;
        self
    }

    /// What a store refuses, where this is its failure.
    #[cfg(feature = "outbox")]
    pub(crate) fn refused(&self) -> Refused {
        self.0.refused
    }

    pub(crate) fn with_note(mut self, note: &str) -> Error {
        self.0.message.push_str("; ");
        self.0.message.push_str(note);
        self
    }

    /// The kind of the failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What to do with the lead: keep it unless it is [`Disposition::Done`] or
    /// [`Disposition::Refused`].
    pub fn disposition(&self) -> Disposition {
        if self.0.is_so_already {
            return Disposition::Done;
        }
        let code = self.answer().map(Answer::code);
        Disposition::of(self.0.kind, self.0.http_status, code)
    }

    /// For people: what failed, on which value, what to do.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The service's answer, where one was read.
    pub fn answer(&self) -> Option<&Answer> {
        self.0.answer.as_ref()
    }

    /// The HTTP status, where it and not the API says what is wrong.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// Each sending of the request, in order; none where nothing was sent.
    pub fn attempts(&self) -> &[Attempt] {
        &self.0.attempts
    }

    /// Whether the service may have the lead all the same.
    pub fn may_have_arrived(&self) -> bool {
        self.0.may_have_arrived
    }

    /// How long the service asked to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}
