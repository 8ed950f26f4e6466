//! What can go wrong, told to the person who has to do something about it.

use std::fmt;
use std::time::Duration;

use crate::response::Answer;

/// The kind of a failure: what a program decides by.
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
    /// The peer could not prove that it is who it should be.
    Tls,
    /// The request may have arrived, and no answer came: a time-out, a lost connection.
    OutcomeUnknown,
    /// An answer over HTTP that is not the API's: 5xx, 429, 3xx, a proxy's page.
    Http,
    /// An answer that is not the promised JSON, or too large.
    BadResponse,
    /// An answer that was not written by somebody who knows the secret.
    BadSignature,
    /// A fault of this library.
    Internal,
}

impl ErrorKind {
    /// Whether the same lead can succeed later without a change on this side.
    pub fn is_retryable(self) -> bool {
        matches!(
            self,
            ErrorKind::Unreachable | ErrorKind::OutcomeUnknown | ErrorKind::Http
        )
    }
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
    attempts: u32,
    may_have_arrived: bool,
    retry_after: Option<Duration>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Box::new(Details {
            kind,
            message: message.into(),
            answer: None,
            attempts: 0,
            may_have_arrived: false,
            retry_after: None,
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

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Error {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_arrival(mut self, may_have_arrived: bool) -> Error {
        self.0.may_have_arrived = may_have_arrived;
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Error {
        self.0.retry_after = retry_after;
        self
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

    /// For people: what failed, on which value, what to do.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The service's answer, where one was read.
    pub fn answer(&self) -> Option<&Answer> {
        self.0.answer.as_ref()
    }

    /// How many times the lead was sent, or tried to be; 0 where nothing was.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
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

impl std::error::Error for Error {}
