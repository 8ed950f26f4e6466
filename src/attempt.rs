//! One sending of a request as plain data: where it went, how long it took, why it failed.

use std::net::SocketAddr;
use std::time::Duration;

/// One sending of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub(crate) elapsed: Duration,
    pub(crate) address: Option<SocketAddr>,
    pub(crate) error: Option<String>,
}

impl Attempt {
    /// How long it took.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The address that it was sent to, a proxy's where one is used; `None` without a connection.
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// Why it failed, for people; `None` where it was answered.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }
}

/// Whether a copy of a request can have arrived without an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Arrival {
    #[default]
    Impossible,
    /// It went out on a kept connection that the peer had closed, most likely before.
    Unlikely,
    /// Its answer was lost, or did not come in time.
    Possible,
}
