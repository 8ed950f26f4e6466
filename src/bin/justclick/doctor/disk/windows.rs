//! Disks of Windows, whose file systems have names in place of numbers.

use std::fs::File;
use std::io;
use std::path::Path;

/// It has none.
pub fn number(folder: &Path) -> io::Result<Option<u64>> {
    folder.metadata().map(|_| None)
}

/// Makes a file where none is.
pub fn create(path: &Path) -> io::Result<File> {
    File::create_new(path)
}
