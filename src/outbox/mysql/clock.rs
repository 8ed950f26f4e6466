//! The store's time: the database's, in milliseconds since 1970. Neither a time zone nor summer time
//! changes it.

use super::failure::Failed;
use super::link::Link;
pub(super) use crate::outbox::within::mysql::now;

pub(super) fn read(link: &mut Link) -> Result<i64, Failed> {
    link.run(concat!("select ", now!()), &[])?.first()?.int(0)
}
