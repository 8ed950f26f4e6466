//! The store's time: the database's, in milliseconds since 1970. Neither a time zone nor summer time
//! changes it.

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
