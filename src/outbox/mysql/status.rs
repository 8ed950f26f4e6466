//! How much there is. Nothing here reads all rows.

use mysql_common::Value;

use super::clock;
use super::count;
use super::failure::Failed;
use super::link::Link;
use crate::outbox::moment::between;
use crate::outbox::row::{AccountStatus, Status};

/// As of one moment, in a transaction that begins here.
pub(super) fn status(link: &mut Link) -> Result<Status, Failed> {
    link.plain("set transaction isolation level repeatable read")?;
    let now = clock::read(link)?;
    let counts = count::read(link)?;
    let leased = link
        .run("select count(*) from justclick_outbox where state = 1", &[])?
        .first()?
        .int(0)?;
    let of = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(Status {
        waiting: of(counts.living - leased),
        leased: of(leased),
        dead: of(counts.dead),
        delivered: of(counts.delivered),
        dropped: of(counts.dropped),
        spooled: 0,
        oldest_waiting: oldest(link)?.map(|kept_at| between(kept_at, now)),
        next_due: next_due(link)?.map(|due| between(now, due)),
        accounts: paused(link, now)?,
    })
}

/// When the oldest that waits was kept.
fn oldest(link: &mut Link) -> Result<Option<i64>, Failed> {
    let found = link.run(
        "select kept_at from justclick_outbox force index (justclick_state)
         where state = 0 order by id limit 1",
        &[],
    )?;
    found.any().map(|row| row.int(0)).transpose()
}

/// When the next is due. The index leads from account to account, and to the first that is due of each.
fn next_due(link: &mut Link) -> Result<Option<i64>, Failed> {
    let mut first: Option<i64> = None;
    let mut account: Value = "".into();
    loop {
        let found = link.run(
            "select account, due from justclick_outbox force index (justclick_due)
             where account > ? order by account, due limit 1",
            &[account],
        )?;
        let Some(row) = found.any() else {
            return Ok(first);
        };
        let due = row.int(1)?;
        first = Some(first.map_or(due, |first| first.min(due)));
        account = row.text(0)?.into();
    }
}

fn paused(link: &mut Link, now: i64) -> Result<Vec<AccountStatus>, Failed> {
    let found = link.run(
        "select account, greatest(held_until, circuit_until), reason from justclick_account
         where hold_failures + circuit_failures > 0 order by account",
        &[],
    )?;
    (found.rows.iter())
        .map(|row| {
            Ok(AccountStatus {
                account: row.text(0)?,
                held_for: between(now, row.int(1)?),
                reason: row.text(2)?,
            })
        })
        .collect()
}
