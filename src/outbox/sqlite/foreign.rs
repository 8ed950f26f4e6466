//! Another SQLite in the same process on the same file. Either would drop the other's locks with each
//! close, and both together damage the file.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use std::path::Path;

use super::failure;
use super::file;
use super::process::Opened;
use crate::error::Error;
#[cfg(not(target_os = "linux"))]
use elsewhere::{descriptors, mappings};
#[cfg(target_os = "linux")]
use linux::{descriptors, mappings};

/// Refuses a file that another library has open.
pub(super) fn check(path: &Path, is_open_here: bool) -> Result<(), Error> {
    let is_foreign = if is_open_here {
        mappings(path) > 1
    } else {
        is_open(path)
    };
    if !is_foreign {
        return Ok(());
    }
    Err(failure::at(
        Some(path),
        "another SQLite library has the file open in this process (PHP's pdo_sqlite or Python's sqlite3?), and the two would damage it: use the outbox only through this library here, or look into it from another process",
    ))
}

/// Refuses a site's own file where the site has it open: there, leads are added by the site's connection
/// alone.
pub(super) fn check_site(path: &Path) -> Result<(), Error> {
    if !is_open(path) {
        return Ok(());
    }
    Err(failure::at(
        Some(path),
        "another SQLite library has the file open in this process (PHP's pdo_sqlite or Python's sqlite3?), and the two would damage it: add leads within that one's transactions here (addWithin, add_within, jc_outbox_statement), and deliver them by another process, such as cron's",
    ))
}

/// Whether this process has the file open.
pub(super) fn is_open(path: &Path) -> bool {
    descriptors(path) > 0
}

/// Whether another than the connection that looks has the file open.
pub(super) fn is_shared(path: &Path) -> bool {
    descriptors(path) > 1
}

/// Refuses a file whose log was taken away while it was open here: what is written to that log is lost.
/// Another SQLite library of this process does so when it closes the file, since it takes itself for
/// the last that has it open.
pub(super) fn check_log(opened: &Opened) -> Result<(), Error> {
    if file::id(&file::log(&opened.path)) == opened.log {
        return Ok(());
    }
    Err(failure::at(
        Some(&opened.path),
        "its log was taken away while it was open, by another SQLite library of this process (PHP's pdo_sqlite or Python's sqlite3?) or by hand: use the outbox only through this library here, and close each outbox of this file or use it once, so that the file can be opened anew",
    ))
}
