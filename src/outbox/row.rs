//! A lead in the outbox as plain data. It holds the unsigned query and never the secret: it is signed
//! when it is delivered.

use std::fmt;
use std::time::Duration;

use crate::error::Disposition;
use crate::query::Query;

/// A lead that is to be kept.
#[derive(Debug, Clone)]
pub struct NewRow {
    /// Whose lead it is: the username and the base URL.
    pub account: String,
    /// What tells it from the account's other leads while it waits.
    pub key: String,
    /// The API's function that takes it.
    pub function: String,
    /// Its parameters.
    pub query: Query,
}

/// What keeping a lead came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The row's number, which is not used again. A lead in the spool has none yet: 0.
    pub id: i64,
    /// The row was there before: the same key waits already.
    pub was_there: bool,
}

/// A lead that a worker has for the time of its lease.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The row's number.
    pub id: i64,
    /// The fence: it grows with each claim, and a change is made only where it is still this one.
    pub fence: i64,
    /// The API's function that takes it.
    pub function: String,
    /// Its parameters, unsigned.
    pub query: String,
    /// How many attempts were made that the lead itself answers for, before this one.
    pub attempts: u32,
    /// Whether an earlier attempt may have arrived without an answer.
    pub may_have_arrived: bool,
    /// How long it has waited in all.
    pub age: Duration,
}

/// Who asks for a lead, and for how long.
#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(super) struct Asked<'a> {
    pub(super) account: &'a str,
    pub(super) credentials: &'a str,
    pub(super) lease: Duration,
    /// This lead alone.
    pub(super) id: Option<i64>,
}

/// What a worker finds where it asks for a lead.
#[derive(Debug, Clone)]
pub enum Claim {
    /// A lead, which is this worker's until its lease ends.
    Row(Box<Claimed>),
    /// Nothing is due; the next is after this time, if any waits.
    Nothing(Option<Duration>),
    /// Nothing of the account is claimed for a while.
    Held(Held),
}

/// Why nothing of an account is claimed for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// For how long.
    pub pause: Duration,
    /// Why, for people.
    pub reason: String,
    /// [`Later`](Disposition::Later) where the service is not reached, [`Hold`](Disposition::Hold) where
    /// the account or the set-up has to be mended.
    pub disposition: Disposition,
}

/// Why a lead is dead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Death {
    /// For people.
    pub reason: String,
    /// The service's code, -1 without an answer.
    pub code: i32,
    /// The service's text.
    pub text: String,
}

/// What becomes of a claimed lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// The service has it: the row goes, and is counted.
    Delivered,
    /// It is refused for good, or has waited too long: the row stays, until somebody decides.
    Dead(Death),
    /// It is tried again after this time.
    Later {
        /// How long it waits at the least.
        wait: Duration,
        /// This attempt may have arrived without an answer.
        may_have_arrived: bool,
        /// Why, for people.
        reason: String,
        /// The account skips for this time, since the failure lies on the way.
        circuit: Option<Duration>,
    },
    /// Nothing is wrong with it: it waits untouched, and its account is held.
    Hold {
        /// For how long nothing of the account is claimed by who has the same credentials.
        pause: Duration,
        /// Why, for people.
        reason: String,
    },
}

/// What was left in a damaged file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Salvaged {
    /// Leads that were found, and are kept now.
    pub leads: u64,
    /// Rows that were there, but not whole.
    pub lost: u64,
}

/// The state of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits to be delivered.
    Waiting,
    /// A worker has it.
    Leased,
    /// It is refused, or has waited too long.
    Dead,
}

/// Which rows are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Those in this state.
    pub state: Option<State>,
    /// Those of this account.
    pub account: Option<String>,
    /// Those with these numbers.
    pub ids: Option<Vec<i64>>,
    /// Those with larger numbers than this.
    pub after: i64,
    /// So many at the most.
    pub limit: Option<u32>,
}

/// A row as it is listed.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The row's number.
    pub id: i64,
    /// Whose lead it is.
    pub account: String,
    /// What tells it from the others.
    pub key: String,
    /// Its state.
    pub state: State,
    /// How many attempts were made.
    pub attempts: u32,
    /// How long it has been kept.
    pub age: Duration,
    /// When it is due, from now; zero where it is due already, leased or dead.
    pub due_in: Duration,
    /// Why the last attempt failed, or why it is dead.
    pub reason: String,
    /// The service's code, -1 without an answer.
    pub code: i32,
    /// The service's text.
    pub text: String,
    /// Its parameters: somebody's personal data.
    pub query: String,
}

/// An account whose leads are kept.
#[derive(Debug, Clone)]
pub struct AccountStatus {
    /// The username and the base URL.
    pub account: String,
    /// For how long nothing of it is claimed; zero where nothing holds it.
    pub held_for: Duration,
    /// Why, for people.
    pub reason: String,
}

/// How much the outbox holds, and what became of the rest.
#[derive(Debug, Clone, Default)]
pub struct Status {
    /// Rows that wait.
    pub waiting: u64,
    /// Rows that a worker has.
    pub leased: u64,
    /// Rows that are dead.
    pub dead: u64,
    /// Leads that were delivered since the store was made.
    pub delivered: u64,
    /// Leads that were dropped by somebody's word.
    pub dropped: u64,
    /// Leads in the spool, which are not counted elsewhere.
    pub spooled: u64,
    /// How long the oldest waits.
    pub oldest_waiting: Option<Duration>,
    /// When the next is due, from now.
    pub next_due: Option<Duration>,
    /// The accounts that are held.
    pub accounts: Vec<AccountStatus>,
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} waiting, {} on their way, {} dead, {} delivered, {} dropped",
            self.waiting, self.leased, self.dead, self.delivered, self.dropped
        )?;
        if self.spooled > 0 {
            write!(formatter, ", {} in the spool", self.spooled)?;
        }
        for account in &self.accounts {
            let (name, reason) = (&account.account, &account.reason);
            write!(formatter, "; {name} waits: {reason}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Salvaged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Salvaged { leads, lost } = self;
        write!(formatter, "{leads} leads salvaged, {lost} not to be read")
    }
}
