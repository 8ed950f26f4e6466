//! Files of Unix: by their numbers, with the rights of owner, group and others.

use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

/// A file, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::outbox::sqlite) struct FileId {
    pub(in crate::outbox::sqlite) device: u64,
    pub(in crate::outbox::sqlite) inode: u64,
}

/// Which file stands at the path now.
pub(in crate::outbox::sqlite) fn id(path: &Path) -> Option<FileId> {
    fs::metadata(path).ok().map(|found| FileId {
        device: found.dev(),
        inode: found.ino(),
    })
}

/// Makes a file that its owner alone may use, where none is.
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// Whether every user of the host may use it. A group is somebody's choice: that of the web server and of
/// cron, say.
pub(super) fn is_open_to_all(found: &Metadata) -> bool {
    found.mode() & 0o007 != 0
}

pub(super) fn is_device(kind: FileType) -> bool {
    kind.is_char_device() || kind.is_block_device()
}
