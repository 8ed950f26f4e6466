//! What a path names on Windows.

use std::fs::{File, FileType};
use std::io;
use std::path::Path;

pub(super) fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// What it is where it is neither a file nor a folder.
pub(super) fn other(_kind: FileType) -> &'static str {
    "a device"
}
