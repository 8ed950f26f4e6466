//! Several threads at one file, through several stores.

use std::path::Path;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use justclick::outbox::engine::EngineSettings;
use justclick::outbox::row::{Claim, Settlement};
use justclick::outbox::sqlite::SqliteStore;
use justclick::outbox::store::Store;

use super::files::assert_whole;
use super::suite::{ACCOUNT, LEASE, account_for, new_row};

fn open(path: &Path) -> SqliteStore {
    let settings = EngineSettings {
        busy_timeout: Duration::from_secs(20),
        ..EngineSettings::default()
    };
    SqliteStore::open(path, settings).expect("a store")
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

#[test]
fn threads_open_their_connections_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    for number in 0..200 {
        let (path, start) = (&path, &Barrier::new(2));
        thread::scope(|scope| {
            for thread in 0..2 {
                scope.spawn(move || {
                    start.wait();
                    let row = new_row(ACCOUNT, &format!("{thread}-{number}"));
                    open(path).add(&row, 1_000_000).expect("is kept");
                });
            }
        });
    }
    account_for(&open(&path), 400);
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
