//! The place of a process's one connection, for which its threads wait no longer than a call may take.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::link::Link;

#[derive(Default)]
pub(super) struct Slot {
    place: Mutex<Place>,
    left: Condvar,
}

#[derive(Default)]
struct Place {
    is_taken: bool,
    link: Option<Link>,
}

/// The right to use the connection, for as long as it is kept.
pub(super) struct Turn<'a> {
    slot: &'a Slot,
    pub(super) link: Option<Link>,
}

impl Slot {
    /// `None` where other threads have it until then.
    pub(super) fn take(&self, until: Instant) -> Option<Turn<'_>> {
        let mut place = self.lock();
        while place.is_taken {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            (place, _) = (self.left)
                .wait_timeout(place, left)
                .unwrap_or_else(PoisonError::into_inner);
        }
        place.is_taken = true;
        Some(Turn {
            slot: self,
            link: place.link.take(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let whole = |link: &Link| !link.is_broken() && !std::thread::panicking();
        let link = self.link.take().filter(whole);
        let mut place = self.slot.lock();
        place.is_taken = false;
        place.link = link;
        drop(place);
        self.slot.left.notify_one();
    }
}
