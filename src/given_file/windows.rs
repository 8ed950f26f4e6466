//! What a path names on Windows.

use std::fs::{File, FileType};
use std::io;
use std::path::Path;

pub(crate) fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// What it is where it is neither a file nor a folder.
pub(crate) fn other(_kind: FileType) -> &'static str {
    "a device"
}

/// Its access list is its folder's, or as somebody made it.
#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(crate) fn is_private(_found: &std::fs::Metadata) -> bool {
    true
}
