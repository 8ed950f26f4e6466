//! How many leads there are: the sum over a few rows. One row that all changed would make them wait for
//! each other; each session changes one of its own, as the last that it does.
//!
//! A row without a slot is one that nobody waits for, for a statement within a site's own transaction,
//! which may take long. Such rows are brought into a slot later.

use super::failure::Failed;
use super::link::Link;
use super::schema::LOCK;
use super::value::Value;

/// So many rows are summed up in a moment.
pub(super) const MANY: i64 = 1000;

/// A change of the counts, as the end of a statement or a part of it; each is SQL for one row of `from`.
pub(super) struct Change {
    pub(super) living: &'static str,
    pub(super) dead: &'static str,
    pub(super) delivered: &'static str,
    pub(super) dropped: &'static str,
    pub(super) from: &'static str,
}

pub(super) const NONE: Change = Change {
    living: "0",
    dead: "0",
    delivered: "0",
    dropped: "0",
    from: "",
};

impl Change {
    pub(super) fn sql(&self) -> String {
        let Change {
            living,
            dead,
            delivered,
            dropped,
            from,
        } = self;
        format!(
            "insert into justclick_count as slot (slot, living, dead, delivered, dropped)
             select pg_backend_pid() % 64, {living}, {dead}, {delivered}, {dropped} from {from}
             on conflict (slot) do update set living = slot.living + excluded.living,
                 dead = slot.dead + excluded.dead, delivered = slot.delivered + excluded.delivered,
                 dropped = slot.dropped + excluded.dropped"
        )
    }
}

/// Brings the rows without a slot into one. Another who does the same is left to it.
pub(super) fn fold(link: &mut Link) -> Result<(), Failed> {
    let all = Change {
        living: "living",
        dead: "dead",
        delivered: "delivered",
        dropped: "dropped",
        from: "total",
    };
    let sql = format!(
        "with turn as (
             select pg_try_advisory_xact_lock($1 + 1) as is_mine
         ), gone as (
             delete from justclick_count where slot is null and (select is_mine from turn) returning *
         ), total as (
             select sum(living) as living, sum(dead) as dead, sum(delivered) as delivered,
                    sum(dropped) as dropped
             from gone having count(*) > 0
         )
         {}",
        all.sql()
    );
    link.change(&sql, &[Value::Number(LOCK)]).map(drop)
}

/// Does so where there are many.
pub(super) fn fold_many(link: &mut Link) -> Result<(), Failed> {
    let there = link.row("select count(*) from justclick_count", &[])?;
    match there {
        Some(row) if row.try_get::<_, i64>(0)? > MANY => fold(link),
        _ => Ok(()),
    }
}
