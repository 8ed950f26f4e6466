//! Moments of a store's clock, in milliseconds.

use std::time::Duration;

pub(super) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}

/// The time from one moment to a later one.
pub(super) fn between(earlier: i64, later: i64) -> Duration {
    lasting(later.saturating_sub(earlier))
}

/// None where it is over.
pub(super) fn lasting(milliseconds: i64) -> Duration {
    Duration::from_millis(u64::try_from(milliseconds).unwrap_or_default())
}
