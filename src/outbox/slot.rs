//! The place of a process's one connection, for which its threads wait no longer than a call may take.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// A connection's place. It is opened at its first use.
pub(super) struct Slot<Link> {
    place: Mutex<Place<Link>>,
    freed: Condvar,
}

struct Place<Link> {
    is_taken: bool,
    link: Option<Link>,
}

/// The right to the connection, for as long as it is kept.
pub(super) struct Turn<'a, Link> {
    slot: &'a Slot<Link>,
    link: Option<Link>,
}

impl<Link> Slot<Link> {
    /// `None` where other threads have it until then.
    pub(super) fn take(&self, until: Instant) -> Option<Turn<'_, Link>> {
        let mut place = self.lock();
        while place.is_taken {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            (place, _) = (self.freed)
                .wait_timeout(place, left)
                .unwrap_or_else(PoisonError::into_inner);
        }
        place.is_taken = true;
        Some(Turn {
            slot: self,
            link: place.link.take(),
        })
    }

    /// What a thread that panicked left behind is whole: each step is a single one.
    fn lock(&self) -> MutexGuard<'_, Place<Link>> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<Link> Default for Slot<Link> {
    fn default() -> Slot<Link> {
        Slot {
            place: Mutex::new(Place {
                is_taken: false,
                link: None,
            }),
            freed: Condvar::new(),
        }
    }
}

impl<Link> Deref for Turn<'_, Link> {
    type Target = Option<Link>;

    fn deref(&self) -> &Option<Link> {
        &self.link
    }
}

impl<Link> DerefMut for Turn<'_, Link> {
    fn deref_mut(&mut self) -> &mut Option<Link> {
        &mut self.link
    }
}

impl<Link> Drop for Turn<'_, Link> {
    fn drop(&mut self) {
        // What a panic left in the middle of a transaction is nobody's.
        let link = self.link.take().filter(|_| !std::thread::panicking());
        let mut place = self.slot.lock();
        place.link = link;
        place.is_taken = false;
        drop(place);
        self.slot.freed.notify_one();
    }
}
