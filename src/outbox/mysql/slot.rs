//! The place of a process's connection, which one thread has at a time and others wait for in time.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::link::Link;

/// A connection's place. It is opened at its first use.
#[derive(Default)]
pub(super) struct Slot {
    place: Mutex<Place>,
    freed: Condvar,
}

#[derive(Default)]
struct Place {
    is_taken: bool,
    link: Option<Link>,
}

/// The right to the connection, for as long as it is kept.
pub(super) struct Taken<'a> {
    slot: &'a Slot,
    link: Option<Link>,
}

impl Slot {
    /// `None` where others have it until then.
    pub(super) fn take(&self, until: Instant) -> Option<Taken<'_>> {
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
        Some(Taken {
            slot: self,
            link: place.link.take(),
        })
    }

    /// What a thread that panicked left behind is whole: each step is a single one.
    fn lock(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deref for Taken<'_> {
    type Target = Option<Link>;

    fn deref(&self) -> &Option<Link> {
        &self.link
    }
}

impl DerefMut for Taken<'_> {
    fn deref_mut(&mut self) -> &mut Option<Link> {
        &mut self.link
    }
}

impl Drop for Taken<'_> {
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
