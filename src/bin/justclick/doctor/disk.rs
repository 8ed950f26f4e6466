//! The disk that an outbox lies on: its file system, and what it costs to keep a lead there.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use justclick::outbox::sqlite::check_file_system;

use super::finding::{Finding, Report};
use crate::failure::{Code, Failure};
#[cfg(unix)]
use unix::{create, number};
#[cfg(windows)]
use windows::{create, number};

const WRITES: usize = 20;
const BLOCK: [u8; 4096] = [0; 4096];
/// A visitor notices more.
const SLOW: Duration = Duration::from_millis(10);

pub fn examine(path: &Path, report: &mut Report) -> Result<(), Failure> {
    let folder = folder(path);
    let system = file_system(&folder);
    let can_write = system.is_ok();
    report.tell(system.unwrap_or_else(|finding| finding))?;
    if can_write {
        report.tell(fsync(&folder))?;
    }
    Ok(())
}

/// Where the file is, behind all links, or would be.
fn folder(path: &Path) -> PathBuf {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match real.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn file_system(folder: &Path) -> Result<Finding, Finding> {
    const CHECK: &str = "file system";
    let shown = folder.display();
    let number = number(folder).map_err(|error| {
        let advice =
            "make the folder, and let the users that add and deliver write into it and enter those above";
        Finding::wrong(CHECK, Code::Refused, format!("{shown}: {error}"), advice)
    })?;
    if let Err(error) = check_file_system(folder) {
        let advice = "keep the outbox on a disk of this host, or in PostgreSQL or MySQL where hosts share it";
        return Err(Finding::wrong(CHECK, Code::Refused, error, advice));
    }
    Ok(match number {
        Some(0x0102_1994 | 0x8584_58F6) => Finding::wrong(
            CHECK,
            Code::Refused,
            format!("{shown} is in memory (tmpfs): the leads go with the next restart"),
            "keep the outbox on a disk, as in /var/lib",
        ),
        Some(0x794C_7630) => Finding::warning(
            CHECK,
            format!(
                "{shown} is a container's own layer (overlay): the leads go with the container"
            ),
            "keep the outbox on a volume that stays",
        ),
        number => Finding::ok(CHECK, format!("{shown} is on {}", name(number))),
    })
}

fn name(number: Option<u64>) -> String {
    let known = match number {
        Some(0xEF53) => "ext4, ext3 or ext2",
        Some(0x5846_5342) => "XFS",
        Some(0x9123_683E) => "Btrfs",
        Some(0x2FC1_2FC1) => "ZFS",
        Some(0xF2F5_2010) => "F2FS",
        Some(0xCA45_1A4E) => "bcachefs",
        Some(other) => return format!("a local file system (number {other:#x})"),
        None => "a file system of this host",
    };
    known.to_owned()
}

fn fsync(folder: &Path) -> Finding {
    const CHECK: &str = "fsync";
    let median = match measured(folder) {
        Ok(median) => median,
        Err(error) => {
            let shown = folder.display();
            let advice = "let the users that add and deliver write into the folder, and see that the disk is neither full nor read-only";
            let found = format!("{shown} cannot be written: {error}");
            return Finding::wrong(CHECK, Code::Refused, found, advice);
        }
    };
    let milliseconds = median.as_secs_f64() * 1000.0;
    let found =
        format!("4 KiB are on the disk after {milliseconds:.2} ms (the median of {WRITES} writes)");
    if median <= SLOW {
        return Finding::ok(CHECK, found);
    }
    let advice = "each lead takes so long to be kept: take a faster disk, or set durability to \"crash\", which survives the end of a program but not the loss of power";
    Finding::warning(CHECK, found, advice)
}

/// The median time of a write that reaches the disk.
fn measured(folder: &Path) -> io::Result<Duration> {
    let mut scratch = Scratch::make(folder)?;
    let mut times = [Duration::ZERO; WRITES];
    for time in &mut times {
        let start = Instant::now();
        scratch.file.write_all(&BLOCK)?;
        scratch.file.sync_all()?;
        *time = start.elapsed();
    }
    times.sort_unstable();
    Ok(times[WRITES / 2])
}

/// A file that goes with its value.
struct Scratch {
    path: PathBuf,
    file: File,
}

impl Scratch {
    fn make(folder: &Path) -> io::Result<Scratch> {
        let path = folder.join(format!(".justclick-doctor-{}", std::process::id()));
        let file = create(&path)?;
        Ok(Scratch { path, file })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
