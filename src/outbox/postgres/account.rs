//! Keeps what an account's leads wait for.

use std::time::Duration;

use super::failure::Failed;
use super::link::Link;
use super::schema::NOW;
use super::value::{Value, storable};
use crate::outbox::account::{Account, Change};
use crate::outbox::moment::milliseconds;

/// The account, and the time; one that never failed stands nowhere.
pub(super) fn read(link: &mut Link, account: &str) -> Result<(Account, i64), Failed> {
    find(link, account, "")
}

/// As [`read`]; until the transaction's end no other worker claims or changes it.
pub(super) fn lock(link: &mut Link, account: &str) -> Result<(Account, i64), Failed> {
    find(link, account, "for update")
}

fn find(link: &mut Link, account: &str, lock: &str) -> Result<(Account, i64), Failed> {
    let sql = format!(
        "select reason, held_until, hold_failures, hold_credentials, circuit_until,
                circuit_failures, probe_until, {NOW}
         from justclick_account where account = $1 {lock}"
    );
    let Some(row) = link.row(&sql, &[Value::Text(account)])? else {
        return Ok((Account::default(), 0));
    };
    let failures = |number: i32| u32::try_from(number).unwrap_or_default();
    let account = Account {
        reason: row.try_get(0)?,
        held_until: row.try_get(1)?,
        hold_failures: failures(row.try_get(2)?),
        hold_credentials: row.try_get(3)?,
        circuit_until: row.try_get(4)?,
        circuit_failures: failures(row.try_get(5)?),
        probe_until: row.try_get(6)?,
    };
    Ok((account, row.try_get(7)?))
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
    credentials: &str,
    id: i64,
    change: Change,
) -> Result<(), Failed> {
    if change == Change::Works {
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
        Change::Circuit { pause, reason } => break_circuit(link, account, pause, reason),
        Change::Hold { pause, reason } => hold(link, account, pause, credentials, reason),
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
        Value::Text(&storable(reason)),
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
        Value::Text(&storable(reason)),
        Value::Number(milliseconds(pause)),
        Value::Text(credentials),
    ];
    link.change(&sql, &values).map(drop)
}
