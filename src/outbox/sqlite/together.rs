//! What several threads change at once is kept by one commit: they wait for the disk together.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::SqliteStore;
use super::failure::{self, Failed};
use crate::error::Error;
use crate::outbox::engine::Durability;
use crate::per_process::of_this_process;

/// What threads of this process want changed, until one of them has its turn and changes it all.
#[derive(Default)]
pub(super) struct Queue(Mutex<Vec<Arc<Wanted>>>);

type Change = dyn Fn(&Connection, i64) -> Result<(), Failed> + Send + Sync;

/// A change, and what its thread is told in the end.
struct Wanted {
    change: Box<Change>,
    durability: Durability,
    told: Mutex<Option<Result<(), Error>>>,
}

/// Makes a change, and all that other threads want changed by then. It is given the time, and may be
/// called again where a commit has failed.
pub(super) fn change<T: Send + 'static>(
    store: &SqliteStore,
    durability: Durability,
    change: impl Fn(&Connection, i64) -> Result<T, Failed> + Send + Sync + 'static,
) -> Result<T, Error> {
    let changed = Arc::new(Mutex::new(None));
    let result = Arc::clone(&changed);
    let queue = of_this_process(&store.queue, Queue::default);
    let own = queue.join(Wanted {
        change: Box::new(move |connection, now| {
            *held(&result) = Some(change(connection, now)?);
            Ok(())
        }),
        durability,
        told: Mutex::default(),
    });
    let mut had_turn = change_all(store, queue, &own);
    if had_turn.is_err() && !queue.leave(&own) {
        // Another thread has it in hand, and its turn ends before the next begins.
        had_turn = change_all(store, queue, &own);
    }
    own.told().unwrap_or(had_turn)?;
    let changed = held(&changed).take();
    changed.ok_or_else(|| failure::error("the thread that changed it has failed"))
}

/// Changes what is wanted, unless another thread has done so meanwhile.
fn change_all(store: &SqliteStore, queue: &Queue, own: &Arc<Wanted>) -> Result<(), Error> {
    store.with(|link| {
        if own.is_told() {
            return Ok(());
        }
        let durability = queue.durability(own);
        let mut all = Vec::new();
        let done = store.commit(link, durability, |connection, now| {
            // Now that no other process writes: more may have come in the meantime.
            all = queue.take(own, durability);
            change_each(connection, &all, now)
        });
        if all.is_empty() {
            return done.map(drop);
        }
        match done {
            Ok(told) => tell(&all, told),
            // It may be for one change alone, so each of the others is tried in its own turn.
            Err(failed) => own.tell(Err(store.told(failed))),
        }
        Ok(())
    })
}

/// Makes all changes in one transaction. One that is refused keeps no other from it.
fn change_each(
    connection: &Connection,
    all: &[Arc<Wanted>],
    now: i64,
) -> Result<Vec<Result<(), Error>>, Failed> {
    (all.iter())
        .map(|wanted| match (wanted.change)(connection, now) {
            Ok(()) => Ok(Ok(())),
            Err(Failed::Told(refused)) => Ok(Err(refused)),
            Err(failed) => Err(failed),
        })
        .collect()
}

/// Tells each thread what became of its change.
fn tell(all: &[Arc<Wanted>], told: Vec<Result<(), Error>>) {
    for (wanted, result) in all.iter().zip(told) {
        wanted.tell(result);
    }
}

impl Queue {
    fn join(&self, wanted: Wanted) -> Arc<Wanted> {
        let wanted = Arc::new(wanted);
        held(&self.0).push(Arc::clone(&wanted));
        wanted
    }

    /// What a commit has to survive, so that all there are may share it.
    fn durability(&self, own: &Arc<Wanted>) -> Durability {
        let all = held(&self.0);
        match all
            .iter()
            .any(|wanted| wanted.durability == Durability::Power)
        {
            true => Durability::Power,
            false => own.durability,
        }
    }

    /// All that such a commit may hold, `own` among it.
    fn take(&self, own: &Arc<Wanted>, durability: Durability) -> Vec<Arc<Wanted>> {
        let mut queue = held(&self.0);
        let is_for_it = |wanted: &Arc<Wanted>| {
            wanted.durability == Durability::Crash || durability == Durability::Power
        };
        let (mut all, rest): (Vec<_>, Vec<_>) =
            mem::take(&mut *queue).into_iter().partition(is_for_it);
        *queue = rest;
        // A thread that took it and failed told it nothing.
        if !all.iter().any(|other| Arc::ptr_eq(other, own)) {
            all.push(Arc::clone(own));
        }
        all
    }

    /// False where another thread has taken it.
    fn leave(&self, own: &Arc<Wanted>) -> bool {
        let mut all = held(&self.0);
        let before = all.len();
        all.retain(|other| !Arc::ptr_eq(other, own));
        all.len() < before
    }
}

impl Wanted {
    fn is_told(&self) -> bool {
        held(&self.told).is_some()
    }

    fn tell(&self, result: Result<(), Error>) {
        *held(&self.told) = Some(result);
    }

    fn told(&self) -> Option<Result<(), Error>> {
        held(&self.told).take()
    }
}

/// What a thread that panicked left behind is whole: each step is a single one.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(queue: &Queue, durability: Durability) -> Arc<Wanted> {
        queue.join(Wanted {
            change: Box::new(|_, _| Ok(())),
            durability,
            told: Mutex::default(),
        })
    }

    #[test]
    fn a_commit_that_a_loss_of_power_undoes_holds_nothing_that_must_survive_it() {
        let queue = Queue::default();
        let light = joined(&queue, Durability::Crash);
        let durability = queue.durability(&light);
        assert_eq!(durability, Durability::Crash);
        // It comes once the commit has begun.
        let heavy = joined(&queue, Durability::Power);
        let taken = queue.take(&light, durability);
        assert!(taken.len() == 1 && Arc::ptr_eq(&taken[0], &light));
        let late = joined(&queue, Durability::Crash);
        assert_eq!(queue.durability(&late), Durability::Power);
        let taken = queue.take(&late, Durability::Power);
        assert_eq!(taken.len(), 2);
        assert!(!queue.leave(&heavy) && !queue.leave(&late));
    }

    #[test]
    fn who_was_taken_and_told_nothing_takes_itself() {
        let queue = Queue::default();
        let own = joined(&queue, Durability::Power);
        assert_eq!(queue.take(&own, Durability::Power).len(), 1);
        assert_eq!(queue.take(&own, Durability::Power).len(), 1);
    }
}
