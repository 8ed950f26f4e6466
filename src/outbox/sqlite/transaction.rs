//! One transaction after the other, by the connection that the threads of a process share.

use std::sync::{Arc, Mutex};

use rusqlite::{Connection, TransactionBehavior};

use super::failure::{self, Failed};
use super::process::{self, Call, Link, Slot};
use super::schema::Owner;
use super::{DONE_AGAIN, SqliteStore};
use super::{file, foreign, link, log, selection};
use crate::error::Error;
use crate::outbox::engine::Durability;
use crate::outbox::moment::milliseconds;
use crate::outbox::parts::in_parts;
use crate::outbox::row::Selection;
use crate::per_process::of_this_process;

/// A connection that moves the log, by one thread at a time.
pub(super) struct Mover {
    turn: Mutex<()>,
    slot: Arc<Slot>,
}

impl Mover {
    fn new() -> Mover {
        Mover {
            turn: Mutex::default(),
            slot: Slot::new(),
        }
    }
}

impl SqliteStore {
    pub(super) fn with<T>(
        &self,
        work: impl FnOnce(&mut Link) -> Result<T, Failed>,
    ) -> Result<T, Error> {
        link::wait_for(self.settings.busy_timeout);
        let mut long_log = None;
        let done = match (&self.path, self.owner) {
            (Some(path), Owner::Site) => process::visit(
                || link::to_site(path, &self.clock),
                work,
                |_| foreign::is_shared(path),
            ),
            _ => self.in_turn(|link| {
                let done = work(link);
                long_log = link.log.take_length();
                done
            }),
        };
        if let Some(pages) = long_log {
            self.shorten_log(pages);
        }
        done.map_err(|failed| self.told(failed))
    }

    fn in_turn<T>(&self, work: impl FnOnce(&mut Link) -> Result<T, Failed>) -> Result<T, Failed> {
        of_this_process(&self.slot, Slot::new).with(
            |link| {
                let is_stale = self.is_stale(link);
                if is_stale {
                    // A new connection takes the log of one that is still open.
                    self.mover().slot.empty();
                }
                is_stale
            },
            |call| self.opened(call),
            work,
        )
    }

    fn mover(&self) -> &Mover {
        of_this_process(&self.mover, Mover::new)
    }

    /// Moves the log by a connection of its own, while other threads write on. None where another thread
    /// does so.
    fn move_log(&self) -> Option<Result<(), Failed>> {
        let mover = self.mover();
        let _moving = mover.turn.try_lock().ok()?;
        Some(mover.slot.with(
            |link| self.is_stale(link),
            |call| self.opened(call),
            |link| Ok(log::move_part(&link.connection)?),
        ))
    }

    /// Nothing is lost where this fails, and a later commit tries it again.
    fn shorten_log(&self, pages: u32) {
        if let Some(Ok(())) = self.move_log() {
            let rest =
                |link: &mut Link| Ok(log::move_rest(&link.connection, &mut link.log, pages)?);
            self.in_turn(rest).unwrap_or_default();
        }
    }

    /// Delivered leads stand in the log until then.
    pub(super) fn empty_log(&self) -> Result<(), Error> {
        if self.path.is_none() {
            return Ok(());
        }
        link::wait_for(self.settings.busy_timeout);
        // The second step does all that the first one fails to do, and tells why it cannot.
        self.move_log().unwrap_or(Ok(())).unwrap_or_default();
        self.in_turn(|link| Ok(log::empty(&link.connection)?))
            .map_err(|failed| self.told(failed))
    }

    fn opened(&self, call: &Call) -> Result<Link, Failed> {
        match &self.path {
            Some(path) => link::to_file(call, path, self.settings.busy_timeout, &self.clock),
            None => link::to_memory(&self.clock),
        }
    }

    /// Whether another file, or none, stands at the path by now, or its log was taken away.
    fn is_stale(&self, link: &Link) -> bool {
        match (&self.path, &link.opened) {
            (Some(path), Some(opened)) => {
                file::id(path) != Some(opened.file) || foreign::check_log(opened).is_err()
            }
            (path, _) => path.is_some(),
        }
    }

    pub(super) fn told(&self, failed: Failed) -> Error {
        failure::told(failed, self.path.as_deref(), self.settings.busy_timeout)
    }

    /// One transaction that writes, and what its commit survives. It is given the time.
    pub(super) fn write<T>(
        &self,
        durability: Durability,
        work: impl FnOnce(&Connection, i64) -> Result<T, Failed>,
    ) -> Result<T, Error> {
        self.with(|link| self.commit(link, durability, work))
    }

    pub(super) fn commit<T>(
        &self,
        link: &mut Link,
        durability: Durability,
        work: impl FnOnce(&Connection, i64) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        link.keep_by(match self.owner {
            Owner::Outbox => durability,
            // Without a log that is written first, a loss of power can damage the site's data.
            Owner::Site => Durability::Power,
        })?;
        let offset = link.offset;
        let transaction =
            (link.connection).transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Others may have kept it locked until now.
        let done = work(&transaction, self.now(offset))?;
        transaction.commit()?;
        Ok(done)
    }

    /// Reads as of one moment.
    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Connection, i64) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        self.with(|link| {
            let now = self.now(link.offset);
            let transaction = link.connection.transaction()?;
            let found = work(&transaction, now)?;
            transaction.commit()?;
            Ok(found)
        })
    }

    fn now(&self, offset: i64) -> i64 {
        milliseconds(self.clock.since_boot()).saturating_add(offset)
    }

    pub(super) fn in_parts(
        &self,
        selection: &Selection,
        change: impl Fn(&Connection, &[i64], i64) -> rusqlite::Result<u64>,
    ) -> Result<u64, Error> {
        in_parts(
            selection,
            |rest| self.read(|connection, _| selection::numbers(connection, rest)),
            |ids| {
                self.write(DONE_AGAIN, |connection, now| {
                    Ok(change(connection, ids, now)?)
                })
            },
        )
    }
}
