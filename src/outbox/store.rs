//! What an engine must do to keep leads. Nothing outside the engines knows SQL.

use std::time::Duration;

use super::engine::EngineSettings;
use super::row::{Claim, Claimed, Kept, Listed, NewRow, Selection, Settlement, Status};
use crate::error::Error;

/// Keeps leads. Any number of threads and processes may use one store at once.
///
/// Each call is one short transaction, and time is the store's own. Failures are of the kind
/// [`ErrorKind::NotStored`](crate::ErrorKind::NotStored).
pub trait Store: Send + Sync {
    /// Takes over what it keeps by, before it is shared.
    fn configure(&mut self, settings: EngineSettings);

    /// Whether this host may run without it, as it may without another host's: then a spool is of use.
    fn may_be_away(&self) -> bool {
        true
    }

    /// Keeps a lead: it survives what `durability` promises when this returns. Of a key that waits
    /// already the row that is there is told.
    fn add(&self, row: &NewRow, limit: u64) -> Result<Kept, Error>;

    /// Leases the lead of `account` that is due first, or the one with the number `id` if it is due.
    /// `credentials` tells who asks: a hold counts only for those who had the same. Where the circuit
    /// is open, one worker at a time gets a lead to probe with.
    fn claim(
        &self,
        account: &str,
        credentials: &str,
        lease: Duration,
        id: Option<i64>,
    ) -> Result<Claim, Error>;

    /// Says what became of a claimed lead. False where the lease ran out and another worker has it:
    /// then nothing changes.
    fn settle(
        &self,
        account: &str,
        credentials: &str,
        claimed: &Claimed,
        settlement: &Settlement,
    ) -> Result<bool, Error>;

    /// The account's failures in a row, for the length of its next pause: on the way, and held.
    fn failures(&self, account: &str) -> Result<(u32, u32), Error>;

    /// Whether a worker has a lead of the account on its way, and its lease holds.
    fn is_delivering(&self, account: &str) -> Result<bool, Error>;

    /// How much there is.
    fn status(&self) -> Result<Status, Error>;

    /// The rows of a selection by their numbers.
    fn list(&self, selection: &Selection) -> Result<Vec<Listed>, Error>;

    /// Dead rows of a selection wait again, with no attempts made, and the holds of their accounts
    /// end. A row whose key waits in another one stays dead. Returns how many wait again.
    fn retry(&self, selection: &Selection) -> Result<u64, Error>;

    /// Rows of a selection go for good, but those that a worker has. Returns how many.
    fn drop(&self, selection: &Selection) -> Result<u64, Error>;

    /// What can wait until a deliverer comes: dead rows that are older than `keep_dead` go, and what
    /// was written is brought into its place.
    fn tidy(&self, keep_dead: Option<Duration>) -> Result<(), Error>;
}
