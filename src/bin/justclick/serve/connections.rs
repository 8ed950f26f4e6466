//! The open connections, of which there are only so many. Where all places are taken, the one that was
//! idle for longest makes room, so that those who open thousands and send nothing keep nobody out.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

pub struct Connections {
    most: usize,
    next: AtomicU64,
    open: Mutex<HashMap<u64, Arc<Place>>>,
    freed: Notify,
}

/// A connection's place.
#[derive(Default)]
pub struct Place {
    /// It is keeping a lead or doing other work, and is not cut.
    is_busy: AtomicBool,
    /// The larger, the later it was last of use.
    used: AtomicU64,
    cut: Notify,
}

/// A place that is left when this is dropped.
pub struct Entered {
    all: Arc<Connections>,
    number: u64,
    pub place: Arc<Place>,
}

impl Connections {
    pub fn new(most: usize) -> Arc<Connections> {
        Arc::new(Connections {
            most: most.max(1),
            next: AtomicU64::new(0),
            open: Mutex::default(),
            freed: Notify::new(),
        })
    }

    /// Waits for a place. One of those who are idle loses theirs.
    pub async fn enter(self: &Arc<Connections>) -> Entered {
        loop {
            let freed = self.freed.notified();
            if let Some(entered) = self.entered() {
                return entered;
            }
            freed.await;
        }
    }

    fn entered(self: &Arc<Connections>) -> Option<Entered> {
        let mut open = self.open();
        if open.len() >= self.most {
            let idle = open.iter().filter(|(_, place)| !place.is_busy());
            let longest = idle.min_by_key(|(_, place)| place.used.load(Ordering::Relaxed));
            let number = *longest?.0;
            if let Some(place) = open.remove(&number) {
                place.cut.notify_one();
            }
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let place = Arc::new(Place::default());
        place.used.store(number, Ordering::Relaxed);
        open.insert(number, Arc::clone(&place));
        Some(Entered {
            all: Arc::clone(self),
            number,
            place,
        })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, Arc<Place>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    pub fn set_busy(&self, is_busy: bool) {
        self.is_busy.store(is_busy, Ordering::SeqCst);
    }

    /// Returns where the place is given to another.
    pub async fn is_cut(&self) {
        self.cut.notified().await;
    }

    fn is_busy(&self) -> bool {
        self.is_busy.load(Ordering::SeqCst)
    }
}

impl Entered {
    /// The connection was of use, so that others make room before it.
    pub fn was_used(&self) {
        let now = self.all.next.fetch_add(1, Ordering::Relaxed);
        self.place.used.store(now, Ordering::Relaxed);
        // It may be cut now, which somebody may wait for.
        self.all.freed.notify_waiters();
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.all.open().remove(&self.number);
        self.all.freed.notify_waiters();
    }
}
