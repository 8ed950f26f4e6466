//! The passing of time outside of tests.

use std::time::{Duration, Instant};

use super::Timing;
use crate::chance::chance;

pub(crate) struct RealTime {
    pub(crate) start: Instant,
    /// Asked where a wait may be ended; true ends it.
    pub(crate) interrupted: Option<fn() -> bool>,
}

impl Timing for RealTime {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// A signal does not end the system's sleep, so it is one of short parts where one may matter.
    fn sleep(&self, duration: Duration) -> bool {
        const PART: Duration = Duration::from_millis(50);
        let Some(interrupted) = self.interrupted else {
            std::thread::sleep(duration);
            return true;
        };
        let end = Instant::now() + duration;
        loop {
            if interrupted() {
                return false;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            std::thread::sleep(left.min(PART));
        }
    }

    fn chance(&self) -> f64 {
        chance()
    }
}
