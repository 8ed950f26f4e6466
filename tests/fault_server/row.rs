//! A row of the table of faults: what goes wrong, and how the call must end.

use std::time::Duration;

use justclick::ErrorKind::{self, *};

use super::certificate::Flaw;
use super::fault::Fault;

pub struct Row {
    pub name: String,
    pub peer: Peer,
    /// How many leads the client sends before, without a fault.
    pub leads_before: usize,
    pub settings: Vec<(&'static str, String)>,
    pub at_every_attempt: Ending,
    pub at_the_first: Ending,
    /// The close is seen before the lead is sent, or by the lead itself, which is then sent again.
    pub perhaps_resent: bool,
    /// The longest that the call may take, with the fault at every attempt.
    pub longest: Duration,
}

/// Whom the client meets.
#[derive(Clone, Debug)]
pub enum Peer {
    /// A server that does this, without TLS and with it.
    Faulty(Fault),
    /// The same, but without TLS alone.
    Plain(Fault),
    /// The same, but with TLS alone, and with this certificate.
    Encrypted(Flaw, Fault),
    /// Nobody: connections are refused.
    Nobody,
    /// A host that answers no attempt to connect.
    Deaf,
    /// A name that no host has.
    NoSuchName,
}

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// `None` for a contact that was added.
    pub kind: Option<ErrorKind>,
    pub may_have_arrived: bool,
    pub attempts: usize,
}

pub const fn fails(kind: ErrorKind, may_have_arrived: bool, attempts: usize) -> Ending {
    Ending {
        kind: Some(kind),
        may_have_arrived,
        attempts,
    }
}

pub const fn added(attempts: usize) -> Ending {
    Ending {
        kind: None,
        may_have_arrived: true,
        attempts,
    }
}

/// What an attempt without a wait may take on a busy machine.
pub const AT_ONCE: u64 = 300;
/// The two waits between three attempts, at their longest, and the attempts.
pub const THREE_ATTEMPTS: u64 = 400 + 800 + AT_ONCE;
pub const DEADLINE: u64 = 600;

pub fn row(name: &str, peer: Peer, at_every_attempt: Ending, at_the_first: Ending) -> Row {
    Row {
        name: name.to_owned(),
        peer,
        leads_before: 0,
        settings: Vec::new(),
        at_every_attempt,
        at_the_first,
        perhaps_resent: false,
        longest: Duration::from_millis(AT_ONCE),
    }
}

/// A fault that no attempt follows, since none can help or it could do harm.
pub fn last(name: &str, fault: Fault, kind: ErrorKind, may_have_arrived: bool) -> Row {
    let ending = fails(kind, may_have_arrived, 1);
    row(name, Peer::Faulty(fault), ending, ending)
}

/// A fault that is tried again.
pub fn again(name: &str, fault: Fault, kind: ErrorKind, may_have_arrived: bool) -> Row {
    row(
        name,
        Peer::Faulty(fault),
        fails(kind, may_have_arrived, 3),
        added(2),
    )
    .within(THREE_ATTEMPTS)
}

/// An oddity that does no harm.
pub fn harmless(name: &str, fault: Fault) -> Row {
    row(name, Peer::Faulty(fault), added(1), added(1))
}

/// A fault that lasts until the deadline.
pub fn late(name: &str, fault: Fault, may_have_arrived: bool) -> Row {
    let kind = if may_have_arrived {
        OutcomeUnknown
    } else {
        Unreachable
    };
    let ending = fails(kind, may_have_arrived, 1);
    row(name, Peer::Faulty(fault), ending, ending).deadline(DEADLINE)
}

impl Row {
    pub fn within(mut self, milliseconds: u64) -> Row {
        self.longest = Duration::from_millis(milliseconds);
        self
    }

    pub fn deadline(self, milliseconds: u64) -> Row {
        self.setting("timeout_ms", milliseconds)
            .within(milliseconds)
    }

    pub fn setting(mut self, name: &'static str, value: u64) -> Row {
        self.settings.push((name, value.to_string()));
        self
    }

    pub fn encrypted(mut self, flaw: Flaw) -> Row {
        if let Peer::Faulty(fault) = self.peer {
            self.peer = Peer::Encrypted(flaw, fault);
        }
        self
    }

    pub fn plain(mut self) -> Row {
        if let Peer::Faulty(fault) = self.peer {
            self.peer = Peer::Plain(fault);
        }
        self
    }

    pub fn perhaps_resent(mut self) -> Row {
        self.perhaps_resent = true;
        self
    }

    /// On a connection that is already there.
    pub fn reused(mut self) -> Row {
        self.leads_before = 1;
        self
    }
}
