//! Writes what became of a claimed lead.

use std::time::Duration;

use rusqlite::{Connection, params};

use super::account;
use crate::outbox::account::Change;
use crate::outbox::moment::milliseconds;
use crate::outbox::row::{Claimed, Death, Settlement};

/// False where another worker has the lead by now: then nothing changes.
pub(super) fn settle(
    connection: &Connection,
    name: &str,
    credentials: &str,
    claimed: &Claimed,
    settlement: &Settlement,
    now: i64,
) -> rusqlite::Result<bool> {
    let is_ours = match settlement {
        Settlement::Delivered => deliver(connection, claimed, now)?,
        Settlement::Dead(death) => bury(connection, claimed, death, now)?,
        Settlement::Later {
            wait,
            may_have_arrived,
            reason,
            ..
        } => put_off(connection, claimed, *wait, *may_have_arrived, reason, now)?,
        Settlement::Hold { reason, .. } => put_back(connection, claimed, reason)?,
    };
    if is_ours {
        let change = Change::of(settlement);
        account::change(connection, name, credentials, claimed.id, change, now)?;
    }
    Ok(is_ours)
}

fn deliver(connection: &Connection, claimed: &Claimed, now: i64) -> rusqlite::Result<bool> {
    let is_ours = remove(connection, claimed)?;
    if is_ours {
        (connection.prepare_cached(
            "update justclick_store set delivered = delivered + 1, clock_last = ?, last_id = max(last_id, ?)",
        )?)
        .execute([now, claimed.id])?;
    }
    Ok(is_ours)
}

fn bury(
    connection: &Connection,
    claimed: &Claimed,
    death: &Death,
    now: i64,
) -> rusqlite::Result<bool> {
    (connection.prepare_cached(
        "insert into justclick_dead
         select id, account, key, function, fence, attempts + 1, may_have_arrived, kept_at,
                ?3, ?4, ?5, ?6, query
         from justclick_outbox where id = ?1 and fence = ?2 and state = 1",
    )?)
    .execute(params![
        claimed.id,
        claimed.fence,
        now,
        death.reason,
        death.code,
        death.text
    ])?;
    let is_ours = remove(connection, claimed)?;
    if is_ours {
        (connection.prepare_cached(
            "update justclick_store set dead = dead + 1, clock_last = ?, last_id = max(last_id, ?)",
        )?)
        .execute([now, claimed.id])?;
    }
    Ok(is_ours)
}

fn remove(connection: &Connection, claimed: &Claimed) -> rusqlite::Result<bool> {
    (connection
        .prepare_cached("delete from justclick_outbox where id = ? and fence = ? and state = 1")?)
    .execute(params![claimed.id, claimed.fence])
    .map(|rows| rows > 0)
}

fn put_off(
    connection: &Connection,
    claimed: &Claimed,
    wait: Duration,
    may_have_arrived: bool,
    reason: &str,
    now: i64,
) -> rusqlite::Result<bool> {
    (connection.prepare_cached(
        "update justclick_outbox
         set state = 0, due = ?3, attempts = attempts + 1,
             may_have_arrived = may_have_arrived or ?4, reason = ?5
         where id = ?1 and fence = ?2 and state = 1",
    )?)
    .execute(params![
        claimed.id,
        claimed.fence,
        now + milliseconds(wait),
        may_have_arrived,
        reason
    ])
    .map(|rows| rows > 0)
}

/// It waits as if it had not been claimed.
fn put_back(connection: &Connection, claimed: &Claimed, reason: &str) -> rusqlite::Result<bool> {
    (connection.prepare_cached(
        "update justclick_outbox set state = 0, due = due_before, reason = ?3
         where id = ?1 and fence = ?2 and state = 1",
    )?)
    .execute(params![claimed.id, claimed.fence, reason])
    .map(|rows| rows > 0)
}
