//! When an account's leads may be claimed: a hold, the circuit, another worker's probe. The engines keep
//! what it says, in the words of their own.

use std::time::Duration;

use super::moment::between;
use super::row::{Held, Settlement};
use crate::error::Disposition;

/// How long others wait where one worker probes: it is told within a round trip, not at its lease's end.
const PROBE_PAUSE: Duration = Duration::from_secs(1);

/// An account's failures and pauses. Each moment is the store's, in milliseconds.
#[derive(Debug, Clone, Default)]
pub(super) struct Account {
    pub(super) reason: String,
    pub(super) held_until: i64,
    pub(super) hold_failures: u32,
    /// A hold counts for those alone who had the same.
    pub(super) hold_credentials: String,
    pub(super) circuit_until: i64,
    pub(super) circuit_failures: u32,
    pub(super) probe_until: i64,
}

impl Account {
    /// Why a worker with these credentials is to skip it, if it is.
    pub(super) fn held(&self, credentials: &str, now: i64) -> Option<Held> {
        let pause = self.pause(credentials, now);
        (!pause.is_zero()).then(|| Held {
            pause,
            reason: self.reason.clone(),
            disposition: if self.circuit_failures == 0 {
                Disposition::Hold
            } else {
                Disposition::Later
            },
        })
    }

    fn pause(&self, credentials: &str, now: i64) -> Duration {
        let held = if self.is_of(credentials) {
            self.held_until
        } else {
            0
        };
        let paused = between(now, held.max(self.circuit_until));
        if paused.is_zero() && self.needs_probe(credentials) {
            between(now, self.probe_until).min(PROBE_PAUSE)
        } else {
            paused
        }
    }

    /// Whether one worker goes first: the last that was heard is a failure.
    pub(super) fn needs_probe(&self, credentials: &str) -> bool {
        self.circuit_failures > 0 || (self.hold_failures > 0 && self.is_of(credentials))
    }

    fn is_of(&self, credentials: &str) -> bool {
        self.hold_credentials == credentials
    }
}

/// What becomes of an account once a worker knows more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change<'a> {
    /// The account works.
    Works,
    /// The service answers; a hold stays as it is.
    Answers,
    /// The service is not reached.
    Circuit { pause: Duration, reason: &'a str },
    /// No lead of its worker's credentials will fare better.
    Hold { pause: Duration, reason: &'a str },
    /// Nothing is known but that the probe is over.
    Unknown,
}

impl<'a> Change<'a> {
    /// What a lead's ending says of its account.
    pub(super) fn of(settlement: &'a Settlement) -> Change<'a> {
        match settlement {
            Settlement::Delivered => Change::Works,
            Settlement::Dead(_) => Change::Answers,
            Settlement::Later {
                circuit: Some(pause),
                reason,
                ..
            } => Change::Circuit {
                pause: *pause,
                reason,
            },
            Settlement::Later { circuit: None, .. } => Change::Unknown,
            Settlement::Hold { pause, reason } => Change::Hold {
                pause: *pause,
                reason,
            },
        }
    }
}
