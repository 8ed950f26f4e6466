//! What is tried again, when, and until when.

pub(crate) mod clock;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::attempt::{Arrival, Attempt};
use crate::error::{Error, ErrorKind};

/// How often and how long a call may try.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    pub(crate) max_attempts: u32,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    /// Whether a request may be sent again where a copy of it may have arrived.
    pub(crate) repeats_lost: bool,
    /// Whether it may wait for another attempt. Without, one is made only where it can be at once.
    pub(crate) waits: bool,
}

impl Policy {
    /// The least time in which another attempt can be answered. One with less would turn a definite
    /// answer, such as 429, into an unknown outcome.
    fn useful(&self) -> Duration {
        (self.timeout / 10)
            .min(self.attempt_timeout)
            .min(Duration::from_secs(1))
    }
}

/// The passing of time and the source of chance, in the hands of a test where it needs them.
pub(crate) trait Timing {
    /// The time since a fixed moment.
    fn now(&self) -> Duration;
    /// Returns false where the wait was ended early, and nothing more is to be tried.
    fn sleep(&self, duration: Duration) -> bool;
    /// A number from 0 up to, but not including, 1.
    fn chance(&self) -> f64;
}

/// What one attempt is given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    /// How long it may take.
    pub(crate) limit: Duration,
    /// When an earlier attempt lost its connection, so that none as old is trusted.
    pub(crate) after_loss: Option<Instant>,
}

/// How one attempt ended.
pub(crate) struct Attempted<T> {
    pub(crate) result: Result<T, Error>,
    pub(crate) address: Option<SocketAddr>,
    pub(crate) again: Again,
    /// Whether this copy of the request may have arrived without an answer.
    pub(crate) arrival: Arrival,
    pub(crate) lost_at: Option<Instant>,
}

/// Whether another attempt can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    Never,
    AtOnce,
    /// After this time at the least.
    AfterWait(Duration),
}

/// The account of a request's attempts. One that begins with what earlier calls left behind tells
/// the end of this one rightly.
#[derive(Debug, Default)]
pub(crate) struct Course {
    pub(crate) attempts: Vec<Attempt>,
    /// Whether a copy of the request may have arrived without an answer.
    pub(crate) arrival: Arrival,
    /// How long they took, with the waits between them.
    pub(crate) elapsed: Duration,
}

/// Calls `attempt` until it is answered or the policy ends, and keeps the account of it.
pub(crate) fn run<T>(
    policy: Policy,
    timing: &impl Timing,
    course: &mut Course,
    mut attempt: impl FnMut(Turn) -> Attempted<T>,
) -> Result<T, Error> {
    let begun = timing.now();
    let deadline = begun + policy.timeout;
    let mut after_loss = None;
    for turn in 1.. {
        let started = timing.now();
        let attempted = attempt(Turn {
            limit: deadline.saturating_sub(started).min(policy.attempt_timeout),
            after_loss,
        });
        let now = timing.now();
        course.note(&attempted, now.saturating_sub(started));
        course.elapsed = now.saturating_sub(begun);
        after_loss = attempted.lost_at.or(after_loss);
        let error = match attempted.result {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let delay = match attempted.again {
            Again::Never => return Err(error),
            Again::AtOnce => Duration::ZERO,
            Again::AfterWait(_) if !policy.waits => return Err(error),
            Again::AfterWait(least) => backoff(turn, timing.chance()).max(least),
        };
        let is_too_late = delay + policy.useful() > deadline.saturating_sub(timing.now());
        let is_repetition = course.arrival > Arrival::Impossible;
        if turn >= policy.max_attempts
            || is_too_late
            || (is_repetition && !policy.repeats_lost)
            || !(delay.is_zero() || timing.sleep(delay))
        {
            return Err(error);
        }
    }
    Err(Error::new(ErrorKind::Internal, "no attempt was made"))
}

/// Exponential with full jitter: many senders that failed together do not return together.
fn backoff(turn: u32, chance: f64) -> Duration {
    let most = (0.2 * 2_f64.powi(turn.min(16) as i32)).min(2.0);
    Duration::from_secs_f64(most * chance.clamp(0.0, 1.0))
}

impl Course {
    fn note<T>(&mut self, attempted: &Attempted<T>, elapsed: Duration) {
        self.arrival = self.arrival.max(attempted.arrival);
        let error = attempted.result.as_ref().err();
        self.attempts.push(Attempt {
            elapsed,
            address: attempted.address,
            error: error.map(|error| error.message().to_owned()),
        });
    }

    /// The last error, told with what the attempts before it mean for the request.
    pub(crate) fn told(self, error: Error) -> Error {
        let attempts = self.attempts.len();
        let mut error = error.with_attempts(self.attempts);
        if attempts > 1 {
            // The error's own words name the time of its attempt, which is not the call's.
            let seconds = self.elapsed.as_secs_f64();
            error = error.with_note(&format!(
                "the last of {attempts} attempts in {seconds:.1} s"
            ));
        }
        if self.arrival == Arrival::Impossible {
            return error;
        }
        let error = error.with_arrival(true);
        if error.kind() != ErrorKind::Unreachable {
            return error;
        }
        error
            .with_kind(ErrorKind::OutcomeUnknown)
            .with_note("an earlier attempt may have arrived, so the contact may have been added")
    }
}

#[cfg(test)]
mod tests;
