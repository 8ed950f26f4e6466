//! Where the file is on Windows. A user's own folder is closed to other users.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// There is none: any user may put files into the folders that all users share.
pub fn of_all() -> Option<PathBuf> {
    None
}

/// The access list stays as somebody made it.
pub fn is_open(_path: &Path, _about: &Metadata) -> bool {
    false
}
