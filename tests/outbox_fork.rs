//! A store in children made by `fork`. These tests are a program of their own, with one test, since a
//! child is refused where another thread of its parent was inside SQLite.
#![cfg(all(feature = "outbox", target_os = "linux"))]

mod forked;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use forked::{account_for, add, ends_well, fork, work, work_on_in_children};
use justclick::outbox::engine::EngineSettings;
use justclick::outbox::sqlite::SqliteStore;
use justclick::outbox::store::Store;
use rusqlite::Connection;

fn open(path: &Path) -> SqliteStore {
    let settings = EngineSettings {
        busy_timeout: Duration::from_secs(20),
        ..EngineSettings::default()
    };
    SqliteStore::open(path, settings).expect("a store")
}

fn assert_account(path: &Path, accepted: u64) {
    let store = open(path);
    account_for(&store, accepted);
    drop(store);
    let connection = Connection::open(path).expect("opens");
    let verdict: String = connection
        .query_row("pragma integrity_check", [], |row| row.get(0))
        .expect("is checked");
    assert_eq!(verdict, "ok");
}

/// The store is open in the parent, twice; children use it, a grandchild too, and their parent on.
fn a_store_works_on_in_children(path: &Path) {
    let store = open(path);
    let other = open(path);
    add(&store, "parent");
    add(&other, "other");
    let newcomer = fork(|| work(&open(path), "newcomer"));
    let added = work_on_in_children(&store, &other);
    assert!(ends_well(newcomer));
    assert_account(path, 2 + added + forked::LEADS);
}

/// The locks of a child are its own: nobody takes the log from under it while its parent is away.
fn a_child_holds_its_own_locks(path: &Path) {
    let mut store = Some(open(path));
    add(store.as_ref().expect("a store"), "parent");
    // The connection that moves the log is inherited as well.
    let tidied = store.as_ref().expect("a store").tidy(None);
    tidied.expect("moves the log");
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let child = fork(|| {
        use std::io::Read;
        let store = store.as_ref().expect("a store");
        add(store, "before");
        let mut byte = [0];
        (&reader).read_exact(&mut byte).expect("the parent's sign");
        add(store, "after");
    });
    // Wait until the child has the file open.
    while count(store.as_ref().expect("a store")) < 2 {
        std::thread::yield_now();
    }
    store.take();
    // Who closes the file last deletes the log.
    let last = std::process::Command::new(std::env::current_exe().expect("this program"))
        .env("JUSTCLICK_TEST_CLOSE", path)
        .status();
    assert!(last.expect("starts").success());
    assert!(
        log(path).exists(),
        "the log was deleted while the child had it open"
    );
    std::io::Write::write_all(&mut &writer, b"!").expect("a sign");
    assert!(ends_well(child));
    assert_account(path, 3);
}

fn count(store: &SqliteStore) -> usize {
    store.list(&Default::default()).expect("lists").len()
}

fn log(path: &Path) -> std::path::PathBuf {
    path.with_extension("db-wal")
}

/// Reads the file and closes it as another program does.
fn close_as_others_do(path: &Path) {
    let connection = Connection::open(path).expect("opens");
    let rows: i64 = connection
        .query_row("select count(*) from justclick_outbox", [], |row| {
            row.get(0)
        })
        .expect("reads");
    assert_eq!(rows, 2);
}

/// Where a thread of the parent was inside SQLite, the child is told so and keeps nothing.
fn a_child_of_a_busy_parent_is_refused(path: &Path) {
    let store = open(path);
    let ends = AtomicBool::new(false);
    let locker = Connection::open(path).expect("opens");
    locker.execute_batch("begin immediate").expect("locks");
    let began = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            began.store(true, Ordering::SeqCst);
            add(&store, "waits for the lock");
            ends.store(true, Ordering::SeqCst);
        });
        while !began.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        // The thread waits inside as long as the file is locked, so some child is refused.
        let refused = (0..1000).any(|_| {
            std::thread::sleep(Duration::from_millis(1));
            let child = fork(|| {
                let error = store.status().expect_err("is refused");
                assert!(error.message().contains("fork"), "{error}");
            });
            ends_well(child)
        });
        assert!(refused && !ends.load(Ordering::SeqCst));
        locker.execute_batch("rollback").expect("unlocks");
    });
    drop(locker);
    assert_account(path, 1);
}

#[test]
fn children() {
    if let Ok(path) = std::env::var("JUSTCLICK_TEST_CLOSE") {
        return close_as_others_do(Path::new(&path));
    }
    let folder = tempfile::tempdir().expect("a folder");
    a_store_works_on_in_children(&folder.path().join("first.db"));
    a_child_holds_its_own_locks(&folder.path().join("second.db"));
    a_child_of_a_busy_parent_is_refused(&folder.path().join("third.db"));
}
