//! Leads that several threads add at once are kept by one commit: they wait for the disk together.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::add;
use super::failure::Failed;
use crate::error::Error;
use crate::outbox::row::{Kept, NewRow};

/// What threads of this process want kept, until one of them has its turn and keeps it all.
#[derive(Default)]
pub(super) struct Queue(Mutex<Vec<Arc<Wanted>>>);

/// A lead, and what its thread is told in the end.
pub(super) struct Wanted {
    row: NewRow,
    limit: u64,
    told: Mutex<Option<Result<Kept, Error>>>,
}

impl Queue {
    pub(super) fn join(&self, row: &NewRow, limit: u64) -> Arc<Wanted> {
        let wanted = Arc::new(Wanted {
            row: row.clone(),
            limit,
            told: Mutex::default(),
        });
        held(&self.0).push(Arc::clone(&wanted));
        wanted
    }

    /// All there is, `own` among it.
    pub(super) fn take(&self, own: &Arc<Wanted>) -> Vec<Arc<Wanted>> {
        let mut all = mem::take(&mut *held(&self.0));
        // A thread that took it and failed told it nothing.
        if !all.iter().any(|other| Arc::ptr_eq(other, own)) {
            all.push(Arc::clone(own));
        }
        all
    }

    /// False where another thread has taken it.
    pub(super) fn leave(&self, own: &Arc<Wanted>) -> bool {
        let mut all = held(&self.0);
        let before = all.len();
        all.retain(|other| !Arc::ptr_eq(other, own));
        all.len() < before
    }
}

impl Wanted {
    pub(super) fn is_told(&self) -> bool {
        held(&self.told).is_some()
    }

    pub(super) fn tell(&self, result: Result<Kept, Error>) {
        *held(&self.told) = Some(result);
    }

    pub(super) fn told(&self) -> Option<Result<Kept, Error>> {
        held(&self.told).take()
    }
}

/// Keeps all in one transaction. A lead that is refused keeps no other from it.
pub(super) fn keep(
    connection: &Connection,
    all: &[Arc<Wanted>],
    now: i64,
) -> Result<Vec<Result<Kept, Error>>, Failed> {
    (all.iter())
        .map(
            |wanted| match add::add(connection, &wanted.row, wanted.limit, now) {
                Ok(kept) => Ok(Ok(kept)),
                Err(Failed::Told(refused)) => Ok(Err(refused)),
                Err(failed) => Err(failed),
            },
        )
        .collect()
}

/// Tells each thread what became of its lead.
pub(super) fn tell(all: &[Arc<Wanted>], told: Vec<Result<Kept, Error>>) {
    for (wanted, result) in all.iter().zip(told) {
        wanted.tell(result);
    }
}

/// What a thread that panicked left behind is whole: each step is a single one.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
