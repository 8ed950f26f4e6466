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
const MINUTE: Duration = Duration::from_secs(60);

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
    let leased = add(&store, "b");
    let claimed = claim(&store);
    assert_eq!((claimed.id, claimed.age), (leased, Duration::ZERO));
    clock.set_wall(|wall| wall - HOUR);
    assert_eq!(next(&store), LEASE, "of the lease");
    clock.set_wall(|wall| wall + 2 * HOUR);
    assert_eq!(next(&store), LEASE, "of the lease");
    clock.pass(LEASE);
    let claimed = claim(&store);
    assert_eq!((claimed.id, claimed.age), (leased, LEASE));
    account_for(&store, 2);
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

/// An outbox with a lead that waits for an hour, and one that is leased, of which a worker asks every
/// minute for ten minutes; then the host starts anew with its wall clock an hour off.
fn started_anew(path: &Path, off: impl Fn(Duration) -> Duration) -> (Arc<TestClock>, SqliteStore) {
    let clock = Arc::new(TestClock::new("first"));
    let store = open(path, &clock);
    add(&store, "waits");
    settle(&store, &claim(&store), &later(HOUR));
    for _ in 0..10 {
        clock.pass(MINUTE);
        next(&store);
    }
    add(&store, "leased");
    claim(&store);
    drop(store);
    clock.reboot("second");
    clock.set_wall(off);
    let store = open(path, &clock);
    (clock, store)
}

#[test]
fn after_a_reboot_a_clock_set_back_delays_nothing_for_longer_than_the_lease() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let (clock, store) = started_anew(&path, |wall| wall - HOUR);
    let leased = claim(&store);
    assert_eq!(
        (leased.fence, leased.age),
        (2, Duration::ZERO),
        "it is taken over at once"
    );
    settle(&store, &leased, &Settlement::Delivered);
    let rest = next(&store);
    assert!(rest <= 50 * MINUTE + LEASE, "{rest:?}");
    // The clock is right again after the next start: the hour is not waited for twice.
    drop(store);
    clock.pass(MINUTE);
    clock.reboot("third");
    clock.set_wall(|wall| wall + HOUR);
    let store = open(&path, &clock);
    let rest = next(&store);
    assert!(rest <= 49 * MINUTE, "{rest:?}");
    account_for(&store, 2);
}

#[test]
fn a_worker_that_finds_nothing_notes_the_time_for_the_next_reboot() {
    for is_held in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("leads.db");
        let clock = Arc::new(TestClock::new("first"));
        let store = open(&path, &clock);
        add(&store, "waits");
        let wait = Settlement::Later {
            wait: HOUR,
            may_have_arrived: false,
            reason: String::new(),
            circuit: is_held.then_some(HOUR),
        };
        settle(&store, &claim(&store), &wait);
        clock.pass(50 * MINUTE);
        store.claim(ACCOUNT, "secret", LEASE, None).expect("claims");
        drop(store);
        clock.reboot("second");
        clock.set_wall(|wall| wall - HOUR);
        let store = open(&path, &clock);
        clock.pass(10 * MINUTE + LEASE);
        assert_eq!(claim(&store).attempts, 1, "it is due");
        account_for(&store, 1);
    }
}

#[test]
fn after_a_reboot_a_clock_set_forward_expires_nothing_early() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let (_, store) = started_anew(&path, |wall| wall + HOUR);
    let ages = [claim(&store), claim(&store)].map(|claimed| claimed.age);
    // The hour cannot be told from one in which the host was off.
    assert_eq!(ages, [HOUR, HOUR + 10 * MINUTE]);
    account_for(&store, 2);
}
