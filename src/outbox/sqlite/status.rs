//! How much there is. Nothing here reads all rows.

use rusqlite::Connection;

use crate::outbox::moment::between;
use crate::outbox::row::{AccountStatus, Status};

pub(super) fn status(connection: &Connection, now: i64) -> rusqlite::Result<Status> {
    let mut status = counted(connection)?;
    let (oldest, next) = waiting(connection)?;
    status.oldest_waiting = oldest.map(|kept_at| between(kept_at, now));
    status.next_due = next.map(|due| between(now, due));
    status.accounts = paused(connection, now)?;
    Ok(status)
}

fn counted(connection: &Connection) -> rusqlite::Result<Status> {
    connection.query_row(
        "select delivered, dropped, dead,
                max(last_id, coalesce((select max(id) from justclick_outbox), 0)),
                (select count(*) from justclick_outbox where state = 1)
         from justclick_store",
        [],
        |row| {
            let (delivered, dropped, dead) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (added, leased): (u64, u64) = (row.get(3)?, row.get(4)?);
            Ok(Status {
                waiting: [delivered, dropped, dead, leased]
                    .iter()
                    .fold(added, |rest, gone| rest.saturating_sub(*gone)),
                leased,
                dead,
                delivered,
                dropped,
                ..Status::default()
            })
        },
    )
}

/// When the oldest that waits was kept, and when the next is due. The index leads from account to
/// account, and to the first that is due of each.
fn waiting(connection: &Connection) -> rusqlite::Result<(Option<i64>, Option<i64>)> {
    connection.query_row(
        "with recursive name (account) as (
             select min(account) from justclick_outbox
             union all
             select (select min(account) from justclick_outbox as other
                     where other.account > name.account)
             from name where name.account is not null)
         select (select kept_at from justclick_outbox where state = 0 order by id limit 1),
                (select min((select min(due) from justclick_outbox as other
                             where other.account = name.account))
                 from name)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

fn paused(connection: &Connection, now: i64) -> rusqlite::Result<Vec<AccountStatus>> {
    (connection.prepare_cached(
        "select account, max(held_until, circuit_until), reason from justclick_account
         where hold_failures + circuit_failures > 0 order by account",
    )?)
    .query_map([], |row| {
        Ok(AccountStatus {
            account: row.get(0)?,
            held_for: between(now, row.get(1)?),
            reason: row.get(2)?,
        })
    })?
    .collect()
}
