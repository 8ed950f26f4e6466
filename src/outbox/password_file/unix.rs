//! Files of Unix, with the rights of others.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

/// Opens it for reading; that of a named pipe would wait for a writer.
pub(in crate::outbox) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)
}

/// Whether its owner alone may use it.
pub(in crate::outbox) fn is_private(found: &Metadata) -> bool {
    found.mode() & 0o077 == 0
}
