//! The clocks of other systems. Without a boot's id there is but the wall clock that all processes share.

use std::time::Duration;

/// It is not known.
pub(super) fn boot() -> Option<String> {
    None
}

/// It is not known.
pub(super) fn since_boot() -> Option<Duration> {
    None
}
