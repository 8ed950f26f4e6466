//! What one sending may take.

use std::time::{Duration, Instant};

/// What one sending may take.
pub(crate) struct Sending {
    /// The time for all of it.
    pub(crate) timeout: Duration,
    /// An answer with a longer body is refused.
    pub(crate) body_limit: usize,
    /// A connection was lost at this moment: none that was open then is used.
    pub(crate) after_loss: Option<Instant>,
    /// Asked on the calling thread when a signal ends a wait; true ends the sending.
    pub(crate) interrupted: Option<fn() -> bool>,
}
