//! Waits that end on time.
//!
//! A time-out of a socket ends up to an eighth late, since the kernel keeps it in a wheel of coarse
//! timers. That of `poll` is late by 0.5 % at most, but by 100 ms where it is long.

use std::time::Duration;

use rustix::event::{PollFd, Timespec, poll};
use rustix::io::Errno;
use ureq::Error;

use super::call;

/// The longest wait without a question where the call may be interrupted. A signal that comes just
/// before a wait does not end it.
const SLICE: Duration = Duration::from_millis(50);

/// Waits until one of them is ready or a part of `left` has passed: the caller looks at the clock
/// and waits again. A signal is passed on.
pub(super) fn any(waited_for: &mut [PollFd<'_>], left: Duration) -> Result<(), Error> {
    let timeout = Timespec::try_from(step(left)).ok();
    match poll(waited_for, timeout.as_ref()) {
        Ok(0) => call::after_signal(),
        Ok(_) => Ok(()),
        Err(Errno::INTR) => call::after_signal(),
        Err(errno) => Err(Error::Io(errno.into())),
    }
}

/// A long wait stops short of its end, so that its last part is a short one.
fn step(left: Duration) -> Duration {
    if call::asks() {
        left.min(SLICE)
    } else if left > Duration::from_secs(1) {
        left - left / 64
    } else {
        left
    }
}
