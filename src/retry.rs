//! What is tried again, when, and until when.

use std::time::Duration;

use crate::error::{Error, ErrorKind};

/// How often and how long a call may try.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Policy {
    pub(crate) max_attempts: u32,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Duration,
}

/// The passing of time and the source of chance, in the hands of a test where it needs them.
pub(crate) trait Timing {
    /// The time since a fixed moment.
    fn now(&self) -> Duration;
    fn sleep(&self, duration: Duration);
    /// A number from 0 up to, but not including, 1.
    fn chance(&self) -> f64;
}

/// How one attempt ended.
pub(crate) struct Attempt<T> {
    pub(crate) result: Result<T, Error>,
    /// Whether another attempt can help.
    pub(crate) again: bool,
    /// The least to wait before it.
    pub(crate) wait: Duration,
    /// Whether a copy of the request may have arrived without an answer, even if the result is good.
    pub(crate) unanswered: bool,
}

/// What is known once all attempts were made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Course {
    pub(crate) attempts: u32,
    /// Whether a copy of the request may have arrived without an answer.
    pub(crate) unanswered: bool,
}

/// Calls `attempt`, with the time it may take, until it is answered or the policy ends.
pub(crate) fn run<T>(
    policy: Policy,
    timing: &impl Timing,
    mut attempt: impl FnMut(Duration) -> Attempt<T>,
) -> (Result<T, Error>, Course) {
    let deadline = timing.now() + policy.timeout;
    let mut course = Course {
        attempts: 0,
        unanswered: false,
    };
    loop {
        let left = deadline.saturating_sub(timing.now());
        let attempted = attempt(left.min(policy.attempt_timeout));
        course.attempts += 1;
        course.unanswered |= attempted.unanswered;
        let error = match attempted.result {
            Err(error) if attempted.again => error,
            result => return (result.map_err(|error| told(error, course)), course),
        };
        if course.attempts >= policy.max_attempts {
            return (Err(told(error, course)), course);
        }
        let delay = backoff(course.attempts, timing.chance()).max(attempted.wait);
        if delay >= deadline.saturating_sub(timing.now()) {
            return (Err(told(error, course)), course);
        }
        timing.sleep(delay);
    }
}

/// Exponential with full jitter: many senders that failed together do not return together.
fn backoff(attempts: u32, chance: f64) -> Duration {
    let most = (0.2 * 2_f64.powi(attempts.min(16) as i32)).min(2.0);
    Duration::from_secs_f64(most * chance.clamp(0.0, 1.0))
}

/// The last error, told with what the attempts before it mean for the lead.
fn told(error: Error, course: Course) -> Error {
    let error = error.with_attempts(course.attempts);
    if !course.unanswered {
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

#[cfg(test)]
mod tests;
