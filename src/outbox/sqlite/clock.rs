//! The store's time: milliseconds that neither jump with the wall clock nor start anew with a reboot.
//!
//! It is the time since the host's start and an offset that the store keeps with the boot's id. After
//! a reboot the offset is made anew, and no time is earlier than what was written before.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension, params};

use crate::outbox::moment::milliseconds;
#[cfg(not(target_os = "linux"))]
use elsewhere::{boot, since_boot};
#[cfg(target_os = "linux")]
use linux::{boot, since_boot};

/// The host's clocks, in the hands of a test where it needs them.
pub trait Clock: Send + Sync {
    /// What tells one start of the host from another.
    fn boot(&self) -> String;
    /// The time since the host's start, with that in which it slept.
    fn since_boot(&self) -> Duration;
    /// The time since 1970 as the host has it now.
    fn wall(&self) -> Duration;
}

/// The real clocks.
#[derive(Debug, Clone, Copy, Default)]
pub struct HostClock;

/// Milliseconds; less than a lease.
const NOTED_EVERY: i64 = 60_000;

/// The year 5138.
const LATEST: i64 = 100_000_000_000_000;

impl Clock for HostClock {
    fn boot(&self) -> String {
        boot().unwrap_or_default()
    }

    fn since_boot(&self) -> Duration {
        since_boot().unwrap_or_else(|| self.wall())
    }

    fn wall(&self) -> Duration {
        (SystemTime::now().duration_since(UNIX_EPOCH)).unwrap_or_default()
    }
}

/// The offset from the time since the host's start to the store's. After a reboot it is made anew
/// and all leases are void: no worker of before is left.
pub(super) fn offset(connection: &Connection, clock: &dyn Clock) -> rusqlite::Result<i64> {
    if let Some(offset) = kept(connection, clock)? {
        return Ok(offset);
    }
    let (boot, since_boot) = (clock.boot(), milliseconds(clock.since_boot()));
    let offset = newest(connection)?.max(milliseconds(clock.wall())) - since_boot;
    believable(offset, since_boot)?;
    connection.execute(
        "update justclick_store set boot = ?, clock_offset = ?",
        params![boot, offset],
    )?;
    connection.execute(
        "update justclick_outbox set state = 0, due = due_before, may_have_arrived = 1 where state = 1",
        [],
    )?;
    connection.execute("update justclick_account set probe_until = 0", [])?;
    Ok(offset)
}

/// The offset that the store keeps, if it was made in this run of the host.
pub(super) fn kept(connection: &Connection, clock: &dyn Clock) -> rusqlite::Result<Option<i64>> {
    let found = connection.query_row(
        "select clock_offset from justclick_store where boot = ?",
        [clock.boot()],
        |row| row.get(0),
    );
    let since_boot = milliseconds(clock.since_boot());
    (found.optional()?)
        .map(|offset| believable(offset, since_boot))
        .transpose()
}

/// A time that no host has is damage: leads would never be due, or all at once.
fn believable(offset: i64, since_boot: i64) -> rusqlite::Result<i64> {
    (offset.checked_add(since_boot))
        .filter(|now| (0..=LATEST).contains(now))
        .map(|_| offset)
        .ok_or(rusqlite::Error::IntegralValueOutOfRange(0, offset))
}

/// Keeps the time where nothing was written of late. After a reboot with a wall clock that was set
/// back, it goes on from there, and nothing waits again for what it has waited.
pub(super) fn note(connection: &Connection, now: i64) -> rusqlite::Result<()> {
    (connection
        .prepare_cached("update justclick_store set clock_last = ?1 where clock_last < ?1 - ?2")?)
    .execute([now, NOTED_EVERY])
    .map(drop)
}

/// The latest time that the store was told.
fn newest(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row(
        "select max(clock_last, coalesce((select kept_at from justclick_outbox order by id desc limit 1), 0))
         from justclick_store",
        [],
        |row| row.get(0),
    )
}
