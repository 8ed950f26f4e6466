//! Stores that break one rule. A proof that does not find out proves nothing.

use std::str::FromStr;
use std::sync::Mutex;
use std::time::Duration;

use justclick::Error;
use justclick::outbox::engine::EngineSettings;
use justclick::outbox::row::{Claim, Claimed, Kept, Listed, NewRow, Selection, Settlement, Status};
use justclick::outbox::store::Store;

/// The rule that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saboteur {
    /// None.
    Nobody,
    /// A worker that was overtaken settles all the same.
    WithoutFence,
    /// A lead counts as delivered before the service was asked.
    DeletesFirst,
    /// Two workers are given the same lead, as by a claim outside the transaction.
    SharesClaims,
    /// The file is made anew where it is damaged. This is up to who opens it.
    Recreates,
    /// The process ends at a claim.
    Dies,
    /// A lead that could not be kept is told as kept.
    KeepsSilent,
}

impl FromStr for Saboteur {
    type Err = String;

    fn from_str(text: &str) -> Result<Saboteur, String> {
        use Saboteur::*;
        let all = [
            Nobody,
            WithoutFence,
            DeletesFirst,
            SharesClaims,
            Recreates,
            Dies,
            KeepsSilent,
        ];
        (all.into_iter())
            .find(|saboteur| format!("{saboteur:?}") == text)
            .ok_or_else(|| format!("there is no saboteur {text}"))
    }
}

/// A store in the hands of a saboteur.
pub struct Sabotaged {
    store: Box<dyn Store>,
    saboteur: Saboteur,
    shared: Mutex<Option<Claim>>,
}

impl Sabotaged {
    pub fn new(store: impl Store + 'static, saboteur: Saboteur) -> Sabotaged {
        Sabotaged::of(Box::new(store), saboteur)
    }

    pub fn of(store: Box<dyn Store>, saboteur: Saboteur) -> Sabotaged {
        Sabotaged {
            store,
            saboteur,
            shared: Mutex::default(),
        }
    }

    /// Every other call is given the lead of the one before.
    fn shared(&self, claim: impl FnOnce() -> Result<Claim, Error>) -> Result<Claim, Error> {
        let mut shared = self.shared.lock().expect("the shared claim");
        if let Some(claim) = shared.take() {
            return Ok(claim);
        }
        let claim = claim()?;
        *shared = Some(claim.clone()).filter(|claim| matches!(claim, Claim::Row(_)));
        Ok(claim)
    }

    /// Tries all fences that may have come since.
    fn settled_later(
        &self,
        account: &str,
        credentials: &str,
        claimed: &Claimed,
        settlement: &Settlement,
    ) -> Result<bool, Error> {
        for later in 0..10 {
            let other = Claimed {
                fence: claimed.fence + later,
                ..claimed.clone()
            };
            if (self.store).settle(account, credentials, &other, settlement)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Store for Sabotaged {
    fn configure(&mut self, settings: EngineSettings) {
        self.store.configure(settings);
    }

    fn add(&self, row: &NewRow, limit: u64) -> Result<Kept, Error> {
        match self.store.add(row, limit) {
            Err(_) if self.saboteur == Saboteur::KeepsSilent => Ok(Kept {
                id: 1,
                was_there: false,
            }),
            other => other,
        }
    }

    fn claim(
        &self,
        account: &str,
        credentials: &str,
        lease: Duration,
        id: Option<i64>,
    ) -> Result<Claim, Error> {
        let claim = || self.store.claim(account, credentials, lease, id);
        match self.saboteur {
            Saboteur::SharesClaims => self.shared(claim),
            Saboteur::Dies => std::process::abort(),
            Saboteur::DeletesFirst => {
                let claim = claim()?;
                if let Claim::Row(claimed) = &claim {
                    (self.store).settle(account, credentials, claimed, &Settlement::Delivered)?;
                }
                Ok(claim)
            }
            _ => claim(),
        }
    }

    fn settle(
        &self,
        account: &str,
        credentials: &str,
        claimed: &Claimed,
        settlement: &Settlement,
    ) -> Result<bool, Error> {
        match self.saboteur {
            Saboteur::WithoutFence => self.settled_later(account, credentials, claimed, settlement),
            _ => (self.store).settle(account, credentials, claimed, settlement),
        }
    }

    fn failures(&self, account: &str) -> Result<(u32, u32), Error> {
        self.store.failures(account)
    }

    fn is_delivering(&self, account: &str) -> Result<bool, Error> {
        self.store.is_delivering(account)
    }

    fn status(&self) -> Result<Status, Error> {
        self.store.status()
    }

    fn list(&self, selection: &Selection) -> Result<Vec<Listed>, Error> {
        self.store.list(selection)
    }

    fn retry(&self, selection: &Selection) -> Result<u64, Error> {
        self.store.retry(selection)
    }

    fn drop(&self, selection: &Selection) -> Result<u64, Error> {
        Store::drop(&*self.store, selection)
    }

    fn tidy(&self, keep_dead: Option<Duration>) -> Result<(), Error> {
        self.store.tidy(keep_dead)
    }
}
