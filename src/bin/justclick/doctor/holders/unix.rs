//! Who else has an outbox's file open, and by which SQLite, as `/proc` tells. Nothing here opens the file: a close would
//! end the locks that SQLite has on it in this process.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::doctor::finding::Finding;
use crate::failure::Code;

const CHECK: &str = "programs";
/// Files by which a process has an SQLite that is not the library's.
const OTHERS: [&str; 4] = ["libsqlite3.", "pdo_sqlite", "sqlite3.so", "_sqlite3."];

/// A process that has the file open.
struct Holder {
    shown: String,
    /// How often the beginning of the shared memory is mapped; each SQLite does it once.
    mapped: usize,
    has_other: bool,
    has_ours: bool,
}

pub fn judge(path: &Path) -> Finding {
    let Some(holders) = holders(path) else {
        return Finding::skipped(CHECK, "there is no /proc to see who has the file open");
    };
    if let Some(both) = holders.iter().find(|holder| holder.mapped > 1) {
        let found = format!(
            "{} has the file open through two SQLite libraries, which damage it",
            both.shown
        );
        let advice = "end that program, and use the outbox in it by the justclick library alone, not by PHP's pdo_sqlite or Python's sqlite3";
        return Finding::wrong(CHECK, Code::Refused, found, advice);
    }
    let is_stranger = |holder: &&Holder| holder.has_other && !holder.has_ours;
    let strangers: Vec<&str> = (holders.iter().filter(is_stranger))
        .map(|holder| &*holder.shown)
        .collect();
    if !strangers.is_empty() {
        let found = format!(
            "another SQLite has the file open, in {}",
            strangers.join(", ")
        );
        let advice = "a program that only reads does no harm; end one that writes, or that keeps a transaction open: leads cannot be kept meanwhile";
        return Finding::warning(CHECK, found, advice);
    }
    if holders.is_empty() {
        let found = "nobody else whom this user may see has the file open";
        return Finding::ok(CHECK, found);
    }
    let names: Vec<&str> = holders.iter().map(|holder| &*holder.shown).collect();
    let found = format!("the file is open in {}", names.join(", "));
    Finding::ok(CHECK, found)
}

/// `None` where there is no `/proc`. Processes of other users are seen by root alone.
fn holders(path: &Path) -> Option<Vec<Holder>> {
    let wanted = identity(path)?;
    let shared = fs::canonicalize(path).ok().map(|real| beside(&real));
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        if pid != std::process::id() && has_open(&entry.path(), wanted) {
            found.push(holder(pid, &entry.path(), shared.as_deref()));
        }
    }
    Some(found)
}

fn has_open(process: &Path, wanted: (u64, u64)) -> bool {
    let Ok(descriptors) = fs::read_dir(process.join("fd")) else {
        return false;
    };
    (descriptors.flatten()).any(|descriptor| identity(&descriptor.path()) == Some(wanted))
}

fn holder(pid: u32, process: &Path, shared: Option<&Path>) -> Holder {
    let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
    let maps = fs::read_to_string(process.join("maps")).unwrap_or_default();
    let mapped = maps.lines().filter_map(mapping);
    let shared = shared.and_then(Path::to_str);
    let files: BTreeSet<&str> = (mapped.clone())
        .filter_map(|(_, path)| path.rsplit('/').next())
        .collect();
    let has = |part: &str| files.iter().any(|file| file.contains(part));
    Holder {
        shown: format!("{} (process {pid})", name.trim()),
        mapped: mapped
            .filter(|(is_beginning, path)| *is_beginning && Some(*path) == shared)
            .count(),
        has_other: OTHERS.into_iter().any(has),
        has_ours: has("justclick"),
    }
}

/// Whether a line of the table tells of a file's beginning, and the file's path:
/// `7f55a2b00000-7f55a2b08000 rw-s 00000000 fe:00 1835083   /srv/leads.db-shm`.
fn mapping(line: &str) -> Option<(bool, &str)> {
    let path = &line[line.find('/')?..];
    let offset = line.split_ascii_whitespace().nth(2)?;
    Some((offset.bytes().all(|digit| digit == b'0'), path))
}

fn beside(real: &Path) -> PathBuf {
    let mut name = real.as_os_str().to_owned();
    name.push("-shm");
    name.into()
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    let found = fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}
