//! A store that is away on command.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use justclick::Error;
use justclick::outbox::engine::EngineSettings;
use justclick::outbox::row::{Claim, Claimed, Kept, Listed, NewRow, Selection, Settlement, Status};
use justclick::outbox::sqlite::SqliteStore;
use justclick::outbox::store::Store;

/// What becomes of the calls of a store.
#[derive(Default)]
pub struct State {
    pub is_away: AtomicBool,
    /// A lead is kept, and the answer is lost.
    pub loses_answers: AtomicBool,
    /// How many times a lead was to be kept.
    pub asked: AtomicUsize,
    /// A lead with the key "poison" is refused as if the store were away.
    pub refuses_poison: AtomicBool,
    /// The process ends when so many were kept; 0 is never.
    pub dies_after: AtomicUsize,
}

impl State {
    pub fn new() -> Arc<State> {
        Arc::default()
    }

    pub fn leave(&self) {
        self.is_away.store(true, SeqCst);
    }

    pub fn come_back(&self) {
        self.is_away.store(false, SeqCst);
        self.loses_answers.store(false, SeqCst);
    }

    pub fn asked(&self) -> usize {
        self.asked.load(SeqCst)
    }
}

pub struct Shared {
    store: SqliteStore,
    state: Arc<State>,
}

impl Shared {
    pub fn open(path: &Path, state: &Arc<State>) -> Shared {
        let settings = EngineSettings {
            busy_timeout: Duration::from_secs(20),
            ..EngineSettings::default()
        };
        Shared {
            store: SqliteStore::open(path, settings).expect("a store"),
            state: Arc::clone(state),
        }
    }

    fn there(&self) -> Result<&SqliteStore, Error> {
        if self.state.is_away.load(SeqCst) {
            return Err(away());
        }
        Ok(&self.store)
    }
}

/// A failure as an engine tells it.
fn away() -> Error {
    SqliteStore::open("/no such folder/shared.db", EngineSettings::default())
        .expect_err("there is none")
}

impl Store for Shared {
    fn configure(&mut self, settings: EngineSettings) {
        self.store.configure(settings);
    }

    fn add(&self, row: &NewRow, limit: u64) -> Result<Kept, Error> {
        let asked = self.state.asked.fetch_add(1, SeqCst) + 1;
        if row.key == "poison" && self.state.refuses_poison.load(SeqCst) {
            return Err(away());
        }
        let kept = self.there()?.add(row, limit)?;
        if asked == self.state.dies_after.load(SeqCst) {
            std::process::abort();
        }
        if self.state.loses_answers.load(SeqCst) {
            return Err(away());
        }
        Ok(kept)
    }

    fn claim(
        &self,
        account: &str,
        credentials: &str,
        lease: Duration,
        id: Option<i64>,
    ) -> Result<Claim, Error> {
        self.there()?.claim(account, credentials, lease, id)
    }

    fn settle(
        &self,
        account: &str,
        credentials: &str,
        claimed: &Claimed,
        settlement: &Settlement,
    ) -> Result<bool, Error> {
        (self.there()?).settle(account, credentials, claimed, settlement)
    }

    fn failures(&self, account: &str) -> Result<(u32, u32), Error> {
        self.there()?.failures(account)
    }

    fn is_delivering(&self, account: &str) -> Result<bool, Error> {
        self.there()?.is_delivering(account)
    }

    fn status(&self) -> Result<Status, Error> {
        self.there()?.status()
    }

    fn list(&self, selection: &Selection) -> Result<Vec<Listed>, Error> {
        self.there()?.list(selection)
    }

    fn retry(&self, selection: &Selection) -> Result<u64, Error> {
        self.there()?.retry(selection)
    }

    fn drop(&self, selection: &Selection) -> Result<u64, Error> {
        Store::drop(self.there()?, selection)
    }

    fn tidy(&self, keep_dead: Option<Duration>) -> Result<(), Error> {
        self.there()?.tidy(keep_dead)
    }
}
