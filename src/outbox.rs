//! The outbox: a lead is kept in a moment, and delivered later by whoever comes.
//!
//! [`Outbox`] is its face, and a [`Store`] keeps the leads.

mod account;
mod deliver;
pub mod engine;
mod flow;
mod interruption;
mod json;
mod location;
mod moment;
#[cfg(feature = "mysql")]
pub mod mysql;
mod new_row;
mod pace;
mod parts;
#[cfg(feature = "postgres")]
pub mod postgres;
mod report;
mod rest;
pub mod row;
mod schedule;
mod settings;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod slot;
mod spool;
pub mod sqlite;
mod statement;
pub mod store;
mod within;

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::error::Error;
use crate::lead::Lead;
use crate::text;
use interruption::Interruption;
use row::{Kept, Listed, Salvaged, Selection, Status};
use settings::Settings;
use spool::{Moved, Spool};
use sqlite::SqliteStore;
use store::Store;

pub use json::{Which, rows_to_json, statements_to_json};
pub use location::file_of;
pub use report::{Limits, Report};
pub use statement::{Engine, Statement};
pub use within::statements;

const LIST_LIMIT: u32 = 100;
const PATH_LIMIT: usize = 4096;

/// Keeps leads on this host, and delivers them. Any number of threads and processes may use one
/// location at once, and an outbox made before `fork()` works in the child.
///
/// Once [`add`](Outbox::add) returned `Ok`, the lead survives the end of the process by any means and,
/// with the default durability, the loss of power of the host. It is sent at least once. It ends as
/// *delivered* (added, activation sent, or already registered), or as *dead* with the reason and the
/// service's answer, kept until somebody decides. It never ends in silence.
///
/// ```
/// # fn main() -> Result<(), justclick::Error> {
/// let client = justclick::Client::new("username", "secret")?;
/// let outbox = justclick::Outbox::open(":memory:")?;
/// let lead = justclick::Lead::from_json(r#"{"rid": ["super"], "lead_email": "lead@email.com"}"#)?;
/// outbox.add(&client, &lead, None)?;
/// assert_eq!(outbox.status()?.waiting, 1);
/// # Ok(())
/// # }
/// ```
pub struct Outbox {
    store: Box<dyn Store>,
    settings: Settings,
    spool: Option<Spool>,
}

impl Outbox {
    /// The outbox at a location: a path, `sqlite:PATH`, `postgres://…` or `mysql://…` where the library
    /// is built with it, or `:memory:` for one that ends with this value. A file, or the tables of a
    /// database, are made where there are none; a file for its owner alone.
    ///
    /// `sqlite:PATH?tables=site` is a file of the site's own, which must be there, and gets our tables
    /// beside the site's: [`statements`] then keep a lead within the site's transaction. The file is open
    /// during a call alone, and a call is refused where another SQLite library of this process has it open.
    ///
    /// A database is connected to at the first use, since it may be away: [`status`](Outbox::status)
    /// tells whether it can be used.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a location or a URL that cannot be,
    /// [`ErrorKind::NotStored`](crate::ErrorKind::NotStored) where the file cannot be opened, is none of ours, is damaged, or lies
    /// on a file system that cannot be trusted with it.
    pub fn open(location: impl AsRef<[u8]>) -> Result<Outbox, Error> {
        let settings = Settings::default();
        Ok(Outbox {
            store: location::open(location.as_ref(), settings.engine())?,
            settings,
            spool: None,
        })
    }

    /// An outbox that keeps its leads in an engine of the caller's own.
    pub fn with_store(store: impl Store + 'static) -> Outbox {
        Outbox {
            store: Box::new(store),
            settings: Settings::default(),
            spool: None,
        }
    }

    /// Sets one of [`OUTBOX_SETTINGS`](crate::setting::OUTBOX_SETTINGS) by its name, before the outbox is shared.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownName`](crate::ErrorKind::UnknownName) for a name that is not there, [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a
    /// value that cannot be, and for a spool where the outbox is a file itself. The outbox is as it was.
    pub fn set(&mut self, setting: &str, value: impl AsRef<[u8]>) -> Result<&mut Outbox, Error> {
        let mut settings = self.settings.clone();
        settings.set(setting, value.as_ref())?;
        self.take_over(settings)
    }

    /// Puts one of the settings back to its default.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownName`](crate::ErrorKind::UnknownName) for a name that is not there.
    pub fn unset(&mut self, setting: &str) -> Result<&mut Outbox, Error> {
        let mut settings = self.settings.clone();
        settings.unset(setting)?;
        self.take_over(settings)
    }

    /// The spool's file is opened when it is needed: a fault of it is in no healthy database's way.
    fn take_over(&mut self, settings: Settings) -> Result<&mut Outbox, Error> {
        if settings.spool() != self.settings.spool() {
            self.spool = (settings.spool())
                .map(|path| self.new_spool(path, &settings))
                .transpose()?;
        }
        self.store.configure(settings.engine());
        if let Some(spool) = &mut self.spool {
            spool.configure(settings.engine());
        }
        self.settings = settings;
        Ok(self)
    }

    fn new_spool(&self, path: &Path, settings: &Settings) -> Result<Spool, Error> {
        if !self.store.may_be_away() {
            return Err(Error::invalid_argument(
                "spool: it is for an outbox in a database; this one is on this host itself",
            ));
        }
        let local = SqliteStore::at(path, settings.engine())?;
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Ok(Spool::new(Box::new(local), path, settings.engine()))
    }

    /// Keeps a lead for the client's account; it is kept when this returns. Nothing is asked of the
    /// network but a database that the outbox is in. Where that takes no lead, and there is a spool, the
    /// lead is kept there, and its number is 0 until it is moved.
    ///
    /// `key` tells the lead from the account's others while it waits, such as an order's number; the
    /// default is made of the lead itself. Where the key waits already, the row that is there is told.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a lead or key that breaks a rule,
    /// [`ErrorKind::NotStored`](crate::ErrorKind::NotStored) where it could not be kept.
    pub fn add(&self, client: &Client, lead: &Lead, key: Option<&[u8]>) -> Result<Kept, Error> {
        let row = new_row::of(client, lead, key)?;
        let limit = self.settings.max_leads();
        match &self.spool {
            Some(spool) => spool.add(&*self.store, &row, limit),
            None => self.store.add(&row, limit),
        }
    }

    /// Delivers what is due for the client's account, within the limits; blocks until then. Each lead
    /// is sent once and waits for a later run where that failed. Leads of all accounts that are in the
    /// spool are moved first.
    ///
    /// # Errors
    /// [`ErrorKind::NotStored`](crate::ErrorKind::NotStored) where the store cannot be used. What became of leads is no error
    /// and stands in the report.
    pub fn deliver(&self, client: &Client, limits: &Limits) -> Result<Report, Error> {
        let limits = Limits {
            id: limits.id.filter(|id| *id != 0),
            ..limits.clone()
        };
        match &self.spool {
            Some(spool) => self.move_and_deliver(spool, client, &limits),
            None => self.deliver_kept(client, &limits),
        }
    }

    fn move_and_deliver(
        &self,
        spool: &Spool,
        client: &Client,
        limits: &Limits,
    ) -> Result<Report, Error> {
        // A web server's workers do not wait for a database one after the other.
        if limits.alone && spool.rests() {
            return Ok(Report::default());
        }
        let (began, interruption) = (Instant::now(), Interruption::of(client));
        let is_interrupted = || interruption.as_ref().is_some_and(|asked| asked.has_come());
        let is_over =
            || limits.time.is_some_and(|time| began.elapsed() >= time) || is_interrupted();
        let moved = match limits.id {
            Some(_) => Moved::default(),
            None => spool.move_to(&*self.store, self.settings.max_leads(), is_over),
        };
        let rest = Limits {
            time: (limits.time).map(|time| time.saturating_sub(began.elapsed())),
            ..limits.clone()
        };
        let mut report = if is_interrupted() {
            Report::default()
        } else {
            (self.deliver_kept(client, &rest)).map_err(|error| spool.told(error))?
        };
        report.moved = moved.leads;
        report.unmoved = moved.failure.map(|error| error.message().to_owned());
        Ok(report)
    }

    fn deliver_kept(&self, client: &Client, limits: &Limits) -> Result<Report, Error> {
        let report = deliver::run(&*self.store, client, self.settings.give_up_after(), limits)?;
        // A web server's workers come often while the account waits, and leave it at that.
        if !report.is_empty() || (report.held.is_none() && !limits.alone) {
            self.store.tidy(self.settings.keep_dead())?;
        }
        Ok(report)
    }

    /// How much there is, and what became of the rest.
    ///
    /// # Errors
    /// As [`Outbox::deliver`].
    pub fn status(&self) -> Result<Status, Error> {
        let Some(spool) = &self.spool else {
            return self.store.status();
        };
        let status = self.store.status().map_err(|error| spool.told(error))?;
        Ok(Status {
            spooled: spool.count()?,
            ..status
        })
    }

    /// The rows of a selection by their numbers, at most 100 where it says nothing else. Those in the
    /// spool are not among them, as they are not in [`retry`](Outbox::retry) and [`drop`](Outbox::drop).
    ///
    /// # Errors
    /// As [`Outbox::deliver`].
    pub fn list(&self, selection: &Selection) -> Result<Vec<Listed>, Error> {
        let limit = selection.limit.unwrap_or(LIST_LIMIT);
        self.store.list(&Selection {
            limit: Some(limit),
            ..selection.clone()
        })
    }

    /// Lets dead leads wait again, with no attempts made; returns how many.
    ///
    /// # Errors
    /// As [`Outbox::deliver`].
    pub fn retry(&self, selection: &Selection) -> Result<u64, Error> {
        self.store.retry(selection)
    }

    /// Drops leads for good; returns how many. One that is on its way stays.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a selection with neither numbers nor a state; else as
    /// [`Outbox::deliver`].
    pub fn drop(&self, selection: &Selection) -> Result<u64, Error> {
        if selection.ids.is_none() && selection.state.is_none() {
            return Err(Error::invalid_argument(
                "which: to drop leads, name their ids or their state",
            ));
        }
        Store::drop(&*self.store, selection)
    }

    /// Keeps what can be read of a damaged SQLite file, which is not changed: leads that waited or were
    /// dead wait here. Some may have been delivered before; the service then says that it knows them.
    /// Nobody may use the damaged file meanwhile. What was kept before stays where this fails, and it
    /// may be done again. A whole file is read as well, such as one whose leads move into a database.
    ///
    /// # Errors
    /// [`ErrorKind::NotStored`](crate::ErrorKind::NotStored) where the file cannot be read, or the
    /// leads cannot be kept.
    pub fn salvage(&self, damaged: impl AsRef<[u8]>) -> Result<Salvaged, Error> {
        let path = text::checked("damaged", damaged.as_ref(), PATH_LIMIT)?;
        let mut leads = 0;
        let lost = sqlite::salvage(Path::new(path), |found| {
            let mut row = found.lead;
            let kept = self.store.add(&row, self.settings.max_leads())?;
            // Another lead may wait by the key of a dead one.
            if kept.was_there && found.is_dead {
                row.key = new_row::own_key(&row.query);
                self.store.add(&row, self.settings.max_leads())?;
            }
            leads += 1;
            Ok(())
        })?;
        Ok(Salvaged { leads, lost })
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Outbox").finish_non_exhaustive()
    }
}

/// A whole number of milliseconds, for JSON.
fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
