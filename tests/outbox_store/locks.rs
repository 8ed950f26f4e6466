//! A file that others lock: who waits for them, for how long, and who does not wait.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use justclick::outbox::engine::EngineSettings;
use justclick::outbox::row::Settlement;
use justclick::outbox::sqlite::SqliteStore;
use justclick::outbox::store::Store;
use rusqlite::Connection;
use tempfile::TempDir;

use super::suite::{ACCOUNT, account_for, add, claim, dead, new_row, settle};

/// A store, and another connection to its file.
struct Scene {
    folder: TempDir,
    store: SqliteStore,
    other: Connection,
}

fn open(path: &Path, busy_timeout: Duration) -> SqliteStore {
    let settings = EngineSettings {
        busy_timeout,
        ..EngineSettings::default()
    };
    SqliteStore::open(path, settings).expect("a store")
}

impl Scene {
    fn new(busy_timeout: Duration) -> Scene {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("leads.db");
        let store = open(&path, busy_timeout);
        add(&store, "a");
        let other = Connection::open(&path).expect("opens");
        Scene {
            folder,
            store,
            other,
        }
    }

    fn lock(&self) {
        let locked = self.other.execute_batch("begin immediate");
        locked.expect("locks");
    }

    fn unlock(&self) {
        self.other.execute_batch("rollback").expect("unlocks");
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("leads.db")
    }

    /// What threads came to that all asked while the file was locked, and by how many transactions.
    fn at_once<T: Send>(
        &self,
        threads: usize,
        work: impl Fn(usize, &SqliteStore) -> T + Sync,
    ) -> (Vec<T>, usize) {
        let before = transactions(&self.path());
        self.lock();
        let (store, work, begin) = (&self.store, &work, &Barrier::new(threads + 1));
        let told = thread::scope(|scope| {
            let threads: Vec<_> = (0..threads)
                .map(|number| {
                    scope.spawn(move || {
                        begin.wait();
                        work(number, store)
                    })
                })
                .collect();
            begin.wait();
            // Most have come by then; one that has not makes a transaction more.
            thread::sleep(Duration::from_millis(100));
            self.unlock();
            let told = threads.into_iter().map(|thread| thread.join());
            told.map(|told| told.expect("no panic")).collect()
        });
        (told, transactions(&self.path()) - before)
    }
}

#[test]
fn a_file_that_stays_locked_is_told_in_time() {
    let scene = Scene::new(Duration::from_millis(30));
    scene.lock();
    let error = (scene.store)
        .add(&new_row(ACCOUNT, "b"), 10)
        .expect_err("it is locked");
    assert!(
        error.message().contains("30 ms (busy_timeout_ms)"),
        "{error}"
    );
    scene.unlock();
    add(&scene.store, "b");
    account_for(&scene.store, 2);
}

#[test]
fn who_opens_and_reads_waits_for_nobody() {
    let scene = Scene::new(Duration::from_secs(2));
    scene.lock();
    let second = open(&scene.path(), Duration::from_millis(30));
    assert_eq!(second.status().expect("a status").waiting, 1);
    scene.unlock();
    account_for(&second, 1);
}

/// Another has it locked for 240 ms, again and again, and frees it for three: too short for whoever
/// looks seldom.
#[test]
fn a_lock_that_is_free_for_a_moment_is_taken() {
    let scene = Scene::new(Duration::from_secs(2));
    let (is_locked, is_over) = (AtomicBool::new(false), AtomicBool::new(false));
    let (is_locked, is_over, store, other) = (&is_locked, &is_over, &scene.store, scene.other);
    thread::scope(|scope| {
        scope.spawn(move || {
            let patient = other.busy_timeout(Duration::from_secs(60));
            patient.expect("is patient");
            while !is_over.load(Ordering::SeqCst) {
                other.execute_batch("begin immediate").expect("locks");
                is_locked.store(true, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(240));
                is_locked.store(false, Ordering::SeqCst);
                other.execute_batch("rollback").expect("unlocks");
                thread::sleep(Duration::from_millis(3));
            }
        });
        let kept = (0..8).map(|number| {
            while !is_locked.load(Ordering::SeqCst) {
                thread::yield_now();
            }
            store.add(&new_row(ACCOUNT, &number.to_string()), 10)
        });
        let kept: Result<Vec<_>, _> = kept.collect();
        is_over.store(true, Ordering::SeqCst);
        assert_eq!(kept.expect("are kept").len(), 8);
    });
    account_for(store, 9);
}

/// How many transactions the log of a file holds: the last page of each names the size of the file.
/// <https://www.sqlite.org/fileformat2.html#walformat>
fn transactions(path: &Path) -> usize {
    let log = fs::read(path.with_extension("db-wal")).expect("a log");
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().expect("four bytes"));
    let page = 24 + number(8) as usize;
    (32..log.len())
        .step_by(page)
        .filter(|at| number(at + 4) > 0)
        .count()
}

/// Those who come while the file is locked wait for the disk once, and who is refused is so alone.
#[test]
fn leads_that_threads_add_at_once_are_kept_by_one_commit() {
    const THREADS: usize = 12;
    const ROOM: usize = 8;
    let scene = Scene::new(Duration::from_secs(60));
    let (told, made) = scene.at_once(THREADS, |number, store| {
        let row = new_row(ACCOUNT, &format!("thread {number}"));
        store.add(&row, 1 + ROOM as u64)
    });
    let (kept, refused): (Vec<_>, Vec<_>) = told.into_iter().partition(Result::is_ok);
    assert_eq!(kept.len(), ROOM);
    let mut ids: Vec<_> = kept
        .into_iter()
        .map(|kept| kept.expect("kept").id)
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, (2..=1 + ROOM as i64).collect::<Vec<_>>());
    for error in refused {
        let error = error.expect_err("refused");
        assert!(error.message().contains("it is full: 9 leads"), "{error}");
    }
    assert!(made < ROOM, "{made} transactions");
    account_for(&scene.store, 1 + ROOM as u64);
}

#[test]
fn workers_that_take_and_end_leads_at_once_share_a_commit() {
    const WORKERS: usize = 12;
    let scene = Scene::new(Duration::from_secs(60));
    for number in 1..WORKERS {
        add(&scene.store, &number.to_string());
    }
    let (claimed, made) = scene.at_once(WORKERS, |_, store| claim(store));
    assert!(made < WORKERS / 2, "{made} transactions");
    let ids: HashSet<i64> = claimed.iter().map(|claimed| claimed.id).collect();
    assert_eq!(ids.len(), WORKERS, "a lead has two workers");
    let settled = |number: usize, store: &SqliteStore| match number % 2 {
        0 => settle(store, &claimed[number], &Settlement::Delivered),
        _ => settle(store, &claimed[number], &dead()),
    };
    let (settled, made) = scene.at_once(WORKERS, settled);
    assert!(made < WORKERS / 2, "{made} transactions");
    assert_eq!(settled, [true; WORKERS]);
    let status = scene.store.status().expect("a status");
    assert_eq!((status.delivered, status.dead), (6, 6));
    account_for(&scene.store, WORKERS as u64);
}
