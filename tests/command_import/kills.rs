//! An import that is killed, and started again with the same words.

use std::fs;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use super::desk::{Desk, ended};
use super::sandbox::{Options, Sandbox};

const IN_FLIGHT: u64 = 8;
const WORDS: [&str; 7] = [
    "import",
    "contacts.csv",
    "--group",
    "super",
    "--yes",
    "--in-flight",
    "8",
];

/// So many kills at random moments: 100 before a release. The leads that were on their way are taken over
/// after two minutes, so `make test` has none of these.
const KILLS_NAME: &str = "JUSTCLICK_IMPORT_KILLS";
const ROWS_FOR_EACH_KILL: u64 = 300;

/// A table of so many rows, a sandbox, and a place to work at.
fn scene(rows: u64) -> (Sandbox, Desk) {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let desk = Desk::at(&sandbox);
    let table: String = (0..rows)
        .map(|row| format!("{row}@b.ru,Name {row}\n"))
        .collect();
    desk.write("contacts.csv", format!("email,name\n{table}"));
    (sandbox, desk)
}

fn start(desk: &Desk) -> Child {
    desk.command(&WORDS).spawn().expect("starts")
}

fn kill(mut child: Child) -> bool {
    let is_running = child.try_wait().expect("its state").is_none();
    if is_running {
        child.kill().expect("is killed");
    }
    child.wait().expect("ends");
    is_running
}

#[test]
fn killed_while_it_keeps_rows_it_goes_on() {
    const ROWS: u64 = 3500;
    let (sandbox, desk) = scene(ROWS);
    let child = start(&desk);
    let began = Instant::now();
    while !desk.path("contacts.csv.import").exists() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it keeps nothing"
        );
        thread::sleep(Duration::from_millis(1));
    }
    assert!(kill(child), "it had ended");
    let progress = fs::read_to_string(desk.path("contacts.csv.import")).expect("how far it came");
    assert!(progress.contains("\"filled\":false"), "{progress}");
    assert_eq!(sandbox.requests(), 0);
    let last = ended(&mut desk.command(&WORDS));
    assert_eq!(last.code, 0, "{last:?}");
    let delivered = (sandbox.contacts().len() as u64, sandbox.requests() as u64);
    assert_eq!(delivered, (ROWS, ROWS));
}

#[test]
fn one_file_is_imported_by_one_process() {
    let (sandbox, desk) = scene(3500);
    let first = start(&desk);
    let began = Instant::now();
    while !desk.path("contacts.csv.import").exists() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it keeps nothing"
        );
        thread::sleep(Duration::from_millis(1));
    }
    let second = ended(&mut desk.command(&WORDS));
    assert_eq!(second.code, 3, "{second:?}");
    assert!(
        second.warned.contains("another process imports it"),
        "{second:?}"
    );
    assert!(kill(first), "it had ended");
    drop(sandbox);
}

#[test]
fn killed_at_random_it_skips_no_row_and_repeats_few() {
    let Ok(kills) = std::env::var(KILLS_NAME) else {
        return;
    };
    let kills: u64 = kills.parse().expect("a number");
    let rows = kills * ROWS_FOR_EACH_KILL;
    let (sandbox, desk) = scene(rows);
    let mut random = fastrand::Rng::new();
    let (mut killed, mut on_their_way) = (0, 0);
    while killed < kills {
        let before = sandbox.requests();
        let mut child = start(&desk);
        // The first half dies at any moment, most often while it keeps rows, the second while it delivers.
        if killed < kills / 2 {
            thread::sleep(Duration::from_millis(random.u64(10..1500)));
        } else {
            while sandbox.requests() == before && child.try_wait().expect("its state").is_none() {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_millis(random.u64(0..200)));
        }
        if !kill(child) {
            break;
        }
        killed += 1;
        on_their_way += u64::from(sandbox.requests() > before);
    }
    let last = ended(&mut desk.command(&WORDS));
    assert!(last.code == 0 || killed < kills, "{last:?}");
    let (contacts, requests) = (sandbox.contacts().len() as u64, sandbox.requests() as u64);
    assert_eq!(contacts, rows, "after {killed} kills");
    let repeats = requests - rows;
    assert!(
        repeats <= killed * IN_FLIGHT,
        "{repeats} repeats after {killed} kills"
    );
    println!("{killed} kills, {on_their_way} while it delivered, {rows} rows, {repeats} repeats");
}
