//! What a run of the deliverer did.

use std::fmt;
use std::time::Duration;

use super::row::Held;
use crate::error::Disposition;

/// How far a run may go. The default is all that is due, one after the other.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Limits {
    /// No further lead is begun after this time.
    pub time: Option<Duration>,
    /// So many leads at the most.
    pub leads: Option<u64>,
    /// How many are sent side by side, 1 to 256; each has a thread, which ends with the run.
    pub in_flight: Option<u32>,
    /// So many leads in a second at the most.
    pub per_second: Option<f64>,
    /// This lead alone. 0, which is the number of a lead in the spool, is no limit.
    pub id: Option<i64>,
    /// Nothing is begun where another worker has a lead of the account on its way when the run starts:
    /// that one goes on with what is due.
    pub alone: bool,
}

/// What a run of the deliverer did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Leads that the service has now, or had.
    pub delivered: u64,
    /// Delivered leads whose contact was in all of the groups before.
    pub known: u64,
    /// Leads that it was asked about twice, since an earlier attempt may have arrived.
    pub repeated: u64,
    /// Leads that it refused, or that waited too long. They are kept.
    pub dead: u64,
    /// Leads that are tried again.
    pub later: u64,
    /// Leads whose lease ran out while they were sent, so that another worker says what became of them.
    pub overtaken: u64,
    /// Why the account is held, or its way rests: nothing more was begun then.
    pub held: Option<String>,
    /// What to do about that: wait where the service is not reached
    /// ([`Later`](Disposition::Later)), or mend the account, its credentials or TLS
    /// ([`Hold`](Disposition::Hold)).
    pub held_by: Option<Disposition>,
    /// When a further run has something to do, as far as is known.
    pub next_due: Option<Duration>,
    /// Leads that came out of the spool.
    pub moved: u64,
    /// Why leads stay in the spool, where they do.
    pub unmoved: Option<String>,
}

impl Report {
    /// Notes what holds the account; of two, what is told first stays.
    pub(super) fn note_held(&mut self, held: Held) {
        self.next_due = Some(held.pause);
        if self.held.is_none() {
            self.held = Some(held.reason);
            self.held_by = Some(held.disposition);
        }
    }

    /// Whether no lead was begun.
    pub(super) fn is_empty(&self) -> bool {
        self.delivered + self.dead + self.later + self.overtaken == 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report {
            delivered,
            dead,
            later,
            ..
        } = self;
        write!(
            formatter,
            "{delivered} delivered, {dead} dead, {later} to be tried again"
        )?;
        if self.overtaken > 0 {
            write!(formatter, ", {} left to another process", self.overtaken)?;
        }
        if let Some(reason) = &self.held {
            write!(formatter, "; the account waits: {reason}")?;
        }
        if let Some(reason) = &self.unmoved {
            write!(formatter, "; leads stay in the spool: {reason}")?;
        }
        Ok(())
    }
}
