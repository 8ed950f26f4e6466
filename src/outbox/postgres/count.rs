//! Brings the rows of `justclick_count` together, over which each sum goes.

use super::failure::Failed;
use super::link::Link;
use super::schema::LOCK;
use super::value::Value;

/// So many rows are summed up in a moment.
pub(super) const MANY: i64 = 1000;

/// One for all of them. Another who does the same is left to it.
const FOLD: &str = "
    with turn as (
        select pg_try_advisory_xact_lock($1 + 1) as is_mine
    ), gone as (
        delete from justclick_count where (select is_mine from turn) returning *
    )
    insert into justclick_count (living, dead, delivered, dropped)
    select sum(living), sum(dead), sum(delivered), sum(dropped) from gone having count(*) > 0";

pub(super) fn fold(link: &mut Link) -> Result<(), Failed> {
    link.change(FOLD, &[Value::Number(LOCK)]).map(drop)
}

/// Folds where there are many.
pub(super) fn fold_many(link: &mut Link) -> Result<(), Failed> {
    let there = link.row("select count(*) from justclick_count", &[])?;
    match there {
        Some(row) if row.try_get::<_, i64>(0)? > MANY => fold(link),
        _ => Ok(()),
    }
}
