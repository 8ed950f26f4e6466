//! Disks of Unix.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The number of statfs(2), where the system has one.
#[cfg(target_os = "linux")]
pub fn number(folder: &Path) -> io::Result<Option<u64>> {
    let found = rustix::fs::statfs(folder)?;
    // The type of the field differs between the architectures.
    Ok(Some(found.f_type as u64 & 0xFFFF_FFFF))
}

#[cfg(not(target_os = "linux"))]
pub fn number(folder: &Path) -> io::Result<Option<u64>> {
    folder.metadata().map(|_| None)
}

/// Makes a file that its owner alone may use, where none is.
pub fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}
