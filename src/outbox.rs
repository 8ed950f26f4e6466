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
mod pace;
#[cfg(feature = "postgres")]
pub mod postgres;
mod report;
pub mod row;
mod schedule;
mod settings;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod slot;
pub mod sqlite;
pub mod store;

use std::fmt;
use std::path::Path;
use std::time::Duration;

use ring::digest;

use crate::client::Client;
use crate::error::Error;
use crate::function;
use crate::lead::Lead;
use crate::query::Query;
use crate::text;
use row::{Kept, Listed, NewRow, Salvaged, Selection, Status};
use settings::Settings;
use store::Store;

pub use json::{Which, rows_to_json};
pub use report::{Limits, Report};

const KEY_LIMIT: usize = 256;
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
}

impl Outbox {
    /// The outbox at a location: a path, `sqlite:PATH`, `postgres://…` or `mysql://…` where the library
    /// is built with it, or `:memory:` for one that ends with this value. A file, or the tables of a
    /// database, are made where there are none; a file for its owner alone.
    ///
    /// # Errors
    /// [`ErrorKind::NotStored`](crate::ErrorKind::NotStored) where the file cannot be opened, is none of ours, is damaged, or lies
    /// on a file system that cannot be trusted with it, and where the database cannot be used.
    pub fn open(location: impl AsRef<[u8]>) -> Result<Outbox, Error> {
        let settings = Settings::default();
        Ok(Outbox {
            store: location::open(location.as_ref(), settings.engine())?,
            settings,
        })
    }

    /// An outbox that keeps its leads in an engine of the caller's own.
    pub fn with_store(store: impl Store + 'static) -> Outbox {
        Outbox {
            store: Box::new(store),
            settings: Settings::default(),
        }
    }

    /// Sets one of [`OUTBOX_SETTINGS`](crate::setting::OUTBOX_SETTINGS) by its name, before the outbox is shared.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownName`](crate::ErrorKind::UnknownName) for a name that is not there, [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a
    /// value that cannot be. The outbox is as it was.
    pub fn set(&mut self, setting: &str, value: impl AsRef<[u8]>) -> Result<&mut Outbox, Error> {
        self.settings.set(setting, value.as_ref())?;
        self.store.configure(self.settings.engine());
        Ok(self)
    }

    /// Puts one of the settings back to its default.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownName`](crate::ErrorKind::UnknownName) for a name that is not there.
    pub fn unset(&mut self, setting: &str) -> Result<&mut Outbox, Error> {
        self.settings.unset(setting)?;
        self.store.configure(self.settings.engine());
        Ok(self)
    }

    /// Keeps a lead for the client's account; it is kept when this returns. Nothing is asked of the
    /// network.
    ///
    /// `key` tells the lead from the account's others while it waits, such as an order's number; the
    /// default is made of the lead itself. Where the key waits already, the row that is there is told.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a lead or key that breaks a rule,
    /// [`ErrorKind::NotStored`](crate::ErrorKind::NotStored) where it could not be kept.
    pub fn add(&self, client: &Client, lead: &Lead, key: Option<&[u8]>) -> Result<Kept, Error> {
        let query = lead.query()?;
        let key = match key {
            Some(key) => checked_key(key)?.to_owned(),
            None => own_key(&query),
        };
        let row = NewRow {
            account: client.account()?,
            key,
            function: function::ADD_LEAD.to_owned(),
            query,
        };
        self.store.add(&row, self.settings.max_leads())
    }

    /// Delivers what is due for the client's account, within the limits; blocks until then. Each lead
    /// is sent once and waits for a later run where that failed.
    ///
    /// # Errors
    /// [`ErrorKind::NotStored`](crate::ErrorKind::NotStored) where the store cannot be used. What became of leads is no error
    /// and stands in the report.
    pub fn deliver(&self, client: &Client, limits: &Limits) -> Result<Report, Error> {
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
        self.store.status()
    }

    /// The rows of a selection by their numbers, at most 100 where it says nothing else.
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
    /// may be done again.
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
                row.key = own_key(&row.query);
                self.store.add(&row, self.settings.max_leads())?;
            }
            leads += 1;
            Ok(())
        })?;
        Ok(Salvaged { leads, lost })
    }
}

fn checked_key(key: &[u8]) -> Result<&str, Error> {
    let key = text::checked("key", key, KEY_LIMIT)?;
    if key.trim().is_empty() {
        return Err(Error::invalid_argument("key: it is empty"));
    }
    Ok(key)
}

/// Equal leads have equal keys. Visitors choose the bytes, so it is SHA-256.
fn own_key(query: &Query) -> String {
    let digest = digest::digest(&digest::SHA256, query.as_str().as_bytes());
    let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
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
