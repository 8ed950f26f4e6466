//! What an account's leads wait for: a hold, the circuit, another worker's probe.

use std::time::Duration;

use super::clock::{between, milliseconds};
use super::failure::Failed;
use super::link::Link;
use super::schema::NOW;
use super::value::Value;

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
    now: i64,
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
pub(super) fn read(link: &mut Link, account: &str) -> Result<Account, Failed> {
    find(link, account, "")
}

/// As [`read`]; until the transaction's end no other worker claims or changes it.
pub(super) fn lock(link: &mut Link, account: &str) -> Result<Account, Failed> {
    find(link, account, "for update")
}

fn find(link: &mut Link, account: &str, lock: &str) -> Result<Account, Failed> {
    let sql = format!(
        "select reason, held_until, hold_failures, hold_credentials, circuit_until,
                circuit_failures, probe_until, {NOW}
         from justclick_account where account = $1 {lock}"
    );
    let Some(row) = link.row(&sql, &[Value::Text(account)])? else {
        return Ok(Account::default());
    };
    let failures = |number: i32| u32::try_from(number).unwrap_or_default();
    Ok(Account {
        reason: row.try_get(0)?,
        held_until: row.try_get(1)?,
        hold_failures: failures(row.try_get(2)?),
        hold_credentials: row.try_get(3)?,
        circuit_until: row.try_get(4)?,
        circuit_failures: failures(row.try_get(5)?),
        probe_until: row.try_get(6)?,
        now: row.try_get(7)?,
    })
}

impl Account {
    /// How long a worker with these credentials is to skip it.
    pub(super) fn pause(&self, credentials: &str) -> Option<Duration> {
        let held = if self.is_of(credentials) {
            self.held_until
        } else {
            0
        };
        let paused = between(self.now, held.max(self.circuit_until));
        if !paused.is_zero() {
            return Some(paused);
        }
        let probe = between(self.now, self.probe_until).min(PROBE_PAUSE);
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
    link: &mut Link,
    account: &str,
    id: i64,
    lease: Duration,
) -> Result<(), Failed> {
    let sql = format!(
        "update justclick_account set probe_id = $2, probe_until = {NOW} + $3 where account = $1"
    );
    let values = [
        Value::Text(account),
        Value::Number(id),
        Value::Number(milliseconds(lease)),
    ];
    link.change(&sql, &values).map(drop)
}

/// Writes what the worker of a row knows now.
pub(super) fn change(
    link: &mut Link,
    account: &str,
    id: i64,
    change: &Change,
) -> Result<(), Failed> {
    if matches!(change, Change::Works) {
        return release(link, account);
    }
    link.change(
        "update justclick_account set probe_id = 0, probe_until = 0
         where account = $1 and probe_id = $2",
        &[Value::Text(account), Value::Number(id)],
    )?;
    match change {
        Change::Unknown | Change::Works => Ok(()),
        Change::Answers => answers(link, account),
        Change::Circuit(pause, reason) => break_circuit(link, account, *pause, reason),
        Change::Hold(pause, credentials, reason) => {
            hold(link, account, *pause, credentials, reason)
        }
    }
}

/// Ends the holds and pauses of an account.
pub(super) fn release(link: &mut Link, account: &str) -> Result<(), Failed> {
    let sql = "delete from justclick_account where account = $1";
    link.change(sql, &[Value::Text(account)]).map(drop)
}

fn answers(link: &mut Link, account: &str) -> Result<(), Failed> {
    link.change(
        "update justclick_account set circuit_until = 0, circuit_failures = 0 where account = $1",
        &[Value::Text(account)],
    )
    .map(drop)
}

fn break_circuit(
    link: &mut Link,
    account: &str,
    pause: Duration,
    reason: &str,
) -> Result<(), Failed> {
    let sql = format!(
        "insert into justclick_account as there (account, reason, circuit_until, circuit_failures)
         values ($1, $2, {NOW} + $3, 1)
         on conflict (account) do update set reason = excluded.reason,
             circuit_until = greatest(there.circuit_until, excluded.circuit_until),
             circuit_failures = there.circuit_failures + 1"
    );
    let values = [
        Value::Text(account),
        Value::Text(reason),
        Value::Number(milliseconds(pause)),
    ];
    link.change(&sql, &values).map(drop)
}

/// A hold is an answer, so the circuit is closed.
fn hold(
    link: &mut Link,
    account: &str,
    pause: Duration,
    credentials: &str,
    reason: &str,
) -> Result<(), Failed> {
    let sql = format!(
        "insert into justclick_account as there
             (account, reason, held_until, hold_failures, hold_credentials)
         values ($1, $2, {NOW} + $3, 1, $4)
         on conflict (account) do update set reason = excluded.reason,
             held_until = excluded.held_until,
             hold_failures = 1 + case when there.hold_credentials = excluded.hold_credentials
                                      then there.hold_failures else 0 end,
             hold_credentials = excluded.hold_credentials, circuit_until = 0, circuit_failures = 0"
    );
    let values = [
        Value::Text(account),
        Value::Text(reason),
        Value::Number(milliseconds(pause)),
        Value::Text(credentials),
    ];
    link.change(&sql, &values).map(drop)
}
