//! Keeps a lead.

use super::count::{self, Change};
use super::failure::Failed;
use super::link::Link;
use super::schema::NOW;
use super::value::Value;
use crate::outbox::row::{Kept, NewRow};

/// One statement, so that no other waits for this host between two. The row that is there may have
/// been kept with less durability than this caller is promised: its change makes the commit write out
/// what was written before. A number is taken for a new row only.
fn sql() -> String {
    let count = Change {
        living: "1",
        from: "added",
        ..count::NONE
    };
    let count = count.sql();
    format!(
        "with there as (
             update justclick_outbox set key = key where account = $1 and key = $2 returning id
         ), room as (
             select coalesce(sum(living + dead), 0) < $5 as is_left from justclick_count
         ), added as (
             insert into justclick_outbox
                 (account, key, function, due, due_before, kept_at, waits_since, query)
             select $1, $2, $3, now, now, now, now, $4 from (select {NOW} as now) as time, room
             where room.is_left and not exists (select from there)
             on conflict (account, key) do nothing
             returning id
         ), counted as (
             {count}
         )
         select id, true from there
         union all select id, false from added
         union all select null, false from room
             where not room.is_left and not exists (select from there)"
    )
}

/// Keeps it, unless its key waits already or `limit` rows are kept.
pub(super) fn add(link: &mut Link, row: &NewRow, limit: u64) -> Result<Kept, Failed> {
    let sql = sql();
    let values = [
        Value::Text(&row.account),
        Value::Text(&row.key),
        Value::Text(&row.function),
        Value::Text(row.query.as_str()),
        Value::Number(i64::try_from(limit).unwrap_or(i64::MAX)),
    ];
    loop {
        let Some(found) = link.row(&sql, &values)? else {
            // Another kept the same key at the same moment, and is seen by now.
            if link.left().is_zero() {
                return Err(Failed::Late);
            }
            continue;
        };
        return match found.try_get(0)? {
            Some(id) => Ok(Kept {
                id,
                was_there: found.try_get(1)?,
            }),
            None => Err(Failed::Full(limit)),
        };
    }
}
