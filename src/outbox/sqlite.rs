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
mod log;
mod process;
mod salvage;
mod schema;
mod selection;
mod settle;
mod statement;
mod status;
mod together;
mod transaction;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use once_cell::race::OnceBox;

pub use clock::{Clock, HostClock};
pub use file_system::check_file_system;
pub(super) use salvage::salvage;
pub(super) use statement::statement;

use super::engine::{Durability, EngineSettings};
use super::moment::milliseconds;
use super::parts::dead;
use super::row::{Claim, Claimed, Kept, Listed, NewRow, Selection, Settlement, Status};
use super::store::Store;
use crate::error::Error;
use crate::per_process::PerProcess;
use process::Slot;
use schema::Owner;
use together::Queue;
use transaction::Mover;

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
    /// The threads of a process take turns with one connection: SQLite lets one write at a time, and would
    /// have the others sleep.
    slot: OnceBox<PerProcess<Arc<Slot>>>,
    mover: OnceBox<PerProcess<Mover>>,
    /// What its threads want changed.
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
            mover: OnceBox::new(),
            queue: OnceBox::new(),
        }
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
        let row = row.clone();
        together::change(self, self.settings.durability, move |connection, now| {
            add::add(connection, &row, limit, now)
        })
    }

    fn claim(
        &self,
        account: &str,
        credentials: &str,
        lease: Duration,
        id: Option<i64>,
    ) -> Result<Claim, Error> {
        let (account, credentials) = (account.to_owned(), credentials.to_owned());
        together::change(self, DONE_AGAIN, move |connection, now| {
            Ok(claim::claim(
                connection,
                &account,
                &credentials,
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
        let (account, credentials) = (account.to_owned(), credentials.to_owned());
        let (claimed, settlement) = (claimed.clone(), settlement.clone());
        together::change(self, DONE_AGAIN, move |connection, now| {
            Ok(settle::settle(
                connection,
                &account,
                &credentials,
                &claimed,
                &settlement,
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
            Owner::Outbox => self.empty_log(),
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
