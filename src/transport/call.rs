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

#[derive(Clone, Copy)]
struct Account {
    terms: Option<Terms>,
    progress: Progress,
    /// Neither the server nor a proxy is talked to by TLS.
    is_plain: bool,
    /// A connection to a proxy is being made, within that to the target.
    to_proxy: bool,
}

thread_local! {
    // Constant and without a destructor: nothing is registered with the host's thread.
    static CALL: Cell<Account> = const { Cell::new(Account {
        terms: None,
        progress: Progress::NOTHING,
        is_plain: false,
        to_proxy: false,
    }) };
}

/// Starts the account of a sending.
pub(super) fn begin(terms: &Terms, is_plain: bool) {
    CALL.set(Account {
        terms: Some(*terms),
        progress: Progress::NOTHING,
        is_plain,
        to_proxy: false,
    });
}

pub(super) fn progress() -> Progress {
    CALL.get().progress
}

pub(super) fn terms() -> Option<Terms> {
    CALL.get().terms
}

pub(super) fn record(change: impl FnOnce(&mut Progress)) {
    let mut account = CALL.get();
    change(&mut account.progress);
    CALL.set(account);
}

/// Whether the connection that is being made leads to a proxy, which is asked for the tunnel.
pub(super) fn is_to_proxy() -> bool {
    CALL.get().to_proxy
}

/// Runs the connectors; a connection that they make meanwhile is one to a proxy.
pub(super) fn connecting<T>(connect: impl FnOnce() -> T) -> T {
    set_to_proxy(true);
    let result = connect();
    set_to_proxy(false);
    result
}

fn set_to_proxy(to_proxy: bool) {
    CALL.set(Account {
        to_proxy,
        ..CALL.get()
    });
}

/// What is left for the next step: of its own time-out, and of the call or, while there is no
/// connection, of the time for one.
pub(super) fn left(timeout: &NextTimeout) -> Result<Duration, Error> {
    let account = CALL.get();
    let mut left = *timeout.after;
    if let Some(terms) = account.terms {
        let ends = terms.ends(account.progress.connected);
        left = left.min(ends.saturating_duration_since(Instant::now()));
    }
    if left.is_zero() {
        return Err(Error::Timeout(timeout.reason));
    }
    Ok(left)
}

/// Whether bytes that come while the request is still being written are the answer to it.
pub(super) fn takes_answers_early() -> bool {
    let account = CALL.get();
    account.progress.sent && account.is_plain
}

/// What is left of the whole call.
pub(super) fn left_in_all() -> Duration {
    terms().map_or(Duration::ZERO, |terms| {
        terms.ends(true).saturating_duration_since(Instant::now())
    })
}

/// A signal ended a wait: goes on, unless who called us wants an end.
pub(super) fn after_signal() -> Result<(), Error> {
    if is_interrupted() {
        let detail = "the call was interrupted by a signal".to_owned();
        return Err(Refusal::error(FailureKind::Interrupted, detail));
    }
    Ok(())
}

/// Asks who called us whether the sending shall end.
pub(super) fn is_interrupted() -> bool {
    let account = CALL.get();
    let Some(interrupted) = account.terms.and_then(|terms| terms.interrupted) else {
        return false;
    };
    // It may run a program's signal handler, which may send something itself.
    let answer = interrupted();
    CALL.set(account);
    if answer {
        record(|progress| progress.interrupted = true);
    }
    answer
}
