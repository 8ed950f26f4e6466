//! Where the file is on Unix, and who may read it.

use std::env;
use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The file of all users.
pub fn of_all() -> Option<PathBuf> {
    Some(PathBuf::from("/etc/justclick.toml"))
}

/// Whether others may read it.
pub fn is_open(path: &Path, about: &Metadata) -> bool {
    about.permissions().mode() & others(path) != 0
}

/// systemd lets a service read its credentials by an access list, whose mask shows as the group's right
/// to read.
fn others(path: &Path) -> u32 {
    let folder = env::var_os("CREDENTIALS_DIRECTORY").filter(|folder| !folder.is_empty());
    match folder {
        Some(folder) if path.starts_with(&folder) => 0o037,
        _ => 0o077,
    }
}
