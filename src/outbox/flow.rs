//! How many leads are sent side by side at a moment.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many leads may be sent side by side: half as many after each sign that the service has too
/// much to do, and one more with each answer.
pub(super) struct Flow {
    allowed: Mutex<u32>,
    most: u32,
    changed: Condvar,
}

impl Flow {
    pub(super) fn new(allowed: u32, most: u32) -> Flow {
        Flow {
            allowed: Mutex::new(allowed),
            most,
            changed: Condvar::new(),
        }
    }

    /// Waits until the worker at this place may work; false where the run is over.
    pub(super) fn admits(&self, place: u32, is_over: impl Fn() -> bool) -> bool {
        let mut allowed = self.locked();
        while *allowed <= place {
            if is_over() {
                return false;
            }
            (allowed, _) = (self.changed)
                .wait_timeout(allowed, Duration::from_millis(50))
                .unwrap_or_else(PoisonError::into_inner);
        }
        drop(allowed);
        !is_over()
    }

    pub(super) fn widen(&self) {
        let mut allowed = self.locked();
        if *allowed < self.most {
            *allowed += 1;
            self.changed.notify_all();
        }
    }

    /// False where it is as narrow as can be.
    pub(super) fn narrow(&self) -> bool {
        let mut allowed = self.locked();
        let before = *allowed;
        *allowed = (before / 2).max(1);
        before > 1
    }

    pub(super) fn wake(&self) {
        self.changed.notify_all();
    }

    fn locked(&self) -> MutexGuard<'_, u32> {
        self.allowed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_narrows_by_half_and_widens_by_one() {
        let flow = Flow::new(8, 8);
        let narrowed: Vec<bool> = (0..4).map(|_| flow.narrow()).collect();
        assert_eq!(narrowed, [true, true, true, false]);
        assert!(flow.admits(0, || false));
        assert!(!flow.admits(1, || true), "the second waits for the end");
        flow.widen();
        assert!(flow.admits(1, || false));
        for _ in 0..20 {
            flow.widen();
        }
        assert_eq!(*flow.locked(), 8);
    }
}
