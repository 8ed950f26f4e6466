//! The outbox in one SQLite file, for all processes of one host.

mod account;
mod add;
mod claim;
mod clock;
mod failure;
mod file;
mod file_system;
mod foreign;
mod link;
mod process;
mod salvage;
mod schema;
mod selection;
mod settle;
mod statement;
mod status;
mod together;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use once_cell::race::OnceBox;
use rusqlite::{Connection, TransactionBehavior};

pub use clock::{Clock, HostClock};
pub use file_system::check_file_system;
pub(super) use salvage::salvage;
pub(super) use statement::statement;

use super::engine::{Durability, EngineSettings};
use super::moment::milliseconds;
use super::parts::{dead, in_parts};
use super::row::{Claim, Claimed, Kept, Listed, NewRow, Selection, Settlement, Status};
use super::store::Store;
use crate::error::Error;
use crate::per_process::{PerProcess, of_this_process};
use failure::Failed;
use process::{Link, Slot};
use schema::Owner;
use together::{Queue, Wanted};

/// What is lost of it at a loss of power is done again.
const DONE_AGAIN: Durability = Durability::Crash;

/// Leads in an SQLite file, or in the memory of the process.
///
/// Each process opens the file by itself, a child made by `fork` as well. Leads in memory are the
/// process's own: a child begins without any.
pub struct SqliteStore {
    /// `None` in memory.
    path: Option<PathBuf>,
    owner: Owner,
    settings: EngineSettings,
    clock: Arc<dyn Clock>,
    /// A process has one connection, which its threads take turns with: SQLite lets one write at a time,
    /// and would have the others sleep.
    slot: OnceBox<PerProcess<Arc<Slot>>>,
    /// Leads that its threads add.
    queue: OnceBox<PerProcess<Queue>>,
}

impl SqliteStore {
    /// Opens the file, and makes it where it is not there.
    ///
    /// # Errors
    /// [`NotStored`](crate::ErrorKind::NotStored) with the reason.
    pub fn open(path: impl AsRef<Path>, settings: EngineSettings) -> Result<SqliteStore, Error> {
        SqliteStore::with_clock(path, settings, Arc::new(HostClock))
    }

    /// As [`open`](SqliteStore::open), with clocks that a test has in its hands.
    ///
    /// # Errors
    /// As [`open`](SqliteStore::open).
    pub fn with_clock(
        path: impl AsRef<Path>,
        settings: EngineSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<SqliteStore, Error> {
        let store = SqliteStore::lazy(path.as_ref(), settings, clock)?;
        store.with(|_| Ok(()))?;
        Ok(store)
    }

    /// As [`open`](SqliteStore::open), but nothing is done to the file before the first use.
    ///
    /// # Errors
    /// As [`open`](SqliteStore::open), for a path that is none.
    pub fn at(path: impl AsRef<Path>, settings: EngineSettings) -> Result<SqliteStore, Error> {
        SqliteStore::lazy(path.as_ref(), settings, Arc::new(HostClock))
    }

    fn lazy(
        path: &Path,
        settings: EngineSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<SqliteStore, Error> {
        let path = absolute(path)?;
        Ok(SqliteStore::new(Some(path), Owner::Outbox, settings, clock))
    }

    /// A store in a file of the site's own, beside its tables, which are not touched. The tables of the
    /// store are made where they are not there.
    ///
    /// The file is open during a call alone. Where another SQLite library of this process has it open,
    /// this opens nothing and each call is refused: leads are then added by that one's connection.
    ///
    /// # Errors
    /// [`NotStored`](crate::ErrorKind::NotStored) with the reason, also where there is no such file.
    pub fn open_site(
        path: impl AsRef<Path>,
        settings: EngineSettings,
    ) -> Result<SqliteStore, Error> {
        let path = absolute(path.as_ref())?;
        let is_open = foreign::is_open(&path);
        let store = SqliteStore::new(Some(path), Owner::Site, settings, Arc::new(HostClock));
        if !is_open {
            store.with(|_| Ok(()))?;
        }
        Ok(store)
    }

    /// A store in the memory of this process, which ends with it.
    ///
    /// # Errors
    /// [`NotStored`](crate::ErrorKind::NotStored) where there is no memory left.
    pub fn in_memory(settings: EngineSettings) -> Result<SqliteStore, Error> {
        SqliteStore::in_memory_with_clock(settings, Arc::new(HostClock))
    }

    /// As [`in_memory`](SqliteStore::in_memory), with clocks that a test has in its hands.
    ///
    /// # Errors
    /// As [`in_memory`](SqliteStore::in_memory).
    pub fn in_memory_with_clock(
        settings: EngineSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<SqliteStore, Error> {
        let store = SqliteStore::new(None, Owner::Outbox, settings, clock);
        store.with(|_| Ok(()))?;
        Ok(store)
    }

    fn new(
        path: Option<PathBuf>,
        owner: Owner,
        settings: EngineSettings,
        clock: Arc<dyn Clock>,
    ) -> SqliteStore {
        SqliteStore {
            path,
            owner,
            settings,
            clock,
            slot: OnceBox::new(),
            queue: OnceBox::new(),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Link) -> Result<T, Failed>) -> Result<T, Error> {
        let patience = self.settings.busy_timeout;
        link::wait_for(patience);
        let done = match (&self.path, self.owner) {
            (Some(path), Owner::Site) => process::visit(
                || link::to_site(path, &self.clock),
                work,
                |_| foreign::is_shared(path),
            ),
            (path, _) => of_this_process(&self.slot, Slot::new).with(
                |link| self.is_stale(link),
                |call| match path {
                    Some(path) => link::to_file(call, path, patience, &self.clock),
                    None => link::to_memory(&self.clock),
                },
                work,
            ),
        };
        done.map_err(|failed| self.told(failed))
    }

    fn told(&self, failed: Failed) -> Error {
        failure::told(failed, self.path.as_deref(), self.settings.busy_timeout)
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

    /// One transaction that writes, and what its commit survives. It is given the time.
    fn write<T>(
        &self,
        durability: Durability,
        work: impl FnOnce(&Connection, i64) -> Result<T, Failed>,
    ) -> Result<T, Error> {
        self.with(|link| self.commit(link, durability, work))
    }

    fn commit<T>(
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

    /// Keeps what the threads of this process want kept, unless another one has done so meanwhile.
    fn keep_all(&self, queue: &Queue, own: &Arc<Wanted>) -> Result<(), Error> {
        self.with(|link| {
            if own.is_told() {
                return Ok(());
            }
            let mut all = Vec::new();
            let done = self.commit(link, self.settings.durability, |connection, now| {
                // Now that no other process writes: more may have come in the meantime.
                all = queue.take(own);
                together::keep(connection, &all, now)
            });
            if all.is_empty() {
                return done.map(drop);
            }
            match done {
                Ok(told) => together::tell(&all, told),
                // It may be for one lead alone, so each of the others is tried in its own turn.
                Err(failed) => own.tell(Err(self.told(failed))),
            }
            Ok(())
        })
    }

    /// Reads as of one moment.
    fn read<T>(
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

    fn in_parts(
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

impl Store for SqliteStore {
    /// Leads in memory are kept.
    fn configure(&mut self, settings: EngineSettings) {
        if self.path.is_some() && settings != self.settings {
            self.slot = OnceBox::new();
        }
        self.settings = settings;
    }

    fn may_be_away(&self) -> bool {
        false
    }

    fn add(&self, row: &NewRow, limit: u64) -> Result<Kept, Error> {
        let queue = of_this_process(&self.queue, Queue::default);
        let wanted = queue.join(row, limit);
        let mut had_turn = self.keep_all(queue, &wanted);
        if had_turn.is_err() && !queue.leave(&wanted) {
            // Another thread has it in hand, and its turn ends before the next begins.
            had_turn = self.keep_all(queue, &wanted);
        }
        let nobody = || Err(failure::error("the thread that kept it has failed"));
        (wanted.told()).unwrap_or_else(|| had_turn.and_then(|()| nobody()))
    }

    fn claim(
        &self,
        account: &str,
        credentials: &str,
        lease: Duration,
        id: Option<i64>,
    ) -> Result<Claim, Error> {
        self.write(DONE_AGAIN, |connection, now| {
            Ok(claim::claim(
                connection,
                account,
                credentials,
                lease,
                id,
                now,
            )?)
        })
    }

    fn settle(
        &self,
        account: &str,
        credentials: &str,
        claimed: &Claimed,
        settlement: &Settlement,
    ) -> Result<bool, Error> {
        self.write(DONE_AGAIN, |connection, now| {
            Ok(settle::settle(
                connection,
                account,
                credentials,
                claimed,
                settlement,
                now,
            )?)
        })
    }

    fn failures(&self, account: &str) -> Result<(u32, u32), Error> {
        self.read(|connection, _| {
            let found = account::read(connection, account)?;
            Ok((found.circuit_failures, found.hold_failures))
        })
    }

    fn is_delivering(&self, account: &str) -> Result<bool, Error> {
        self.read(|connection, now| claim::is_delivering(connection, account, now))
    }

    fn status(&self) -> Result<Status, Error> {
        self.read(status::status)
    }

    fn list(&self, selection: &Selection) -> Result<Vec<Listed>, Error> {
        self.read(|connection, now| selection::list(connection, selection, now))
    }

    fn retry(&self, selection: &Selection) -> Result<u64, Error> {
        let Some(dead) = dead(selection) else {
            return Ok(0);
        };
        self.in_parts(&dead, selection::retry_rows)
    }

    fn drop(&self, selection: &Selection) -> Result<u64, Error> {
        self.in_parts(selection, selection::drop_rows)
    }

    fn tidy(&self, keep_dead: Option<Duration>) -> Result<(), Error> {
        while keep_dead.is_some_and(|keep| keep < Duration::MAX) {
            let keep = milliseconds(keep_dead.unwrap_or_default());
            let gone = self.write(DONE_AGAIN, |connection, now| {
                Ok(selection::forget_part(connection, now - keep, now)?)
            })?;
            if gone < u64::from(selection::CHUNK) {
                break;
            }
        }
        match self.owner {
            Owner::Outbox => self.with(|link| Ok(link::move_log(link)?)),
            Owner::Site => Ok(()),
        }
    }
}

/// The folder of the process may change later.
fn absolute(path: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(path)
        .map_err(|error| failure::at(Some(path), &crate::text::shown_error(&error)))
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SqliteStore")
            .field("path", &self.path)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
