//! Waits that end on time.
//!
//! A time-out of a socket ends up to an eighth late, since the kernel keeps it in a wheel of coarse
//! timers. That of `poll` is late by 0.5 % at most, but by 100 ms where it is long.

use std::time::Duration;

use rustix::event::{PollFd, Timespec, poll};
use rustix::io::Errno;
use ureq::Error;

use super::call;

/// Waits until one of them is ready or `left` has nearly passed: the caller looks at the clock and
/// waits again. A signal is passed on.
pub(super) fn any(waited_for: &mut [PollFd<'_>], left: Duration) -> Result<(), Error> {
    let timeout = Timespec::try_from(step(left)).ok();
    match poll(waited_for, timeout.as_ref()) {
        Ok(_) => Ok(()),
        Err(Errno::INTR) => call::after_signal(),
        Err(errno) => Err(Error::Io(errno.into())),
    }
}

/// A long wait stops short of its end, so that its last part is a short one.
fn step(left: Duration) -> Duration {
    if left > Duration::from_secs(1) {
        left - left / 64
    } else {
        left
    }
}
