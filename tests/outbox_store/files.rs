//! The file: its birth, its rights, which ones are refused, and what becomes of a damaged one.

use std::fs::{self, File, Permissions};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use justclick::ErrorKind;
use justclick::outbox::engine::{Durability, EngineSettings};
use justclick::outbox::row::Settlement;
use justclick::outbox::sqlite::SqliteStore;
use justclick::outbox::store::Store;
use rusqlite::Connection;

use super::suite::{ACCOUNT, account_for, add, claim, new_row, settle};

/// SQLite itself finds no fault in the file.
pub fn assert_whole(path: &Path) {
    let connection = Connection::open(path).expect("opens");
    let verdict: String = connection
        .query_row("pragma integrity_check", [], |row| row.get(0))
        .expect("is checked");
    assert_eq!(verdict, "ok");
}

fn refused(path: &Path, why: &str) {
    let error = SqliteStore::open(path, EngineSettings::default()).expect_err("it is refused");
    assert_eq!(error.kind(), ErrorKind::NotStored);
    assert!(error.message().contains(why), "{error}");
    assert!(
        error.message().contains(&*path.to_string_lossy()),
        "{error}"
    );
}

fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path, EngineSettings::default()).expect("a store")
}

#[test]
fn sqlite_is_without_the_fault_of_the_log_reset() {
    assert!(rusqlite::version_number() >= 3_051_003);
}

#[test]
fn files_are_their_owners_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let store = open(&path);
    add(&store, "a");
    let files: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let mode = file
            .expect("a file")
            .metadata()
            .expect("is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn what_is_no_outbox_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    refused(folder.path(), "it is a folder");
    refused(Path::new("/dev/null"), "it is a device");
    refused(&folder.path().join("none/leads.db"), "no such folder");
    let text = folder.path().join("text");
    fs::write(
        &text,
        "leads come here some day, and more of it".repeat(100),
    )
    .expect("writes");
    refused(&text, "every user of this host");
    fs::set_permissions(&text, Permissions::from_mode(0o600)).expect("changes");
    let before = fs::read(&text).expect("reads");
    refused(&text, "is no SQLite database");
    refused(&text.join("leads.db"), "");
    assert_eq!(fs::read(&text).expect("reads"), before, "it was changed");
}

#[test]
fn another_programs_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.db");
    let connection = Connection::open(&path).expect("opens");
    connection
        .execute_batch("create table goods (id)")
        .expect("creates");
    drop(connection);
    fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("changes");
    let before = fs::read(&path).expect("reads");
    refused(&path, "another program's");
    assert_eq!(fs::read(&path).expect("reads"), before, "it was changed");
}

#[test]
fn a_newer_librarys_tables_are_refused_by_their_version() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    drop(open(&path));
    let connection = Connection::open(&path).expect("opens");
    connection
        .pragma_update(None, "user_version", 99)
        .expect("changes");
    drop(connection);
    refused(&path, "version 99");
}

#[test]
fn a_damaged_file_is_told_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let store = open(&path);
    for number in 0..200 {
        add(&store, &number.to_string());
    }
    store.tidy(None).expect("tidies");
    drop(store);
    let mut bytes = fs::read(&path).expect("reads");
    for page in bytes.chunks_mut(4096).skip(1) {
        page[..200].fill(0xA5);
    }
    fs::write(&path, &bytes).expect("writes");
    let error = SqliteStore::open(&path, EngineSettings::default())
        .and_then(|store| store.add(&new_row(ACCOUNT, "new"), 1000))
        .expect_err("it is damaged");
    assert_eq!(error.kind(), ErrorKind::NotStored);
    assert!(error.message().contains("damaged"), "{error}");
    assert_eq!(fs::read(&path).expect("reads"), bytes, "it was changed");
}

#[test]
fn a_log_without_its_file_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let log = folder.path().join("leads.db-wal");
    let store = open(&path);
    add(&store, "a");
    drop(store);
    let whole = fs::read(&path).expect("reads");
    let before = fs::read(&log).expect("reads");
    fs::write(&path, "").expect("is emptied");
    refused(&path, "the log beside it");
    fs::remove_file(&path).expect("is removed");
    refused(&path, "the log beside it");
    assert!(!path.exists(), "it was made");
    assert_eq!(fs::read(&log).expect("reads"), before, "it was changed");
    fs::write(&path, whole).expect("is put back");
    fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("changes");
    account_for(&open(&path), 1);
}

/// What a program or a disk may have put into a row.
fn write(path: &Path, statement: &str) {
    let connection = Connection::open(path).expect("opens");
    connection.execute_batch(statement).expect("changes");
}

#[test]
fn numbers_that_cannot_be_are_told() {
    let most = i64::MAX;
    for change in [
        format!("last_id = {most}, delivered = {most}"),
        format!("dropped = -{most} - 1"),
        format!("clock_offset = {most}"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("leads.db");
        let store = open(&path);
        add(&store, "a");
        drop(store);
        write(&path, &format!("update justclick_store set {change}"));
        let error = SqliteStore::open(&path, EngineSettings::default())
            .and_then(|store| store.add(&new_row(ACCOUNT, "new"), 1000))
            .expect_err("it is damaged");
        assert_eq!(error.kind(), ErrorKind::NotStored);
        let told = error.message();
        assert!(
            told.contains("damaged") || told.contains("is full"),
            "{told}"
        );
        let connection = Connection::open(&path).expect("opens");
        let sql = "select count(*) from justclick_outbox";
        let rows = connection.query_row(sql, [], |row| row.get(0));
        assert_eq!(rows, Ok(1));
    }
}

#[test]
fn delivered_leads_leave_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let store = open(&path);
    add(&store, "somebody");
    let holds = |needle: &str| {
        ["leads.db", "leads.db-wal"].iter().any(|name| {
            let bytes = fs::read(folder.path().join(name)).expect("reads");
            bytes
                .windows(needle.len())
                .any(|window| window == needle.as_bytes())
        })
    };
    assert!(holds("somebody"));
    settle(&store, &claim(&store), &Settlement::Delivered);
    store.tidy(None).expect("tidies");
    assert!(!holds("somebody"));
    account_for(&store, 1);
}

#[test]
fn a_file_that_was_moved_away_is_not_written_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let store = open(&path);
    add(&store, "a");
    store.tidy(None).expect("tidies");
    for name in ["leads.db", "leads.db-wal", "leads.db-shm"] {
        let _ = fs::rename(
            folder.path().join(name),
            folder.path().join(format!("old-{name}")),
        );
    }
    add(&store, "b");
    account_for(&store, 1);
    assert_whole(&path);
}

/// As another library of the process does when it closes the file.
#[test]
fn a_file_whose_log_was_taken_away_is_opened_anew_before_a_lead_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let (store, other) = (open(&path), open(&path));
    add(&store, "a");
    other.tidy(None).expect("moves the log");
    for name in ["leads.db-wal", "leads.db-shm"] {
        fs::remove_file(folder.path().join(name)).expect("is removed");
    }
    // A new connection would share the memory of the other one, and take another log.
    let error = (store.add(&new_row(ACCOUNT, "b"), 10)).expect_err("not kept");
    assert_eq!(error.kind(), ErrorKind::NotStored);
    assert!(
        error.message().contains("its log was taken away"),
        "{error}"
    );
    refused(&path, "its log was taken away");
    for (number, store) in [(2, &other), (3, &store)] {
        add(store, &number.to_string());
        account_for(&open(&path), number);
    }
    drop((store, other));
    assert_whole(&path);
}

#[test]
fn another_library_on_the_file_is_seen_by_what_it_maps() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let store = open(&path);
    add(&store, "a");
    open(&path)
        .list(&Default::default())
        .expect("our own are no others");
    let shared = File::open(folder.path().join("leads.db-shm")).expect("opens");
    // SAFETY: a mapping of its own, which nobody reads.
    let map = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            4096,
            libc::PROT_READ,
            libc::MAP_SHARED,
            shared.as_raw_fd(),
            0,
        )
    };
    assert_ne!(map, libc::MAP_FAILED);
    refused(&path, "another SQLite library");
    // SAFETY: the mapping from above.
    unsafe { libc::munmap(map, 4096) };
    account_for(&open(&path), 1);
}

#[test]
fn settings_may_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = open(&folder.path().join("leads.db"));
    add(&store, "a");
    store.configure(EngineSettings {
        durability: Durability::Crash,
        ..EngineSettings::default()
    });
    add(&store, "b");
    account_for(&store, 2);
}

/// Where nobody delivers, those who add move the log.
#[test]
fn a_log_stays_short_while_leads_are_added() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let settings = EngineSettings {
        durability: Durability::Crash,
        ..EngineSettings::default()
    };
    let store = SqliteStore::open(&path, settings).expect("a store");
    for number in 0..1000 {
        add(&store, &number.to_string());
    }
    let log = fs::metadata(path.with_extension("db-wal")).expect("a log");
    assert!(log.len() < 5 * 1024 * 1024, "{} bytes", log.len());
    account_for(&store, 1000);
}
