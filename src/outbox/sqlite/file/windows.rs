//! Files of Windows: an open one keeps its name, and who may use it stands in the access list of its
//! folder.

use std::fs::{self, File, FileType, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;

/// A file by its real name. SQLite opens its files so that nobody may rename or delete them meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::outbox::sqlite) struct FileId(u64);

/// Which file stands at the path now.
pub(in crate::outbox::sqlite) fn id(path: &Path) -> Option<FileId> {
    let real = fs::canonicalize(path).ok()?;
    let mut hasher = DefaultHasher::new();
    real.hash(&mut hasher);
    Some(FileId(hasher.finish()))
}

/// Makes a file where none is. It inherits the access list of its folder.
pub(super) fn create(path: &Path) -> io::Result<File> {
    File::create_new(path)
}

/// The access list stays as somebody made it.
pub(super) fn is_open_to_all(_found: &Metadata) -> bool {
    false
}

pub(super) fn is_device(_kind: FileType) -> bool {
    false
}
