//! What a process has open and mapped, as `/proc` tells. Where there is no `/proc`, nothing is known.

use std::fs;
use std::path::Path;

use crate::outbox::sqlite::file::{self, FileId};

const MAPS: &str = "/proc/self/maps";
const DESCRIPTORS: &str = "/proc/self/fd";

/// How often this process has the file open. To look at a descriptor opens and closes nothing.
pub(super) fn descriptors(path: &Path) -> usize {
    let (Some(file), Ok(all)) = (file::id(path), fs::read_dir(DESCRIPTORS)) else {
        return 0;
    };
    all.flatten()
        .filter(|descriptor| file::id(&descriptor.path()) == Some(file))
        .count()
}

/// SQLite maps the beginning of the shared memory once in a process, however many connections it has.
pub(super) fn mappings(path: &Path) -> usize {
    let shared = file::id(&file::beside(path, "-shm"));
    let (Some(shared), Ok(maps)) = (shared, fs::read_to_string(MAPS)) else {
        return 0;
    };
    maps.lines()
        .filter(|line| maps_beginning(line, shared))
        .count()
}

/// Whether a line of the table tells of the file's beginning:
/// `7f55a2b00000-7f55a2b08000 rw-s 00000000 fe:00 1835083 /srv/leads.db-shm`.
fn maps_beginning(line: &str, file: FileId) -> bool {
    let mut words = line.split_ascii_whitespace().skip(2);
    let (Some(offset), Some(device), Some(inode)) = (words.next(), words.next(), words.next())
    else {
        return false;
    };
    let numbers = (
        rustix::fs::major(file.device),
        rustix::fs::minor(file.device),
    );
    offset.bytes().all(|digit| digit == b'0')
        && inode.parse() == Ok(file.inode)
        && device_number(device) == Some(numbers)
}

fn device_number(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once(':')?;
    let number = |digits| u32::from_str_radix(digits, 16).ok();
    Some((number(major)?, number(minor)?))
}
