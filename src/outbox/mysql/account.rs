//! Keeps what an account's leads wait for.

use super::clock::now;
use super::failure::Failed;
use super::link::{Link, Row};
use crate::outbox::account::{Account, Change};
use crate::outbox::moment::milliseconds;

/// The time and the account; one that never failed has no row.
pub(super) fn read(link: &mut Link, account: &str) -> Result<(i64, Account), Failed> {
    let row = link
        .run(
            concat!(
                "select ",
                now!(),
                ", reason, held_until, hold_failures, hold_credentials, circuit_until,
                   circuit_failures, probe_until
                 from (select 1 as one) as always left join justclick_account on account = ?"
            ),
            &[account.into()],
        )?
        .first()?;
    let account = if row.is_null(1) {
        Account::default()
    } else {
        account_of(&row, 1)?
    };
    Ok((row.int(0)?, account))
}

/// The account, which nobody else changes until the transaction ends.
pub(super) fn lock(link: &mut Link, account: &str) -> Result<Account, Failed> {
    let found = link.run(
        "select reason, held_until, hold_failures, hold_credentials, circuit_until,
                circuit_failures, probe_until
         from justclick_account where account = ? for update",
        &[account.into()],
    )?;
    found
        .any()
        .map_or_else(|| Ok(Account::default()), |row| account_of(&row, 0))
}

fn account_of(row: &Row, first: usize) -> Result<Account, Failed> {
    Ok(Account {
        reason: row.text(first)?,
        held_until: row.int(first + 1)?,
        hold_failures: row.count(first + 2)?,
        hold_credentials: row.text(first + 3)?,
        circuit_until: row.int(first + 4)?,
        circuit_failures: row.count(first + 5)?,
        probe_until: row.int(first + 6)?,
    })
}

/// Lets the worker of this row go first.
pub(super) fn begin_probe(
    link: &mut Link,
    account: &str,
    id: i64,
    until: i64,
) -> Result<(), Failed> {
    link.run(
        "update justclick_account set probe_id = ?, probe_until = ? where account = ?",
        &[id.into(), until.into(), account.into()],
    )
    .map(drop)
}

/// Makes the account's row where there is none. It is a transaction of its own: whoever inserts a row
/// that others insert as well, and then changes it, waits for them in a circle.
pub(super) fn make(link: &mut Link, account: &str) -> Result<(), Failed> {
    let found = link.run(
        "select 1 from justclick_account where account = ?",
        &[account.into()],
    )?;
    if found.any().is_some() {
        return Ok(());
    }
    link.run(
        "insert ignore into justclick_account (account, reason) values (?, '')",
        &[account.into()],
    )
    .map(drop)
}

/// Writes what the worker of a row knows now.
pub(super) fn change(
    link: &mut Link,
    account: &str,
    credentials: &str,
    id: i64,
    change: Change,
    now: i64,
) -> Result<(), Failed> {
    if change == Change::Works {
        return release(link, account);
    }
    link.run(
        "update justclick_account set probe_id = 0, probe_until = 0
         where account = ? and probe_id = ?",
        &[account.into(), id.into()],
    )?;
    match change {
        Change::Works | Change::Unknown => Ok(()),
        Change::Answers => answers(link, account),
        Change::Circuit { pause, reason } => {
            break_circuit(link, account, now + milliseconds(pause), reason)
        }
        Change::Hold { pause, reason } => {
            let until = now + milliseconds(pause);
            hold(link, account, until, credentials, reason)
        }
    }
}

/// Ends the holds and pauses of an account. Where it has none, which is the rule, nothing is written.
pub(super) fn release(link: &mut Link, account: &str) -> Result<(), Failed> {
    link.run(
        "update justclick_account
         set reason = '', held_until = 0, hold_failures = 0, hold_credentials = '',
             circuit_until = 0, circuit_failures = 0, probe_id = 0, probe_until = 0
         where account = ? and hold_failures + circuit_failures > 0",
        &[account.into()],
    )
    .map(drop)
}

fn answers(link: &mut Link, account: &str) -> Result<(), Failed> {
    link.run(
        "update justclick_account set circuit_until = 0, circuit_failures = 0 where account = ?",
        &[account.into()],
    )
    .map(drop)
}

fn break_circuit(link: &mut Link, account: &str, until: i64, reason: &str) -> Result<(), Failed> {
    link.run(
        "update justclick_account
         set reason = ?, circuit_until = greatest(circuit_until, ?),
             circuit_failures = circuit_failures + 1
         where account = ?",
        &[reason.into(), until.into(), account.into()],
    )
    .map(drop)
}

/// A hold is an answer, so the circuit is closed. MySQL sets one column after the other, so the
/// failures are counted before the credentials change.
fn hold(
    link: &mut Link,
    account: &str,
    until: i64,
    credentials: &str,
    reason: &str,
) -> Result<(), Failed> {
    link.run(
        "update justclick_account
         set reason = ?, held_until = ?,
             hold_failures = if(hold_credentials = ?, hold_failures, 0) + 1,
             hold_credentials = ?, circuit_until = 0, circuit_failures = 0
         where account = ?",
        &[
            reason.into(),
            until.into(),
            credentials.into(),
            credentials.into(),
            account.into(),
        ],
    )
    .map(drop)
}
