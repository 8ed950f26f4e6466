//! What the sending on this thread may take, and what it has done so far.
//!
//! ureq reports neither whether a connection was a kept one nor what went out on it, and some of
//! its steps start their time-out afresh. The links of our connector chain keep the account here.

use std::cell::Cell;
use std::time::{Duration, Instant};

use ureq::Error;
use ureq::unversioned::transport::NextTimeout;

use super::failure::{FailureKind, Refusal};
use super::progress::Progress;
use super::sending::Sending;

/// Stands for "no limit" where a time-out is too large to be added to a clock.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// What one sending may take, as moments.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    pub(super) began: Instant,
    pub(super) timeout: Duration,
    pub(super) connect_timeout: Duration,
    pub(super) body_limit: usize,
    /// No kept connection that was open at this moment is used.
    pub(super) after_loss: Option<Instant>,
    interrupted: Option<fn() -> bool>,
}

impl Terms {
    pub(super) fn new(sending: &Sending, connect_timeout: Duration) -> Terms {
        let timeout = sending.timeout.min(LONGEST_TIMEOUT);
        Terms {
            began: Instant::now(),
            timeout,
            connect_timeout: connect_timeout.min(timeout),
            body_limit: sending.body_limit,
            after_loss: sending.after_loss,
            interrupted: sending.interrupted,
        }
    }

    /// Until when the next step may last.
    fn ends(&self, connected: bool) -> Instant {
        if connected {
            self.began + self.timeout
        } else {
            self.began + self.connect_timeout
        }
    }
}

/// Each part is in a cell of its own, so that a look at one copies no other.
struct Account {
    terms: Cell<Option<Terms>>,
    progress: Cell<Progress>,
    /// Neither the server nor a proxy is talked to by TLS.
    is_plain: Cell<bool>,
    /// A connection to a proxy is being made, within that to the target.
    to_proxy: Cell<bool>,
}

impl Account {
    fn parts(&self) -> (Option<Terms>, Progress, bool, bool) {
        (
            self.terms.get(),
            self.progress.get(),
            self.is_plain.get(),
            self.to_proxy.get(),
        )
    }

    fn restore(
        &self,
        (terms, progress, is_plain, to_proxy): (Option<Terms>, Progress, bool, bool),
    ) {
        self.terms.set(terms);
        self.progress.set(progress);
        self.is_plain.set(is_plain);
        self.to_proxy.set(to_proxy);
    }
}

thread_local! {
    // Constant and without a destructor: nothing is registered with the host's thread.
    static CALL: Account = const { Account {
        terms: Cell::new(None),
        progress: Cell::new(Progress::NOTHING),
        is_plain: Cell::new(false),
        to_proxy: Cell::new(false),
    } };
}

/// Starts the account of a sending.
pub(super) fn begin(terms: &Terms, is_plain: bool) {
    CALL.with(|call| {
        call.terms.set(Some(*terms));
        call.progress.set(Progress::NOTHING);
        call.is_plain.set(is_plain);
        call.to_proxy.set(false);
    });
}

pub(super) fn progress() -> Progress {
    CALL.with(|call| call.progress.get())
}

pub(super) fn terms() -> Option<Terms> {
    CALL.with(|call| call.terms.get())
}

pub(super) fn record(change: impl FnOnce(&mut Progress)) {
    let mut progress = progress();
    change(&mut progress);
    CALL.with(|call| call.progress.set(progress));
}

/// Whether the connection that is being made leads to a proxy, which is asked for the tunnel.
pub(super) fn is_to_proxy() -> bool {
    CALL.with(|call| call.to_proxy.get())
}

/// Runs the connectors; a connection that they make meanwhile is one to a proxy.
pub(super) fn connecting<T>(connect: impl FnOnce() -> T) -> T {
    CALL.with(|call| call.to_proxy.set(true));
    let result = connect();
    CALL.with(|call| call.to_proxy.set(false));
    result
}

/// What is left for the next step: of its own time-out, and of the call or, while there is no
/// connection, of the time for one.
pub(super) fn left(timeout: &NextTimeout) -> Result<Duration, Error> {
    let mut left = *timeout.after;
    if let Some(terms) = terms() {
        let ends = terms.ends(progress().connected);
        left = left.min(ends.saturating_duration_since(Instant::now()));
    }
    if left.is_zero() {
        return Err(Error::Timeout(timeout.reason));
    }
    Ok(left)
}

/// Whether bytes that come while the request is still being written are the answer to it.
pub(super) fn takes_answers_early() -> bool {
    progress().sent && CALL.with(|call| call.is_plain.get())
}

/// What is left of the whole call.
pub(super) fn left_in_all() -> Duration {
    terms().map_or(Duration::ZERO, |terms| {
        terms.ends(true).saturating_duration_since(Instant::now())
    })
}

/// Whether somebody is asked if the sending shall end.
pub(super) fn asks() -> bool {
    terms().is_some_and(|terms| terms.interrupted.is_some())
}

/// A wait ended without what it waited for: goes on, unless who called us wants an end.
pub(super) fn after_signal() -> Result<(), Error> {
    if is_interrupted() {
        let detail = "the call was interrupted by a signal".to_owned();
        return Err(Refusal::error(FailureKind::Interrupted, detail));
    }
    Ok(())
}

/// Asks who called us whether the sending shall end.
pub(super) fn is_interrupted() -> bool {
    let Some(interrupted) = terms().and_then(|terms| terms.interrupted) else {
        return false;
    };
    // It may run a program's signal handler, which may send something itself.
    let before = CALL.with(Account::parts);
    let answer = interrupted();
    CALL.with(|call| call.restore(before));
    if answer {
        record(|progress| progress.interrupted = true);
    }
    answer
}
