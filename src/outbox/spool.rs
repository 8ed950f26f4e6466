//! The spool keeps leads on this host while the store that they are for is away, and moves them there.
//!
//! Keys that wait are unique in the store, so that a lead which is moved twice, since its mover died in
//! between, is one row of it. Where it was delivered meanwhile it is sent again, and the service says
//! that it has the contact.

use std::path::PathBuf;
use std::time::Duration;

use super::engine::EngineSettings;
use super::rest;
use super::row::{Claim, Claimed, Kept, Listed, NewRow, Selection, Settlement};
use super::store::Store;
use crate::error::{Error, ErrorKind, Refused};
use crate::query::Query;

const BATCH: u32 = 100;
/// A mover that lives is done with a lead before. Where it is not, both move it, which does no harm.
const LEASE_MARGIN: Duration = Duration::from_secs(5);
/// The spool's leads are claimed to be moved, whatever the secret is.
const NO_CREDENTIALS: &str = "";

/// A store on this host, for leads of another that is away.
pub(super) struct Spool {
    local: Box<dyn Store>,
    /// What tells it from the process's other spools.
    path: PathBuf,
    patience: Duration,
}

/// What moving leads came to.
#[derive(Default)]
pub(super) struct Moved {
    pub(super) leads: u64,
    /// Why leads stay, where they do.
    pub(super) failure: Option<Error>,
}

impl Spool {
    pub(super) fn new(local: Box<dyn Store>, path: PathBuf, settings: EngineSettings) -> Spool {
        Spool {
            local,
            path,
            patience: settings.busy_timeout,
        }
    }

    pub(super) fn configure(&mut self, settings: EngineSettings) {
        self.local.configure(settings);
        self.patience = settings.busy_timeout;
    }

    /// Keeps a lead in the store, or here where the store takes none. One that breaks a rule of the
    /// store's, or is one too many for it, is kept nowhere.
    pub(super) fn add(&self, store: &dyn Store, row: &NewRow, limit: u64) -> Result<Kept, Error> {
        let away = if rest::is_over(&self.path, self.patience) {
            match self.try_store(store, row, limit) {
                Err(error) if is_away(&error) => Some(error),
                answered => return answered,
            }
        } else {
            None
        };
        match (self.local.add(row, limit), away) {
            (Ok(kept), _) => Ok(Kept { id: 0, ..kept }),
            (Err(error), Some(away)) => Err(away.with_note(error.message())),
            // It was not asked before, and may be there by now.
            (Err(error), None) => {
                (self.try_store(store, row, limit)).map_err(|away| away.with_note(error.message()))
            }
        }
    }

    /// Whether the store was away a moment ago.
    pub(super) fn rests(&self) -> bool {
        rest::holds(&self.path)
    }

    /// How many leads are here.
    pub(super) fn count(&self) -> Result<u64, Error> {
        (self.local.status()).map(|status| status.waiting + status.leased)
    }

    /// A failure of the store, and how many leads wait for it here.
    pub(super) fn told(&self, error: Error) -> Error {
        match self.count() {
            Ok(0) => error,
            Ok(leads) => error.with_note(&format!("{leads} leads wait in the spool")),
            Err(other) => error.with_note(other.message()),
        }
    }

    /// Moves leads of all accounts into the store, until all are moved, the store takes no more or it
    /// `is_over`.
    pub(super) fn move_to(
        &self,
        store: &dyn Store,
        limit: u64,
        is_over: impl Fn() -> bool,
    ) -> Moved {
        let mut moved = Moved::default();
        if let Err(error) = self.move_batches(store, limit, is_over, &mut moved) {
            moved.failure = Some(error);
        }
        if moved.leads > 0
            && let Err(error) = self.local.tidy(None)
        {
            moved.failure.get_or_insert(error);
        }
        moved
    }

    fn move_batches(
        &self,
        store: &dyn Store,
        limit: u64,
        is_over: impl Fn() -> bool,
        moved: &mut Moved,
    ) -> Result<(), Error> {
        let mut next = Selection {
            limit: Some(BATCH),
            ..Selection::default()
        };
        loop {
            let mut batch = self.local.list(&next)?;
            let Some(last) = batch.last() else {
                return Ok(());
            };
            next.after = last.id;
            // One that fails each time is in nobody's way.
            batch.sort_by_key(|listed| (listed.attempts, listed.id));
            for listed in batch {
                if is_over() {
                    return Ok(());
                }
                match self.move_one(store, limit, &listed) {
                    Ok(is_moved) => moved.leads += u64::from(is_moved),
                    Err(error) if error.refused() == Refused::This => moved.failure = Some(error),
                    Err(error) => return Err(error),
                }
            }
        }
    }

    /// False where another mover has it, or had it.
    fn move_one(&self, store: &dyn Store, limit: u64, listed: &Listed) -> Result<bool, Error> {
        let lease = self.patience * 2 + LEASE_MARGIN;
        let (account, id) = (&listed.account, Some(listed.id));
        let Claim::Row(claimed) = (self.local).claim(account, NO_CREDENTIALS, lease, id)? else {
            return Ok(false);
        };
        let row = NewRow {
            account: account.clone(),
            key: listed.key.clone(),
            function: claimed.function.clone(),
            query: Query::parse(&claimed.query).map_err(|error| unreadable(&error, listed.id))?,
        };
        match self.try_store(store, &row, limit) {
            Ok(_) => self.settle(account, &claimed, &Settlement::Delivered),
            Err(error) => {
                let put_back = Settlement::Later {
                    wait: Duration::ZERO,
                    may_have_arrived: false,
                    reason: error.message().to_owned(),
                    circuit: None,
                };
                self.settle(account, &claimed, &put_back)?;
                Err(error)
            }
        }
    }

    fn settle(
        &self,
        account: &str,
        claimed: &Claimed,
        settlement: &Settlement,
    ) -> Result<bool, Error> {
        (self.local).settle(account, NO_CREDENTIALS, claimed, settlement)
    }

    fn try_store(&self, store: &dyn Store, row: &NewRow, limit: u64) -> Result<Kept, Error> {
        let added = store.add(row, limit);
        match &added {
            Err(error) if is_away(error) => rest::begin(&self.path),
            _ => rest::end(&self.path),
        }
        added
    }
}

/// Whether the store takes no lead at all, for whatever reason.
fn is_away(error: &Error) -> bool {
    error.kind() == ErrorKind::NotStored && error.refused() == Refused::All
}

/// Somebody else wrote to the file.
fn unreadable(error: &Error, id: i64) -> Error {
    let message = format!("lead {id} of the spool cannot be read: {}", error.message());
    Error::new(ErrorKind::NotStored, message).with_refused(Refused::This)
}
