//! What the call on this thread has done so far, and until when it may go on.
//!
//! ureq reports neither whether a connection was a kept one nor what went out on it, and some of
//! its steps start their time-out afresh. The links of our connector chain keep the account here.

use std::cell::Cell;
use std::time::{Duration, Instant};

use ureq::Error;
use ureq::unversioned::transport::NextTimeout;

/// The account of one attempt.
#[derive(Clone, Copy)]
pub(super) struct Progress {
    deadline: Option<Instant>,
    connect_by: Option<Instant>,
    /// How many connectors are at work; two where a proxy is connected to.
    connecting: u32,
    /// A new connection was made for this attempt.
    pub(super) fresh: bool,
    /// Bytes of the request went out, or may have.
    pub(super) sent: bool,
    /// Bytes of an answer came in.
    pub(super) received: bool,
}

const NOTHING: Progress = Progress {
    deadline: None,
    connect_by: None,
    connecting: 0,
    fresh: false,
    sent: false,
    received: false,
};

thread_local! {
    // Constant and without a destructor: nothing is registered with the host's thread.
    static CALL: Cell<Progress> = const { Cell::new(NOTHING) };
}

/// Starts the account of an attempt that must end by `deadline`.
pub(super) fn begin(deadline: Instant) {
    CALL.set(Progress {
        deadline: Some(deadline),
        ..NOTHING
    });
}

pub(super) fn progress() -> Progress {
    CALL.get()
}

pub(super) fn record(change: impl FnOnce(&mut Progress)) {
    let mut progress = CALL.get();
    change(&mut progress);
    CALL.set(progress);
}

/// Runs a connector; returns also whether it is the outermost, which connects to the target.
pub(super) fn connecting<T>(timeout: Duration, connect: impl FnOnce() -> T) -> (T, bool) {
    let outer = CALL.get();
    let outermost = outer.connecting == 0;
    record(|call| {
        call.connecting += 1;
        if outermost {
            call.connect_by = Instant::now().checked_add(timeout);
        }
    });
    let result = connect();
    record(|call| call.connecting = outer.connecting);
    (result, outermost)
}

/// What is left for the next step: of its own time-out, of the call, and of the connection's time.
pub(super) fn left(timeout: &NextTimeout) -> Result<Duration, Error> {
    let call = CALL.get();
    let now = Instant::now();
    let until = |end: Option<Instant>| match end {
        Some(end) => end.saturating_duration_since(now),
        None => Duration::MAX,
    };
    let mut left = (*timeout.after).min(until(call.deadline));
    if call.connecting > 0 {
        left = left.min(until(call.connect_by));
    }
    if left.is_zero() {
        return Err(Error::Timeout(timeout.reason));
    }
    Ok(left)
}
