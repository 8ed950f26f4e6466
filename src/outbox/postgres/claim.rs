//! Leases a lead to a worker.

use std::time::Duration;

use super::account;
use super::failure::Failed;
use super::link::Link;
use super::schema::NOW;
use super::value::Value;
use crate::outbox::moment::{lasting, milliseconds};
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
    let (account, now) = account::lock(link, asked.account)?;
    if let Some(held) = account.held(asked.credentials, now) {
        return Ok(Claim::Held(held));
    }
    let Some(claimed) = due(link, asked)? else {
        return next_due(link, asked).map(Claim::Nothing);
    };
    if account.needs_probe(asked.credentials) {
        account::begin_probe(link, asked.account, claimed.id, asked.lease)?;
    }
    Ok(Claim::Row(Box::new(claimed)))
}

fn is_leased(link: &mut Link, claimed: &Claimed) -> Result<bool, Failed> {
    let sql = "select id from justclick_outbox where id = $1 and fence = $2 and state = 1";
    let values = [Value::Number(claimed.id), Value::Number(claimed.fence)];
    Ok(link.row(sql, &values)?.is_some())
}

/// Whether a lease of the account holds. The leased rows are few, whatever waits.
pub(super) fn is_delivering(link: &mut Link, account: &str) -> Result<bool, Failed> {
    let sql = format!(
        "select exists (select 1 from justclick_outbox where state = 1 and account = $1 and due > {NOW})"
    );
    match link.row(&sql, &[Value::Text(account)])? {
        Some(row) => Ok(row.try_get(0)?),
        None => Ok(false),
    }
}

/// Rows that others are about to lease are passed over. A lease that ran out makes its row due: what
/// its worker did with it, nobody knows.
fn due(link: &mut Link, asked: &Asked) -> Result<Option<Claimed>, Failed> {
    let of_id = if asked.id.is_some() {
        "id = $3"
    } else {
        "$3::int8 is null"
    };
    let sql = format!(
        "with time as materialized (
             select {NOW} as now
         ), due as materialized (
             select id from justclick_outbox
             where account = $1 and due <= (select now from time) and {of_id}
             order by due, id limit 1 for update skip locked
         )
         update justclick_outbox as row
         set fence = fence + 1, state = 1,
             due_before = case when state = 0 then row.due else due_before end,
             due = time.now + $2, may_have_arrived = may_have_arrived or state = 1
         from due, time where row.id = due.id
         returning row.id, fence, function, query, attempts, may_have_arrived,
             time.now - waits_since"
    );
    let values = [
        Value::Text(asked.account),
        Value::Number(milliseconds(asked.lease)),
        Value::MaybeNumber(asked.id),
    ];
    let Some(row) = link.row(&sql, &values)? else {
        return Ok(None);
    };
    Ok(Some(Claimed {
        id: row.try_get(0)?,
        fence: row.try_get(1)?,
        function: row.try_get(2)?,
        query: row.try_get(3)?,
        attempts: u32::try_from(row.try_get::<_, i32>(4)?).unwrap_or_default(),
        may_have_arrived: row.try_get(5)?,
        age: lasting(row.try_get(6)?),
    }))
}

fn next_due(link: &mut Link, asked: &Asked) -> Result<Option<Duration>, Failed> {
    let of_id = if asked.id.is_some() {
        "id = $2"
    } else {
        "$2::int8 is null"
    };
    let sql =
        format!("select min(due) - {NOW} from justclick_outbox where account = $1 and {of_id}");
    let values = [Value::Text(asked.account), Value::MaybeNumber(asked.id)];
    let left: Option<i64> = match link.row(&sql, &values)? {
        Some(row) => row.try_get(0)?,
        None => None,
    };
    Ok(left.map(lasting))
}
