//! What an account's leads wait for: a hold, the circuit, another worker's probe.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::clock::{between, milliseconds};

/// How long others wait where one worker probes: it is told within a round trip, not at its lease's end.
const PROBE_PAUSE: Duration = Duration::from_secs(1);

/// An account's failures and pauses.
#[derive(Debug, Default)]
pub(super) struct Account {
    pub(super) reason: String,
    held_until: i64,
    pub(super) hold_failures: u32,
    hold_credentials: String,
    circuit_until: i64,
    pub(super) circuit_failures: u32,
    probe_until: i64,
}

/// What becomes of an account once a worker knows more.
pub(super) enum Change<'a> {
    /// The account works.
    Works,
    /// The service answers; a hold stays as it is.
    Answers,
    /// The service is not reached.
    Circuit(Duration, &'a str),
    /// No lead of these credentials will fare better.
    Hold(Duration, &'a str, &'a str),
    /// Nothing is known but that the probe is over.
    Unknown,
}

/// The account; one that never failed stands nowhere.
pub(super) fn read(connection: &Connection, account: &str) -> rusqlite::Result<Account> {
    (connection.prepare_cached(
        "select reason, held_until, hold_failures, hold_credentials, circuit_until,
                circuit_failures, probe_until
         from justclick_account where account = ?",
    )?)
    .query_row([account], |row| {
        Ok(Account {
            reason: row.get(0)?,
            held_until: row.get(1)?,
            hold_failures: row.get(2)?,
            hold_credentials: row.get(3)?,
            circuit_until: row.get(4)?,
            circuit_failures: row.get(5)?,
            probe_until: row.get(6)?,
        })
    })
    .optional()
    .map(Option::unwrap_or_default)
}

impl Account {
    /// How long a worker with these credentials is to skip it.
    pub(super) fn pause(&self, credentials: &str, now: i64) -> Option<Duration> {
        let held = if self.is_of(credentials) {
            self.held_until
        } else {
            0
        };
        let paused = between(now, held.max(self.circuit_until));
        if !paused.is_zero() {
            return Some(paused);
        }
        let probe = between(now, self.probe_until).min(PROBE_PAUSE);
        (self.needs_probe(credentials) && !probe.is_zero()).then_some(probe)
    }

    /// Whether one worker goes first: the last that was heard is a failure.
    pub(super) fn needs_probe(&self, credentials: &str) -> bool {
        self.circuit_failures > 0 || (self.hold_failures > 0 && self.is_of(credentials))
    }

    fn is_of(&self, credentials: &str) -> bool {
        self.hold_credentials == credentials
    }
}

/// Lets the worker of this row go first.
pub(super) fn begin_probe(
    connection: &Connection,
    account: &str,
    id: i64,
    until: i64,
) -> rusqlite::Result<()> {
    (connection.prepare_cached(
        "update justclick_account set probe_id = ?, probe_until = ? where account = ?",
    )?)
    .execute(params![id, until, account])?;
    Ok(())
}

/// Writes what the worker of a row knows now.
pub(super) fn change(
    connection: &Connection,
    account: &str,
    id: i64,
    change: &Change,
    now: i64,
) -> rusqlite::Result<()> {
    (connection.prepare_cached(
        "update justclick_account set probe_id = 0, probe_until = 0 where account = ? and probe_id = ?",
    )?)
    .execute(params![account, id])?;
    match change {
        Change::Unknown => Ok(()),
        Change::Works => works(connection, account),
        Change::Answers => answers(connection, account),
        Change::Circuit(pause, reason) => {
            break_circuit(connection, account, now + milliseconds(*pause), reason)
        }
        Change::Hold(pause, credentials, reason) => hold(
            connection,
            account,
            now + milliseconds(*pause),
            credentials,
            reason,
        ),
    }
}

fn works(connection: &Connection, account: &str) -> rusqlite::Result<()> {
    (connection.prepare_cached("delete from justclick_account where account = ?")?)
        .execute([account])
        .map(drop)
}

fn answers(connection: &Connection, account: &str) -> rusqlite::Result<()> {
    (connection.prepare_cached(
        "update justclick_account set circuit_until = 0, circuit_failures = 0 where account = ?",
    )?)
    .execute([account])
    .map(drop)
}

fn break_circuit(
    connection: &Connection,
    account: &str,
    until: i64,
    reason: &str,
) -> rusqlite::Result<()> {
    (connection.prepare_cached(
        "insert into justclick_account (account, reason, circuit_until, circuit_failures)
         values (?1, ?2, ?3, 1)
         on conflict (account) do update set reason = ?2, circuit_until = max(circuit_until, ?3),
             circuit_failures = circuit_failures + 1",
    )?)
    .execute(params![account, reason, until])
    .map(drop)
}

/// A hold is an answer, so the circuit is closed.
fn hold(
    connection: &Connection,
    account: &str,
    until: i64,
    credentials: &str,
    reason: &str,
) -> rusqlite::Result<()> {
    (connection.prepare_cached(
        "insert into justclick_account (account, reason, held_until, hold_failures, hold_credentials)
         values (?1, ?2, ?3, 1, ?4)
         on conflict (account) do update set reason = ?2, held_until = ?3,
             hold_failures = iif(hold_credentials = ?4, hold_failures, 0) + 1,
             hold_credentials = ?4, circuit_until = 0, circuit_failures = 0",
    )?)
    .execute(params![account, reason, until, credentials])
    .map(drop)
}

/// Ends the holds and pauses of an account.
pub(super) fn release(connection: &Connection, account: &str) -> rusqlite::Result<()> {
    works(connection, account)
}
