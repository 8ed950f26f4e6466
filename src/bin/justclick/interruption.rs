//! SIGTERM and Ctrl-C: what is on its way ends, and leads that were not delivered stay due.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use signal_hook::flag;

use crate::failure::Failure;
#[cfg(unix)]
use unix::SIGNALS;
#[cfg(windows)]
use windows::SIGNALS;

static HAS_COME: OnceLock<Arc<AtomicBool>> = OnceLock::new();

const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// From now on a first signal is noted, and a second one ends the process.
pub fn await_signals() -> Result<(), Failure> {
    let has_come = Arc::clone(HAS_COME.get_or_init(Arc::default));
    for signal in SIGNALS {
        flag::register_conditional_default(signal, Arc::clone(&has_come))
            .and_then(|_| flag::register(signal, Arc::clone(&has_come)))
            .map_err(|error| Failure::System(format!("signals cannot be awaited: {error}")))?;
    }
    Ok(())
}

/// As if a signal came: all that waits for one ends.
pub fn come() {
    HAS_COME
        .get_or_init(Arc::default)
        .store(true, Ordering::SeqCst);
}

/// Whether a signal came.
pub fn has_come() -> bool {
    (HAS_COME.get()).is_some_and(|has_come| has_come.load(Ordering::SeqCst))
}

/// Sleeps, unless a signal comes.
pub fn sleep(time: Duration) {
    let end = Instant::now() + time;
    while !has_come() {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(BETWEEN_LOOKS));
    }
}

/// What a task says that was interrupted.
pub fn failure() -> Failure {
    Failure::System("interrupted; the same command goes on from here".to_owned())
}
