//! How long a store that was away is left alone: a second, doubling to half a minute. One call tries it
//! then, and the others leave it to that one.
//!
//! All outboxes of a process that have one spool know it together, since a web server's worker opens an
//! outbox for each request.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use once_cell::race::OnceBox;

use super::schedule;
use crate::per_process::{PerProcess, of_this_process};

/// The rests of this process, by their spools' paths. A child made by `fork` begins without any.
static RESTS: OnceBox<PerProcess<Rests>> = OnceBox::new();

#[derive(Default)]
struct Rests(Mutex<HashMap<PathBuf, Rest>>);

#[derive(Debug, Clone, Copy)]
struct Rest {
    until: Instant,
    failures: u32,
    /// A call tries the store.
    is_tried: bool,
}

/// Whether the store of this spool may be tried. The caller then says how it ended.
pub(super) fn is_over(spool: &PathBuf, patience: Duration) -> bool {
    (rests().get_mut(spool)).is_none_or(|rest| rest.admits(Instant::now(), patience))
}

/// Whether it is left alone, without trying it.
pub(super) fn holds(spool: &PathBuf) -> bool {
    (rests().get(spool)).is_some_and(|rest| Instant::now() < rest.until)
}

/// The store is away.
pub(super) fn begin(spool: &PathBuf) {
    let (mut rests, now) = (rests(), Instant::now());
    match rests.get_mut(spool) {
        Some(rest) => rest.go_on(now),
        None => {
            rests.insert(spool.clone(), Rest::new(now));
        }
    }
}

/// The store answers.
pub(super) fn end(spool: &PathBuf) {
    rests().remove(spool);
}

fn rests() -> MutexGuard<'static, HashMap<PathBuf, Rest>> {
    let rests = of_this_process(&RESTS, Rests::default);
    rests.0.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Rest {
    fn new(now: Instant) -> Rest {
        Rest {
            until: now + schedule::rest(0),
            failures: 1,
            is_tried: false,
        }
    }

    fn admits(&mut self, now: Instant, patience: Duration) -> bool {
        if now < self.until {
            return false;
        }
        // Should who tries it never come back, another does later.
        self.until = now + schedule::rest(self.failures).max(patience);
        self.is_tried = true;
        true
    }

    /// Calls that began before the rest fail late, and make it no longer.
    fn go_on(&mut self, now: Instant) {
        if self.is_tried {
            self.until = now + schedule::rest(self.failures);
            self.failures += 1;
            self.is_tried = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(2);

    fn seconds(number: u64) -> Duration {
        Duration::from_secs(number)
    }

    #[test]
    fn a_rest_doubles_with_each_try_that_fails_and_with_no_other() {
        let mut now = Instant::now();
        let mut rest = Rest::new(now);
        for length in [1, 2, 4, 8, 16, 30, 30] {
            rest.go_on(now);
            assert_eq!(rest.until, now + seconds(length), "another's failure");
            assert!(!rest.admits(now + seconds(length) / 2, PATIENCE));
            now += seconds(length);
            assert!(rest.admits(now, PATIENCE), "after {length} s");
            rest.go_on(now);
        }
    }

    #[test]
    fn one_tries_and_another_where_it_never_comes_back() {
        let now = Instant::now();
        let mut rest = Rest::new(now);
        let over = now + seconds(1);
        let tries = [0, 0, 1].map(|later| rest.admits(over + seconds(later), PATIENCE));
        assert_eq!(tries, [true, false, false]);
        assert!(rest.admits(over + PATIENCE, PATIENCE));
    }
}
