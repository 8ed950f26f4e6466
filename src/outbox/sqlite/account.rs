//! Keeps what an account's leads wait for.

use rusqlite::{Connection, OptionalExtension, params};

use crate::outbox::account::{Account, Change};
use crate::outbox::moment::milliseconds;

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
    credentials: &str,
    id: i64,
    change: Change,
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
        Change::Circuit { pause, reason } => {
            break_circuit(connection, account, now + milliseconds(pause), reason)
        }
        Change::Hold { pause, reason } => hold(
            connection,
            account,
            now + milliseconds(pause),
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
