//! Leases a lead to a worker.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::account;
use super::clock;
use crate::outbox::moment::{between, milliseconds};
use crate::outbox::row::{Claim, Claimed};

/// Leases the row that is due first, or the one with the number `id`.
pub(super) fn claim(
    connection: &Connection,
    name: &str,
    credentials: &str,
    lease: Duration,
    id: Option<i64>,
    now: i64,
) -> rusqlite::Result<Claim> {
    let account = account::read(connection, name)?;
    if let Some(held) = account.held(credentials, now) {
        clock::note(connection, now)?;
        return Ok(Claim::Held(held));
    }
    let Some(claimed) = due(connection, name, id, now)? else {
        clock::note(connection, now)?;
        return next_due(connection, name, id, now).map(Claim::Nothing);
    };
    let until = now + milliseconds(lease);
    (connection.prepare_cached(
        "update justclick_outbox
         set fence = ?, due_before = iif(state = 0, due, due_before), due = ?, state = 1,
             may_have_arrived = ?
         where id = ?",
    )?)
    .execute(params![
        claimed.fence,
        until,
        claimed.may_have_arrived,
        claimed.id
    ])?;
    if account.needs_probe(credentials) {
        account::begin_probe(connection, name, claimed.id, until)?;
    }
    Ok(Claim::Row(Box::new(claimed)))
}

/// Whether a lease of the account holds. The leased rows are few, whatever waits.
pub(super) fn is_delivering(
    connection: &Connection,
    account: &str,
    now: i64,
) -> rusqlite::Result<bool> {
    (connection.prepare_cached(
        "select exists (select 1 from justclick_outbox indexed by justclick_leased
                        where state = 1 and account = ? and due > ?)",
    )?)
    .query_row(params![account, now], |row| row.get(0))
}

const FIRST: &str = "select id, fence + 1, function, query, attempts,
    may_have_arrived or state = 1, waits_since from justclick_outbox
    where account = ? and due <= ? order by due, id limit 1";
const ONE: &str = "select id, fence + 1, function, query, attempts,
    may_have_arrived or state = 1, waits_since from justclick_outbox
    where id = ? and account = ? and due <= ?";

/// A lease that ran out makes its row due: what its worker did with it, nobody knows.
fn due(
    connection: &Connection,
    account: &str,
    id: Option<i64>,
    now: i64,
) -> rusqlite::Result<Option<Claimed>> {
    let read = |row: &Row| {
        Ok(Claimed {
            id: row.get(0)?,
            fence: row.get(1)?,
            function: row.get(2)?,
            query: row.get(3)?,
            attempts: row.get(4)?,
            may_have_arrived: row.get(5)?,
            age: between(row.get(6)?, now),
        })
    };
    match id {
        Some(id) => (connection.prepare_cached(ONE)?).query_row(params![id, account, now], read),
        None => (connection.prepare_cached(FIRST)?).query_row(params![account, now], read),
    }
    .optional()
}

fn next_due(
    connection: &Connection,
    account: &str,
    id: Option<i64>,
    now: i64,
) -> rusqlite::Result<Option<Duration>> {
    let due: Option<i64> = match id {
        Some(id) => (connection
            .prepare_cached("select due from justclick_outbox where id = ? and account = ?")?)
        .query_row(params![id, account], |row| row.get(0))
        .optional()?,
        None => (connection
            .prepare_cached("select min(due) from justclick_outbox where account = ?")?)
        .query_row([account], |row| row.get(0))?,
    };
    Ok(due.map(|due| between(now, due)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rusqlite::StatementStatus;

    use super::*;
    use crate::outbox::sqlite::{Clock, HostClock, link};

    #[test]
    fn a_claim_is_planned_once() {
        let clock: Arc<dyn Clock> = Arc::new(HostClock);
        let Ok(link) = link::to_memory(&clock) else {
            panic!("no store")
        };
        for now in 1..10 {
            let found = due(&link.connection, "account", None, now);
            assert!(found.is_ok_and(|found| found.is_none()));
        }
        let planned = link.connection.prepare_cached(FIRST).expect("is there");
        assert_eq!(planned.get_status(StatementStatus::Run), 9);
        assert_eq!(planned.get_status(StatementStatus::RePrepare), 0);
    }
}
