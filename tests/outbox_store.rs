//! The store of the outbox: what every engine must do, and what SQLite alone must.
#![cfg(all(feature = "outbox", target_os = "linux"))]

#[path = "outbox_store/suite.rs"]
mod suite;

#[path = "outbox_store/clock.rs"]
mod clock;

#[path = "outbox_store/clocks.rs"]
mod clocks;
#[path = "outbox_store/files.rs"]
mod files;
#[path = "outbox_store/locks.rs"]
mod locks;
#[path = "outbox_store/making.rs"]
mod making;
#[path = "outbox_proof/part.rs"]
#[allow(dead_code)]
mod part;
#[path = "outbox_store/threads.rs"]
mod threads;

use std::sync::Arc;

use clock::TestClock;
use justclick::outbox::engine::{Durability, EngineSettings};
use justclick::outbox::sqlite::SqliteStore;
use suite::Bench;

#[test]
fn a_file_keeps_what_every_store_must() {
    suite::run("a file", |case| {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(TestClock::new("first"));
        let store = SqliteStore::with_clock(
            folder.path().join("leads.db"),
            EngineSettings {
                durability: Durability::Crash,
                ..EngineSettings::default()
            },
            clock.clone(),
        )
        .expect("a store");
        case(&Bench {
            store: &store,
            pass: &|time| clock.pass(time),
        });
        files::assert_whole(&folder.path().join("leads.db"));
    });
}

#[test]
fn memory_keeps_what_every_store_must() {
    suite::run("memory", |case| {
        let clock = Arc::new(TestClock::new("first"));
        let store = SqliteStore::in_memory_with_clock(EngineSettings::default(), clock.clone())
            .expect("a store");
        case(&Bench {
            store: &store,
            pass: &|time| clock.pass(time),
        });
    });
}
