//! The outbox in a PostgreSQL database, for any number of hosts.

mod account;
mod add;
mod address;
mod claim;
mod connect;
mod count;
mod encryption;
mod failure;
mod link;
mod password;
mod promise;
mod schema;
mod selection;
mod settle;
mod status;
mod value;
mod wire;

use std::cell::Cell;
use std::fmt;
use std::time::{Duration, Instant};

use once_cell::race::OnceBox;

use super::engine::EngineSettings;
use super::parts::{changed, dead, in_parts};
use super::row::{Asked, Claim, Claimed, Kept, Listed, NewRow, Selection, Settlement, Status};
use super::slot::Slot;
use super::store::Store;
use crate::error::Error;
use crate::per_process::{PerProcess, of_this_process};
use address::Address;
use failure::Failed;
use link::Link;

/// Leads in a PostgreSQL database of version 12 or newer, which a URL names:
/// `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with several hosts by commas, and a folder such as
/// `%2Fvar%2Frun%2Fpostgresql` for a socket. Parameters are those of libpq: `passfile`, `sslmode`,
/// `sslrootcert`, `application_name`, `options`. Without a password in it, `PGPASSWORD` and the password
/// file count. A server on another host is spoken to by TLS, and its certificate is verified.
///
/// Each process has one connection, which is made at its first use and anew where it was lost; a
/// child made by `fork` makes its own. Each call ends within `busy_timeout`.
pub struct PostgresStore {
    address: Address,
    settings: EngineSettings,
    slot: OnceBox<PerProcess<Slot<Link>>>,
}

impl PostgresStore {
    /// Connects to the database that a URL names, and makes the tables where there are none.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for a URL that names none,
    /// [`NotStored`](crate::ErrorKind::NotStored) where the database cannot be used.
    pub fn open(url: &str, settings: EngineSettings) -> Result<PostgresStore, Error> {
        let store = PostgresStore::at(url, settings)?;
        store.with(|_| Ok(()))?;
        Ok(store)
    }

    /// As [`open`](PostgresStore::open), but it connects at the first use.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for a URL that names none.
    pub fn at(url: &str, settings: EngineSettings) -> Result<PostgresStore, Error> {
        Ok(PostgresStore {
            address: Address::read(url)?,
            settings,
            slot: OnceBox::new(),
        })
    }

    /// Does `work` within the time of a call. Where the connection was lost it is done once more, by a
    /// new one: what was done already is found done.
    fn with<T>(&self, work: impl Fn(&mut Link) -> Result<T, Failed>) -> Result<T, Error> {
        self.in_time(work, Failed::doubtful)
    }

    /// One transaction. `work` is told what it came to before, if the answer to its commit was lost.
    fn transaction<T>(
        &self,
        work: impl Fn(&mut Link, Option<&T>) -> Result<T, Failed>,
    ) -> Result<T, Error> {
        let before = Cell::new(None);
        self.with(|link| {
            let came_to = before.take();
            let mut unknown = None;
            let done = link.transaction(&mut unknown, |link| work(link, came_to.as_ref()));
            before.set(unknown.or(came_to));
            done
        })
    }

    /// As [`with`](Self::with), for what changes nothing.
    fn read<T>(&self, work: impl Fn(&mut Link) -> Result<T, Failed>) -> Result<T, Error> {
        self.in_time(work, |failed| failed)
    }

    /// A failure is `again` where the connection had been lost in the middle before.
    fn in_time<T>(
        &self,
        work: impl Fn(&mut Link) -> Result<T, Failed>,
        again: impl Fn(Failed) -> Failed,
    ) -> Result<T, Error> {
        let until = Instant::now() + self.settings.busy_timeout;
        let told = |failed: Failed| failed.told(&self.address.place(), self.settings.busy_timeout);
        let slot = of_this_process(&self.slot, Slot::default);
        let Some(mut turn) = slot.take(until) else {
            return Err(told(Failed::Refused(format!(
                "other threads used its connection for longer than {} ms (busy_timeout_ms)",
                self.settings.busy_timeout.as_millis()
            ))));
        };
        let mut is_second = false;
        loop {
            let told = |failed| told(if is_second { again(failed) } else { failed });
            let link = self.connected(&mut turn, until).map_err(told)?;
            let done = work(link);
            if link.is_broken() {
                *turn = None;
            }
            match done {
                Ok(done) => return Ok(done),
                Err(Failed::Lost(_)) if !is_second => is_second = true,
                Err(failed) if failed.is_of_a_moment() && Instant::now() < until => {}
                Err(failed) => return Err(told(failed)),
            }
        }
    }

    fn connected<'a>(
        &self,
        place: &'a mut Option<Link>,
        until: Instant,
    ) -> Result<&'a mut Link, Failed> {
        let link = match place {
            Some(link) => link,
            None => {
                let mut link = connect::to_any(&self.address, self.settings, until)?;
                schema::settle(&mut link)?;
                place.insert(link)
            }
        };
        link.until = until;
        Ok(link)
    }

    fn in_parts(
        &self,
        selection: &Selection,
        change: impl Fn(&mut Link, &[i64]) -> Result<u64, Failed>,
    ) -> Result<u64, Error> {
        in_parts(
            selection,
            |rest| self.read(|link| selection::numbers(link, rest)),
            |ids| self.transaction(|link, before| Ok(changed(change(link, ids)?, before))),
        )
    }
}

impl Store for PostgresStore {
    fn configure(&mut self, settings: EngineSettings) {
        if settings != self.settings {
            self.slot = OnceBox::new();
        }
        self.settings = settings;
    }

    fn add(&self, row: &NewRow, limit: u64) -> Result<Kept, Error> {
        self.with(|link| {
            if let Some(why) = &link.broken_promise {
                return Failed::refused(why);
            }
            add::add(link, row, limit)
        })
    }

    fn claim(
        &self,
        account: &str,
        credentials: &str,
        lease: Duration,
        id: Option<i64>,
    ) -> Result<Claim, Error> {
        let asked = Asked {
            account,
            credentials,
            lease,
            id,
        };
        self.transaction(|link, before| claim::claim(link, &asked, before))
    }

    fn settle(
        &self,
        account: &str,
        credentials: &str,
        claimed: &Claimed,
        settlement: &Settlement,
    ) -> Result<bool, Error> {
        self.transaction(|link, before| {
            settle::settle(link, account, credentials, claimed, settlement, before)
        })
    }

    fn failures(&self, account: &str) -> Result<(u32, u32), Error> {
        self.read(|link| {
            let (found, _) = account::read(link, account)?;
            Ok((found.circuit_failures, found.hold_failures))
        })
    }

    fn is_delivering(&self, account: &str) -> Result<bool, Error> {
        self.read(|link| claim::is_delivering(link, account))
    }

    fn status(&self) -> Result<Status, Error> {
        self.read(status::status)
    }

    fn list(&self, selection: &Selection) -> Result<Vec<Listed>, Error> {
        self.read(|link| selection::list(link, selection))
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
        while let Some(keep) = keep_dead.filter(|keep| *keep < Duration::MAX) {
            let gone = self.with(|link| selection::forget_part(link, keep))?;
            if gone < u64::from(selection::CHUNK) {
                break;
            }
        }
        self.with(count::fold_many)
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PostgresStore")
            .field("address", &self.address)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
