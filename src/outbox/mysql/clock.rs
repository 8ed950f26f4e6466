//! The store's time: the database's, in milliseconds since 1970. Neither a time zone nor summer time
//! changes it.

use std::time::Duration;

use super::failure::Failed;
use super::link::Link;

/// The moment at which a statement begins.
macro_rules! now {
    () => {
        "timestampdiff(microsecond, '1970-01-01', utc_timestamp(6)) div 1000"
    };
}
pub(super) use now;

pub(super) fn read(link: &mut Link) -> Result<i64, Failed> {
    link.run(concat!("select ", now!()), &[])?.first()?.int(0)
}

pub(super) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}

/// The time from one moment of the store to a later one.
pub(super) fn between(earlier: i64, later: i64) -> Duration {
    Duration::from_millis(u64::try_from(later.saturating_sub(earlier)).unwrap_or_default())
}
