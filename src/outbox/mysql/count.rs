//! How many leads there are: the sum over a few rows. One row that all changed would make them wait for
//! each other; each connection changes one of its own.
//!
//! A row without a slot is one that nobody waits for, for a statement within a site's own transaction,
//! which may take long. Such rows are brought into a slot later.

use mysql_common::Value;

use super::failure::Failed;
use super::link::Link;

/// So many rows are brought into a slot in a moment.
pub(super) const MANY: u64 = 200;
/// How many rows there are to change.
pub(super) const SLOTS: u32 = 64;

/// What a transaction adds to the counts. It comes last in it, so that the row is locked for a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Rows of `justclick_outbox`.
    pub(super) living: i64,
    pub(super) dead: i64,
    pub(super) delivered: i64,
    pub(super) dropped: i64,
}

pub(super) fn change(link: &mut Link, change: Counts) -> Result<(), Failed> {
    if change == Counts::default() {
        return Ok(());
    }
    let values: [Value; 5] = [
        change.living.into(),
        change.dead.into(),
        change.delivered.into(),
        change.dropped.into(),
        link.slot.into(),
    ];
    write(
        link,
        "update justclick_count set living = living + ?, dead = dead + ?,
             delivered = delivered + ?, dropped = dropped + ? where slot = ?",
        &values,
    )
}

/// Writes something, so that the commit brings to the disk what was committed before it.
pub(super) fn touch(link: &mut Link) -> Result<(), Failed> {
    let slot = link.slot.into();
    write(
        link,
        "update justclick_count set touched = touched + 1 where slot = ?",
        &[slot],
    )
}

fn write(link: &mut Link, sql: &'static str, values: &[Value]) -> Result<(), Failed> {
    if link.run(sql, values)?.affected == 1 {
        return Ok(());
    }
    Err(Failed::Refused(
        "its table justclick_count lacks rows: another program changed it".to_owned(),
    ))
}

/// Brings some rows without a slot into one, but those that others bring. Returns how many.
pub(super) fn fold(link: &mut Link) -> Result<u64, Failed> {
    let found = link.run(
        "select number, living, dead, delivered, dropped from justclick_count
         where slot is null order by number limit ? for update skip locked",
        &[MANY.into()],
    )?;
    let mut sum = Counts::default();
    for row in &found.rows {
        sum.living += row.int(1)?;
        sum.dead += row.int(2)?;
        sum.delivered += row.int(3)?;
        sum.dropped += row.int(4)?;
        link.run(
            "delete from justclick_count where number = ?",
            &[row.int(0)?.into()],
        )?;
    }
    change(link, sum)?;
    Ok(found.rows.len() as u64)
}

pub(super) fn read(link: &mut Link) -> Result<Counts, Failed> {
    let row = link
        .run(
            "select cast(sum(living) as signed), cast(sum(dead) as signed),
                    cast(sum(delivered) as signed), cast(sum(dropped) as signed)
             from justclick_count",
            &[],
        )?
        .first()?;
    Ok(Counts {
        living: row.int(0)?,
        dead: row.int(1)?,
        delivered: row.int(2)?,
        dropped: row.int(3)?,
    })
}
