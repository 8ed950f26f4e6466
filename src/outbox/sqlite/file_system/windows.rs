//! File systems of Windows: a share of the network shows in the real path, behind a drive's letter as well.

use std::fs;
use std::io;
use std::path::{Component, Path, Prefix};

/// The name of the network's file system that a file or a folder is on; none on a local one.
pub(super) fn network(path: &Path) -> io::Result<Option<&'static str>> {
    let real = fs::canonicalize(path)?;
    Ok(match real.components().next() {
        Some(Component::Prefix(prefix)) => match prefix.kind() {
            Prefix::UNC(..) | Prefix::VerbatimUNC(..) => Some("a share of the network"),
            _ => None,
        },
        _ => None,
    })
}
