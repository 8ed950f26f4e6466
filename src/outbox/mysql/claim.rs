//! Leases a lead to a worker.

use std::time::Duration;

use mysql_common::Value;

use super::account;
use super::failure::Failed;
use super::link::{Link, Row};
use crate::outbox::moment::{between, milliseconds};
use crate::outbox::row::{Asked, Claim, Claimed};

/// Leases the row that is due first. `before` is what was leased where the answer to the commit was
/// lost.
pub(super) fn claim(
    link: &mut Link,
    asked: &Asked,
    before: Option<&Claim>,
) -> Result<Claim, Failed> {
    if let Some(Claim::Row(claimed)) = before
        && is_leased(link, claimed)?
    {
        return Ok(Claim::Row(claimed.clone()));
    }
    let (now, mut account) = account::read(link, asked.account)?;
    let is_probe = account.needs_probe(asked.credentials);
    if is_probe && account.held(asked.credentials, now).is_none() {
        // Others may want to probe as well: one after the other.
        account = account::lock(link, asked.account)?;
    }
    if let Some(held) = account.held(asked.credentials, now) {
        return Ok(Claim::Held(held));
    }
    let Some(claimed) = due(link, asked, now)? else {
        return next_due(link, asked, now).map(Claim::Nothing);
    };
    let until = now + milliseconds(asked.lease);
    link.run(
        "update justclick_outbox
         set fence = ?, due_before = if(state = 0, due, due_before), due = ?, state = 1,
             may_have_arrived = ?
         where id = ?",
        &[
            claimed.fence.into(),
            until.into(),
            claimed.may_have_arrived.into(),
            claimed.id.into(),
        ],
    )?;
    if account.needs_probe(asked.credentials) {
        account::begin_probe(link, asked.account, claimed.id, until)?;
    }
    Ok(Claim::Row(Box::new(claimed)))
}

/// Whether a lease of the account holds. The leased rows are few, whatever waits.
pub(super) fn is_delivering(link: &mut Link, account: &str) -> Result<bool, Failed> {
    let (now, _) = account::read(link, account)?;
    let found = link.run(
        "select 1 from justclick_outbox where state = 1 and account = ? and due > ? limit 1",
        &[account.into(), now.into()],
    )?;
    Ok(found.any().is_some())
}

fn is_leased(link: &mut Link, claimed: &Claimed) -> Result<bool, Failed> {
    let found = link.run(
        "select 1 from justclick_outbox where id = ? and fence = ? and state = 1",
        &[claimed.id.into(), claimed.fence.into()],
    )?;
    Ok(found.any().is_some())
}

/// A lease that ran out makes its row due: what its worker did with it, nobody knows. Rows that others
/// have locked at this moment are passed over.
fn due(link: &mut Link, asked: &Asked, now: i64) -> Result<Option<Claimed>, Failed> {
    macro_rules! columns {
        () => {
            "select id, fence + 1, `function`, query, attempts, may_have_arrived or state = 1,
                    waits_since from justclick_outbox "
        };
    }
    let found = match asked.id {
        Some(id) => link.run(
            concat!(
                columns!(),
                "where id = ? and account = ? and due <= ? for update skip locked"
            ),
            &[id.into(), asked.account.into(), now.into()],
        )?,
        None => link.run(
            concat!(
                columns!(),
                "force index (justclick_due) where account = ? and due <= ?
                 order by due, id limit 1 for update skip locked"
            ),
            &[asked.account.into(), now.into()],
        )?,
    };
    found.any().map(|row| claimed(&row, now)).transpose()
}

fn claimed(row: &Row, now: i64) -> Result<Claimed, Failed> {
    Ok(Claimed {
        id: row.int(0)?,
        fence: row.int(1)?,
        function: row.text(2)?,
        query: row.text(3)?,
        attempts: row.count(4)?,
        may_have_arrived: row.int(5)? != 0,
        age: between(row.int(6)?, now),
    })
}

fn next_due(link: &mut Link, asked: &Asked, now: i64) -> Result<Option<Duration>, Failed> {
    let account: Value = asked.account.into();
    let found = match asked.id {
        Some(id) => link.run(
            "select due from justclick_outbox where id = ? and account = ?",
            &[id.into(), account],
        )?,
        None => link.run(
            "select due from justclick_outbox where account = ? order by due limit 1",
            &[account],
        )?,
    };
    let due = found.any().map(|row| row.int(0)).transpose()?;
    Ok(due.map(|due| between(now, due)))
}
