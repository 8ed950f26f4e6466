//! Leases a lead to a worker.

use std::time::Duration;

use super::account;
use super::failure::Failed;
use super::link::Link;
use super::schema::NOW;
use super::value::Value;
use crate::outbox::moment::{lasting, milliseconds};
use crate::outbox::row::{Claim, Claimed};

/// Leases the row that is due first, or the one with the number `id`.
pub(super) fn claim(
    link: &mut Link,
    name: &str,
    credentials: &str,
    lease: Duration,
    id: Option<i64>,
) -> Result<Claim, Failed> {
    link.transaction(|link| {
        let (account, now) = account::lock(link, name)?;
        if let Some(held) = account.held(credentials, now) {
            return Ok(Claim::Held(held));
        }
        let Some(claimed) = due(link, name, lease, id)? else {
            return next_due(link, name, id).map(Claim::Nothing);
        };
        if account.needs_probe(credentials) {
            account::begin_probe(link, name, claimed.id, lease)?;
        }
        Ok(Claim::Row(Box::new(claimed)))
    })
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
fn due(
    link: &mut Link,
    account: &str,
    lease: Duration,
    id: Option<i64>,
) -> Result<Option<Claimed>, Failed> {
    let of_id = if id.is_some() {
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
        Value::Text(account),
        Value::Number(milliseconds(lease)),
        Value::MaybeNumber(id),
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

fn next_due(link: &mut Link, account: &str, id: Option<i64>) -> Result<Option<Duration>, Failed> {
    let of_id = if id.is_some() {
        "id = $2"
    } else {
        "$2::int8 is null"
    };
    let sql =
        format!("select min(due) - {NOW} from justclick_outbox where account = $1 and {of_id}");
    let values = [Value::Text(account), Value::MaybeNumber(id)];
    let left: Option<i64> = match link.row(&sql, &values)? {
        Some(row) => row.try_get(0)?,
        None => None,
    };
    Ok(left.map(lasting))
}
