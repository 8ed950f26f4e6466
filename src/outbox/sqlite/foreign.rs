//! Another SQLite in the same process on the same file. Either would drop the other's locks with each
//! close, and both together damage the file.

use std::fs;
use std::path::Path;

use super::failure;
use super::file;
use super::process::{FileId, Opened};
use crate::error::Error;

const MAPS: &str = "/proc/self/maps";
const DESCRIPTORS: &str = "/proc/self/fd";

/// Refuses a file that another library has open. Where there is no `/proc`, nothing is known.
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

/// Whether this process has the file open. To look at a descriptor opens and closes nothing.
pub(super) fn is_open(path: &Path) -> bool {
    descriptors(path) > 0
}

/// Whether another than the connection that looks has the file open.
pub(super) fn is_shared(path: &Path) -> bool {
    descriptors(path) > 1
}

fn descriptors(path: &Path) -> usize {
    let (Some(file), Ok(all)) = (file::id(path), fs::read_dir(DESCRIPTORS)) else {
        return 0;
    };
    all.flatten()
        .filter(|descriptor| file::id(&descriptor.path()) == Some(file))
        .count()
}

/// SQLite maps the beginning of the shared memory once in a process, however many connections it has.
fn mappings(path: &Path) -> usize {
    let shared = file::id(&file::shared_memory(path));
    let (Some(shared), Ok(maps)) = (shared, fs::read_to_string(MAPS)) else {
        return 0;
    };
    maps.lines()
        .filter(|line| maps_beginning(line, shared))
        .count()
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

/// Whether a line of the table tells of the file's beginning:
/// `7f55a2b00000-7f55a2b08000 rw-s 00000000 fe:00 1835083 /srv/leads.db-shm`.
fn maps_beginning(line: &str, file: FileId) -> bool {
    let mut words = line.split_ascii_whitespace().skip(2);
    let (Some(offset), Some(device), Some(inode)) = (words.next(), words.next(), words.next())
    else {
        return false;
    };
    offset.bytes().all(|digit| digit == b'0')
        && inode.parse() == Ok(file.inode)
        && device_number(device) == Some((major(file.device), minor(file.device)))
}

fn device_number(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once(':')?;
    let number = |digits| u32::from_str_radix(digits, 16).ok();
    Some((number(major)?, number(minor)?))
}

#[cfg(target_os = "linux")]
fn major(device: u64) -> u32 {
    rustix::fs::major(device)
}

#[cfg(target_os = "linux")]
fn minor(device: u64) -> u32 {
    rustix::fs::minor(device)
}

#[cfg(not(target_os = "linux"))]
fn major(_device: u64) -> u32 {
    0
}

#[cfg(not(target_os = "linux"))]
fn minor(_device: u64) -> u32 {
    0
}
