//! The power is cut at every fsync: all that was not synced is lost, or there, or torn. Whatever is
//! left opens, is whole, and holds each lead that was told as kept.
//!
//! `JUSTCLICK_POWER_IMAGES=… JUSTCLICK_POWER_SEED=…` says how many disks are looked at, at most, and
//! repeats the choices of an earlier run.
#![cfg(all(feature = "outbox", target_os = "linux"))]

#[path = "outbox_power/disk.rs"]
mod disk;
#[allow(dead_code)]
mod outbox_proof;
#[path = "outbox_power/promise.rs"]
mod promise;
#[path = "outbox_power/record.rs"]
mod record;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;
#[path = "outbox_power/writer.rs"]
mod writer;

use std::path::{Path, PathBuf};
use std::process::Command;

use disk::{Disk, Image, Loss};
use fastrand::Rng;
use outbox_proof::chosen;
use outbox_proof::part::{self, Part};
use promise::Promise;
use record::Event;
use tempfile::TempDir;

const IMAGES: usize = 300;
const WARNINGS: [&str; 5] = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];

/// Compiles the library that records.
fn recorder(folder: &Path) -> PathBuf {
    let library = folder.join("power.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c/power.c");
    let output = (Command::new("cc").args(WARNINGS))
        .args(["-O1", "-shared", "-fPIC", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .output()
        .expect("cc is needed");
    assert!(output.status.success(), "{output:?}");
    library
}

/// What a process did to the disk that kept and delivered leads.
fn recorded(durability: &str) -> Vec<Event> {
    let folder = in_memory();
    let library = recorder(folder.path());
    let record = folder.path().join("record");
    let real = std::fs::canonicalize(folder.path()).expect("its path");
    let disk = real.join("disk");
    std::fs::create_dir(&disk).expect("a folder");
    let path = disk.to_str().expect("UTF-8");
    let values = [("folder", path), ("durability", durability)];
    let mut command = part::command("writer::writer", &values);
    command.env("LD_PRELOAD", &library);
    command.env("POWER_FOLDER", path);
    command.env("POWER_RECORD", &record);
    Part::start(command).success();
    record::read(&record, &disk)
}

/// A moment at which the power may go: before a sync, and after something was told.
struct Moment {
    event: usize,
    /// It is one of a checkpoint, of the file's birth or of a lead that was added again: those are
    /// few, and none is left out.
    is_rare: bool,
}

fn moments(events: &[Event]) -> Vec<Moment> {
    let moment = |(event, done): (usize, &Event)| match done {
        Event::Sync(name) => Some(Moment {
            event,
            is_rare: !name.ends_with("-wal"),
        }),
        Event::SyncNames | Event::Unlink(_) => Some(Moment {
            event,
            is_rare: true,
        }),
        Event::Mark(mark) => promise::is_made_by(mark).then(|| Moment {
            event: event + 1,
            is_rare: mark.starts_with(promise::AGAIN),
        }),
        _ => None,
    };
    events.iter().enumerate().filter_map(moment).collect()
}

/// Leaves out moments by chance, until there are few enough for so many images.
fn few_enough(mut moments: Vec<Moment>, images: usize, seed: u64) -> Vec<Moment> {
    let mut chance = Rng::with_seed(seed);
    let most = images / losses(0).len();
    while moments.len() > most {
        let ordinary: Vec<usize> = (0..moments.len())
            .filter(|place| !moments[*place].is_rare)
            .collect();
        if ordinary.is_empty() {
            break;
        }
        moments.remove(ordinary[chance.usize(..ordinary.len())]);
    }
    moments
}

fn losses(seed: u64) -> [Loss; 5] {
    [
        Loss::Dropped,
        Loss::Kept,
        Loss::Torn(seed),
        Loss::Torn(seed ^ 1 << 63),
        Loss::Torn(seed ^ 1 << 62),
    ]
}

/// Cuts the power at the moments, and says how many disks keep the promise, or which does not.
fn check(events: &[Event], images: usize, seed: u64) -> Result<usize, String> {
    let moments = few_enough(moments(events), images, seed);
    let (mut disk, mut promise, mut done) = (Disk::default(), Promise::default(), 0);
    let mut looked_at = 0;
    for moment in moments {
        for event in &events[done..moment.event] {
            disk.apply(event);
            if let Event::Mark(mark) = event {
                promise.note(mark);
            }
        }
        done = moment.event;
        for loss in losses(seed ^ done as u64) {
            look_at(&promise, &disk.cut(loss)).map_err(|wrong| {
                let kept = promise.kept();
                format!("{wrong}: {loss:?} at event {done}, after {kept} leads were kept")
            })?;
            looked_at += 1;
        }
    }
    Ok(looked_at)
}

fn look_at(promise: &Promise, image: &Image) -> Result<(), String> {
    let folder = in_memory();
    promise.holds_on(image, folder.path())
}

/// A folder that is quick to sync, where the system has one.
fn in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .expect("a folder")
}

#[test]
fn a_loss_of_power_loses_no_lead() {
    let seed = chosen("JUSTCLICK_POWER_SEED", fastrand::u64(..));
    println!("seed {seed}");
    let events = recorded("power");
    let images = chosen("JUSTCLICK_POWER_IMAGES", IMAGES);
    let looked_at = check(&events, images, seed);
    let looked_at = looked_at.unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
    println!("{} events, {looked_at} disks, lost 0", events.len());
    assert!(
        looked_at >= images.min(IMAGES) / 2,
        "hardly any disk was looked at"
    );
}

#[test]
fn who_does_not_sync_is_found() {
    let wrong = check(&recorded("crash"), IMAGES, 1).expect_err("not found");
    assert!(wrong.contains("leads are lost: Dropped"), "{wrong}");
}
