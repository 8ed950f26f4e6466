//! The wall clock is set and the host starts anew.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use justclick::outbox::engine::EngineSettings;
use justclick::outbox::row::{Claim, Settlement};
use justclick::outbox::sqlite::SqliteStore;
use justclick::outbox::store::Store;

use super::clock::TestClock;
use super::suite::{ACCOUNT, LEASE, account_for, add, claim, settle};

const HOUR: Duration = Duration::from_secs(3600);

fn open(path: &Path, clock: &Arc<TestClock>) -> SqliteStore {
    SqliteStore::with_clock(path, EngineSettings::default(), clock.clone()).expect("a store")
}

fn later(wait: Duration) -> Settlement {
    Settlement::Later {
        wait,
        may_have_arrived: false,
        reason: String::new(),
        circuit: None,
    }
}

fn next(store: &SqliteStore) -> Duration {
    match store.claim(ACCOUNT, "secret", LEASE, None).expect("claims") {
        Claim::Nothing(Some(next)) => next,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_wall_clock_that_is_set_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let clock = Arc::new(TestClock::new("first"));
    let store = open(&path, &clock);
    add(&store, "a");
    settle(&store, &claim(&store), &later(HOUR));
    for change in [|wall: Duration| wall + 5 * HOUR, |wall| wall - 10 * HOUR] {
        clock.set_wall(change);
        assert_eq!(next(&store), HOUR);
        assert_eq!(next(&open(&path, &clock)), HOUR, "of who opens it now");
    }
    account_for(&store, 1);
}

#[test]
fn a_reboot_neither_turns_time_back_nor_keeps_leases() {
    for wall in [|wall: Duration| wall, |wall| wall - 100 * HOUR] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("leads.db");
        let clock = Arc::new(TestClock::new("first"));
        let store = open(&path, &clock);
        let waiting = add(&store, "a");
        settle(&store, &claim(&store), &later(HOUR));
        let leased = add(&store, "b");
        assert_eq!(claim(&store).id, leased);
        drop(store);
        clock.reboot("second");
        clock.set_wall(wall);
        let store = open(&path, &clock);
        let taken_over = claim(&store);
        assert_eq!(taken_over.id, leased, "its worker is gone");
        assert!(taken_over.may_have_arrived);
        assert_eq!(taken_over.age, Duration::ZERO);
        settle(&store, &taken_over, &Settlement::Delivered);
        assert_eq!(next(&store), HOUR);
        clock.pass(HOUR);
        assert_eq!(claim(&store).id, waiting);
        account_for(&store, 2);
    }
}

#[test]
fn the_time_in_which_the_host_was_off_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let clock = Arc::new(TestClock::new("first"));
    let store = open(&path, &clock);
    add(&store, "a");
    settle(&store, &claim(&store), &later(HOUR));
    drop(store);
    clock.reboot("second");
    clock.set_wall(|wall| wall + HOUR);
    let store = open(&path, &clock);
    assert_eq!(claim(&store).age, HOUR);
    account_for(&store, 1);
}
