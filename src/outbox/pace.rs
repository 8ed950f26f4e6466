//! How often a lead may be begun.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// A wait is cut into pieces of this length, between which it is asked whether the run is over.
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(50);

/// Lets leads begin one after the other, with a gap between two.
pub(super) struct Pace {
    gap: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    /// Without a limit there is no gap.
    pub(super) fn new(per_second: Option<f64>) -> Pace {
        let gap = per_second.map(|rate| Duration::try_from_secs_f64(1.0 / rate));
        Pace {
            gap: gap.and_then(Result::ok).unwrap_or_default(),
            next: Mutex::new(Instant::now()),
        }
    }

    /// Waits until the next lead may begin; false where the run is over before.
    pub(super) fn admits(&self, is_over: impl Fn() -> bool) -> bool {
        if self.gap.is_zero() {
            return true;
        }
        let turn = self.turn();
        while !is_over() {
            let left = turn.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            thread::sleep(left.min(BETWEEN_QUESTIONS));
        }
        false
    }

    /// Time that nobody used is not made up for.
    fn turn(&self) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = (*next).max(Instant::now());
        *next = turn + self.gap;
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_begin_with_a_gap_between_two() {
        let pace = Pace::new(Some(20.0));
        let began = Instant::now();
        for _ in 0..5 {
            assert!(pace.admits(|| false));
        }
        let taken = began.elapsed();
        assert!(taken >= Duration::from_millis(200), "{taken:?}");
        assert!(!pace.admits(|| true));
    }

    #[test]
    fn without_a_limit_nobody_waits() {
        assert!(Pace::new(None).admits(|| true));
    }
}
