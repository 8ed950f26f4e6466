//! The outbox in a database of MySQL or MariaDB, for any number of hosts.

mod account;
mod add;
mod address;
mod claim;
mod clock;
mod connect;
mod count;
mod failure;
mod link;
mod login;
mod password;
mod promise;
mod schema;
mod selection;
mod settle;
mod status;
mod version;
mod wire;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use once_cell::race::OnceBox;
use rustls::ClientConfig;

use super::account::Change;
use super::engine::{Durability, EngineSettings};
use super::moment::milliseconds;
use super::parts::{changed, dead, in_parts};
use super::row::{Asked, Claim, Claimed, Kept, Listed, NewRow, Selection, Settlement, Status};
use super::slot::{Slot, Turn};
use super::store::Store;
use crate::error::Error;
use crate::per_process::{PerProcess, of_this_process};
use crate::transport::dial;
use address::{Address, Tls};
use failure::Failed;
use link::Link;

/// Leads in tables of a database, `justclick_outbox` and four more, which are made at the first
/// opening.
///
/// Each process has one connection, a child made by `fork` one of its own. Each call ends within
/// `busy_timeout`, whatever the server and the network do.
pub struct MysqlStore {
    address: Address,
    settings: EngineSettings,
    tls: OnceBox<Arc<ClientConfig>>,
    slot: OnceBox<PerProcess<Slot<Link>>>,
}

impl MysqlStore {
    /// Opens `mysql://USER:PASSWORD@HOST:PORT/DATABASE`, and makes the tables where they are not
    /// there.
    ///
    /// Behind a question mark may stand `passwordfile=PATH` in place of the password, `socket=PATH` in
    /// place of the host, `ssl_ca=PATH` for the authority that the server's certificate is of, and
    /// `ssl_mode=verify_identity`, which is the default unless the server is on this host.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for a URL that cannot be,
    /// [`NotStored`](crate::ErrorKind::NotStored) with the reason where the database cannot be used.
    pub fn open(url: &str, settings: EngineSettings) -> Result<MysqlStore, Error> {
        let store = MysqlStore::at(url, settings)?;
        store.read(|_| Ok(()))?;
        Ok(store)
    }

    /// As [`open`](MysqlStore::open), but it connects at the first use.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for a URL that cannot be,
    /// [`NotStored`](crate::ErrorKind::NotStored) for a password file that cannot be read.
    pub fn at(url: &str, settings: EngineSettings) -> Result<MysqlStore, Error> {
        Ok(MysqlStore {
            address: Address::read(url)?,
            settings,
            tls: OnceBox::new(),
            slot: OnceBox::new(),
        })
    }

    /// One transaction that changes nothing.
    fn read<T>(&self, work: impl Fn(&mut Link) -> Result<T, Failed>) -> Result<T, Error> {
        self.in_time(|place, until| {
            (self.insist(place, until, |link, _| work(link))).map_err(Failed::without_doubt)
        })
    }

    /// One transaction. It is done again where others were in its way, and once where the connection
    /// was lost; `work` is told what it came to if the answer to its commit was lost.
    fn transaction<T>(
        &self,
        work: impl Fn(&mut Link, Option<&T>) -> Result<T, Failed>,
    ) -> Result<T, Error> {
        self.in_time(|place, until| self.insist(place, until, work))
    }

    fn in_time<T>(
        &self,
        action: impl FnOnce(Turn<'_, Link>, Instant) -> Result<T, Failed>,
    ) -> Result<T, Error> {
        let patience = self.settings.busy_timeout;
        let until = Instant::now() + patience;
        let slot = of_this_process(&self.slot, Slot::default);
        let done = match slot.take(until) {
            Some(place) => action(place, until),
            None => Err(Failed::Refused(format!(
                "other threads used its connection for longer than {} ms (busy_timeout_ms)",
                patience.as_millis()
            ))),
        };
        done.map_err(|failed| failed.told(&self.address.shown(), patience))
    }

    fn insist<T>(
        &self,
        mut place: Turn<'_, Link>,
        until: Instant,
        work: impl Fn(&mut Link, Option<&T>) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let mut was_lost = false;
        let mut unknown = None;
        loop {
            let failed = match self.attempt(&mut place, until, &work, unknown.as_ref()) {
                Ok(done) => return Ok(done),
                Err((failed, came_to)) => {
                    unknown = came_to.or(unknown);
                    failed
                }
            };
            let is_over = Instant::now() >= until;
            if failed.is_conflict() && !is_over {
                // Those that met do not meet again.
                std::thread::sleep(Duration::from_millis(10).mul_f64(crate::chance::chance()));
            } else if failed.is_lost() && !was_lost && !is_over {
                was_lost = true;
            } else {
                return Err(failed.with_doubt(unknown.is_some()));
            }
        }
    }

    /// With the failure comes what the work came to, where it may be committed all the same.
    fn attempt<T>(
        &self,
        place: &mut Turn<'_, Link>,
        until: Instant,
        work: impl Fn(&mut Link, Option<&T>) -> Result<T, Failed>,
        before: Option<&T>,
    ) -> Result<T, (Failed, Option<T>)> {
        let link = self.opened(place, until).map_err(|failed| (failed, None))?;
        let done = match work(link, before) {
            Ok(done) => match link.plain("commit") {
                Ok(_) => return Ok(done),
                Err(failed) if failed.ends_connection() => (failed, Some(done)),
                Err(failed) => (failed, None),
            },
            Err(failed) => (failed, None),
        };
        if done.0.ends_connection() || link.plain("rollback").is_err() {
            **place = None;
        }
        Err(done)
    }

    fn opened<'a>(
        &self,
        place: &'a mut Turn<'_, Link>,
        until: Instant,
    ) -> Result<&'a mut Link, Failed> {
        if !place.as_ref().is_some_and(Link::is_open) {
            **place = None;
            let tls = self.tls()?;
            let patience = self.settings.busy_timeout;
            **place = Some(connect::connect(&self.address, tls, until, patience)?);
        }
        let link = place.as_mut().ok_or(Failed::Late)?;
        link.set_deadline(until);
        Ok(link)
    }

    /// The trusted certificates are read once. An error is not remembered.
    fn tls(&self) -> Result<Option<Arc<ClientConfig>>, Failed> {
        let Tls::Verified(authorities) = &self.address.tls else {
            return Ok(None);
        };
        let made = || dial::verified("ssl_ca", authorities.as_deref()).map(Box::new);
        let config = self.tls.get_or_try_init(made).map_err(Failed::Refused)?;
        Ok(Some(Arc::clone(config)))
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

impl Store for MysqlStore {
    fn configure(&mut self, settings: EngineSettings) {
        if settings != self.settings {
            self.slot = OnceBox::new();
        }
        self.settings = settings;
    }

    fn add(&self, row: &NewRow, limit: u64) -> Result<Kept, Error> {
        self.transaction(|link, before| {
            if self.settings.durability == Durability::Power
                && let Some(why) = &link.broken_promise
            {
                return Err(Failed::Refused(why.clone()));
            }
            add::add(link, row, limit, before)
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
        if matches!(
            Change::of(settlement),
            Change::Circuit { .. } | Change::Hold { .. }
        ) {
            self.transaction(|link, _| account::make(link, account))?;
        }
        self.transaction(|link, before| {
            settle::settle(link, account, credentials, claimed, settlement, before)
        })
    }

    fn failures(&self, account: &str) -> Result<(u32, u32), Error> {
        self.read(|link| {
            let (_, found) = account::read(link, account)?;
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
        while self.transaction(|link, _| count::fold(link))? >= count::MANY {}
        let Some(keep) = keep_dead.map(milliseconds) else {
            return Ok(());
        };
        let forget = || self.transaction(|link, _| selection::forget(link, keep));
        while forget()? >= u64::from(selection::CHUNK) {}
        Ok(())
    }
}

impl fmt::Debug for MysqlStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MysqlStore")
            .field("address", &self.address)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
