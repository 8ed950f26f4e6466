//! Writes what became of a claimed lead.

use std::time::Duration;

use super::account;
use super::count;
use super::failure::Failed;
use super::link::Link;
use super::schema::NOW;
use super::value::{Value, storable};
use crate::outbox::account::Change;
use crate::outbox::moment::milliseconds;
use crate::outbox::row::{Claimed, Death, Settlement};

/// False where another worker has the lead by now: then nothing changes. `before` is what it came to
/// where the answer to the commit was lost.
pub(super) fn settle(
    link: &mut Link,
    name: &str,
    credentials: &str,
    claimed: &Claimed,
    settlement: &Settlement,
    before: Option<&bool>,
) -> Result<bool, Failed> {
    let is_ours = match settlement {
        Settlement::Delivered => deliver(link, claimed)?,
        Settlement::Dead(death) => bury(link, claimed, death)?,
        Settlement::Later {
            wait,
            may_have_arrived,
            reason,
            ..
        } => put_off(link, claimed, *wait, *may_have_arrived, reason)?,
        Settlement::Hold { reason, .. } => put_back(link, claimed, reason)?,
    };
    if is_ours {
        let change = Change::of(settlement);
        account::change(link, name, credentials, claimed.id, change)?;
    }
    Ok(is_ours || before == Some(&true))
}

fn deliver(link: &mut Link, claimed: &Claimed) -> Result<bool, Failed> {
    let count = count::Change {
        living: "-1",
        delivered: "1",
        from: "gone",
        ..count::NONE
    };
    let sql = format!(
        "with gone as (
             delete from justclick_outbox where id = $1 and fence = $2 and state = 1 returning id
         )
         {}",
        count.sql()
    );
    is_changed(
        link,
        &sql,
        &[Value::Number(claimed.id), Value::Number(claimed.fence)],
    )
}

fn bury(link: &mut Link, claimed: &Claimed, death: &Death) -> Result<bool, Failed> {
    let count = count::Change {
        living: "-1",
        dead: "1",
        from: "gone",
        ..count::NONE
    };
    let sql = format!(
        "with gone as (
             delete from justclick_outbox where id = $1 and fence = $2 and state = 1 returning *
         ), buried as (
             insert into justclick_dead
             select id, account, key, function, fence, attempts + 1, may_have_arrived, kept_at,
                    {NOW}, $3, $4, $5, query
             from gone
         )
         {}",
        count.sql()
    );
    let (reason, text) = (storable(&death.reason), storable(&death.text));
    let values = [
        Value::Number(claimed.id),
        Value::Number(claimed.fence),
        Value::Text(&reason),
        Value::Small(death.code),
        Value::Text(&text),
    ];
    is_changed(link, &sql, &values)
}

fn put_off(
    link: &mut Link,
    claimed: &Claimed,
    wait: Duration,
    may_have_arrived: bool,
    reason: &str,
) -> Result<bool, Failed> {
    let sql = format!(
        "update justclick_outbox
         set state = 0, due = {NOW} + $3, attempts = attempts + 1,
             may_have_arrived = may_have_arrived or $4, reason = $5
         where id = $1 and fence = $2 and state = 1"
    );
    let values = [
        Value::Number(claimed.id),
        Value::Number(claimed.fence),
        Value::Number(milliseconds(wait)),
        Value::Flag(may_have_arrived),
        Value::Text(&storable(reason)),
    ];
    is_changed(link, &sql, &values)
}

/// It waits as if it had not been claimed.
fn put_back(link: &mut Link, claimed: &Claimed, reason: &str) -> Result<bool, Failed> {
    let sql = "
        update justclick_outbox set state = 0, due = due_before, reason = $3
        where id = $1 and fence = $2 and state = 1";
    let values = [
        Value::Number(claimed.id),
        Value::Number(claimed.fence),
        Value::Text(&storable(reason)),
    ];
    is_changed(link, sql, &values)
}

fn is_changed(link: &mut Link, sql: &str, values: &[Value]) -> Result<bool, Failed> {
    link.change(sql, values).map(|rows| rows > 0)
}
