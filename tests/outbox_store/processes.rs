//! Several processes and threads at one file, some of which are killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use justclick::outbox::engine::EngineSettings;
use justclick::outbox::row::{Claim, Selection, Settlement};
use justclick::outbox::sqlite::SqliteStore;
use justclick::outbox::store::Store;

use super::files::assert_whole;
use super::suite::{ACCOUNT, LEASE, account_for, new_row};

const FILE: &str = "JUSTCLICK_TEST_OUTBOX";
const NAME: &str = "JUSTCLICK_TEST_ADDER";

/// Adds leads for ever and tells each that is kept: the part of another process.
#[test]
fn adder() {
    let (Ok(file), Ok(name)) = (std::env::var(FILE), std::env::var(NAME)) else {
        return;
    };
    let store = open(Path::new(&file));
    for number in 0.. {
        let row = new_row(ACCOUNT, &format!("{name}-{number}"));
        store.add(&row, 1_000_000).expect("is kept");
        println!("\nkept {}", row.key);
    }
}

fn open(path: &Path) -> SqliteStore {
    let settings = EngineSettings {
        busy_timeout: Duration::from_secs(20),
        ..EngineSettings::default()
    };
    SqliteStore::open(path, settings).expect("a store")
}

fn spawn(path: &Path, name: &str) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "processes::adder", "--nocapture"])
        .env(FILE, path)
        .env(NAME, name)
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts")
}

/// Kills an adder once it told so many, and returns all that it told.
fn killed(mut adder: Child, after: usize) -> Vec<String> {
    let output = BufReader::new(adder.stdout.take().expect("its output"));
    let mut told = Vec::new();
    for line in output.lines() {
        let line = line.expect("a line");
        told.extend(line.strip_prefix("kept ").map(str::to_owned));
        if told.len() == after {
            adder.kill().expect("is killed");
        }
    }
    adder.wait().expect("ends");
    assert!(told.len() >= after, "it ended by itself after {told:?}");
    told
}

#[test]
fn adders_that_are_killed_lose_nothing_that_they_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let mut told = Vec::new();
    for round in 0..10 {
        let pair = [0, 1].map(|side| spawn(&path, &format!("{round}-{side}")));
        let waits = pair.map(|adder| thread::spawn(move || killed(adder, 1 + 7 * round)));
        for wait in waits {
            told.extend(wait.join().expect("is killed"));
        }
    }
    let store = open(&path);
    let rows = store.list(&Selection::default()).expect("lists");
    let keys: std::collections::HashSet<_> = rows.iter().map(|row| row.key.as_str()).collect();
    for key in &told {
        assert!(keys.contains(key.as_str()), "{key} is lost");
    }
    // One that was killed may have kept a last lead that it could not tell.
    assert!(rows.len() <= told.len() + 20);
    account_for(&store, rows.len() as u64);
    drop(store);
    assert_whole(&path);
}

#[test]
fn threads_deliver_each_lead_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let (first, second) = (open(&path), open(&path));
    let delivered = AtomicU64::new(0);
    thread::scope(|scope| {
        for (number, store) in [&first, &second, &first, &second].into_iter().enumerate() {
            let delivered = &delivered;
            scope.spawn(move || {
                for lead in 0..50 {
                    let row = new_row(ACCOUNT, &format!("{number}-{lead}"));
                    store.add(&row, 1_000_000).expect("is kept");
                    delivered.fetch_add(deliver_one(store), Ordering::SeqCst);
                }
            });
        }
    });
    while deliver_one(&first) == 1 {
        delivered.fetch_add(1, Ordering::SeqCst);
    }
    assert_eq!(delivered.into_inner(), 200);
    account_for(&second, 200);
    drop((first, second));
    assert_whole(&path);
}

fn deliver_one(store: &SqliteStore) -> u64 {
    match store.claim(ACCOUNT, "secret", LEASE, None).expect("claims") {
        Claim::Row(claimed) => {
            let is_ours = store.settle(ACCOUNT, "secret", &claimed, &Settlement::Delivered);
            u64::from(is_ours.expect("settles"))
        }
        _ => 0,
    }
}
