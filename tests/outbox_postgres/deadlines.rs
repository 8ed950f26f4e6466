//! A server that is away, silent, slow or lost in the middle: each call ends, and no lead is lost or
//! kept twice.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use justclick::ErrorKind;
use justclick::outbox::engine::EngineSettings;
use justclick::outbox::postgres::PostgresStore;
use justclick::outbox::row::{Kept, Selection};
use justclick::outbox::store::Store;

use super::database_proxy::Proxy;
use super::lost_answers::what_was_done_counts_once;
use super::postgres_server::Server;
use super::settings;
use super::suite::{ACCOUNT, account_for, add, claim, new_row};

/// A call ends long before this, however busy the machine is.
const AT_LAST: Duration = Duration::from_secs(30);

fn short() -> EngineSettings {
    EngineSettings {
        busy_timeout: Duration::from_millis(400),
        ..EngineSettings::default()
    }
}

fn in_time<T>(action: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = action();
    assert!(began.elapsed() < AT_LAST, "it took {:?}", began.elapsed());
    done
}

fn open(url: &str) -> PostgresStore {
    PostgresStore::open(url, settings()).expect("a store")
}

/// How many rows there are, whichever of the calls that ended late were done.
fn rows(store: &PostgresStore) -> u64 {
    store.list(&Selection::default()).expect("lists").len() as u64
}

#[test]
fn a_server_that_stands_still_holds_nobody() {
    let server = Server::start(&[]);
    for url in [
        server.database("leads"),
        server.url_of("127.0.0.1", "leads"),
    ] {
        let mut store = open(&url);
        add(&store, "before");
        store.configure(short());
        assert!(store.status().is_ok(), "it is connected");
        server.freeze();
        let error = in_time(|| store.add(&new_row(ACCOUNT, "kept"), 10)).expect_err("it hangs");
        assert_eq!(error.kind(), ErrorKind::NotStored);
        assert!(error.message().contains("busy_timeout_ms"), "{error}");
        let error = in_time(|| store.status()).expect_err("a new connection hangs as well");
        assert!(error.message().contains("400 ms"), "{error}");
        in_time(|| PostgresStore::open(&url, short())).expect_err("so does a new store");
        server.thaw();
        store.configure(settings());
        store.add(&new_row(ACCOUNT, "kept"), 10).expect("is kept");
        store.add(&new_row(ACCOUNT, "after"), 10).expect("is kept");
        assert_eq!(rows(&store), 3);
        account_for(&store, 3);
        server.freeze();
        in_time(|| drop(store));
        server.thaw();
        server.sql("leads", "truncate justclick_outbox, justclick_count");
    }
}

#[test]
fn threads_that_share_a_connection_wait_no_longer() {
    let server = Server::start(&[]);
    let mut store = open(&server.database("leads"));
    store.configure(short());
    store.status().expect("it is connected");
    server.freeze();
    in_time(|| {
        std::thread::scope(|scope| {
            for number in 0..100 {
                let store = &store;
                scope.spawn(move || {
                    store
                        .add(&new_row(ACCOUNT, &number.to_string()), 1000)
                        .is_ok()
                });
            }
        });
    });
    server.thaw();
    store.configure(settings());
    let kept = rows(&store);
    account_for(&store, kept);
}

#[test]
fn a_way_that_swallows_all_is_left_in_time() {
    let server = Server::start(&[]);
    server.database("leads");
    let proxy = Proxy::start(server.port);
    let url = format!("postgres://postgres@127.0.0.1:{}/leads", proxy.port);
    let mut store = open(&url);
    store.configure(short());
    store.status().expect("it is connected");
    proxy.swallow(true);
    in_time(|| store.add(&new_row(ACCOUNT, "a"), 10)).expect_err("nothing passes");
    in_time(|| PostgresStore::open(&url, short())).expect_err("nothing passes");
    proxy.swallow(false);
    store.configure(settings());
    add(&store, "b");
    account_for(&store, 1);
    proxy.swallow(true);
    in_time(|| drop(store));
}

#[test]
fn an_answer_that_is_lost_is_asked_for_again() {
    let server = Server::start(&[]);
    server.database("leads");
    let proxy = Proxy::start(server.port);
    let url = format!("postgres://postgres@127.0.0.1:{}/leads", proxy.port);
    let store = open(&url);
    for (key, number) in [("a", 1), ("b", 2)] {
        proxy.cut();
        let kept = store.add(&new_row(ACCOUNT, key), 10).expect("is kept");
        assert!(proxy.has_cut());
        // The first attempt kept it; its number is told all the same.
        let expected = Kept {
            id: number,
            was_there: true,
        };
        assert_eq!(kept, expected);
        account_for(&store, number as u64);
    }
    assert_eq!(proxy.connections(), 3, "it connects anew once");
}

#[test]
fn a_commit_whose_answer_was_lost_counts_once() {
    let server = Server::start(&[]);
    server.database("leads");
    let proxy = Proxy::start(server.port);
    let url = format!("postgres://postgres@127.0.0.1:{}/leads", proxy.port);
    what_was_done_counts_once(&open(&url), &proxy, false);
}

#[test]
fn a_server_that_starts_anew_is_found_again() {
    let mut server = Server::start(&[]);
    let store = open(&server.database("leads"));
    for number in 0..5 {
        add(&store, &format!("before {number}"));
        server.restart();
        add(&store, &format!("after {number}"));
    }
    account_for(&store, 10);
    server.crash();
    let error = in_time(|| store.add(&new_row(ACCOUNT, "away"), 100)).expect_err("it is away");
    assert_eq!(error.kind(), ErrorKind::NotStored);
    assert!(error.message().contains("database \"leads\""), "{error}");
    server.restart();
    account_for(&store, 10);
}

/// Holds a lock until it is dropped.
struct Locker(Child);

impl Locker {
    fn of(server: &Server, database: &str, sql: &str) -> Locker {
        let url = server.url(database);
        let mut child = Command::new("psql")
            .args(["-XAtq", &url])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("psql");
        let input = child.stdin.as_mut().expect("its input");
        writeln!(input, "begin; {sql}; \\echo locked").expect("is read");
        let mut output = std::io::BufReader::new(child.stdout.as_mut().expect("its output"));
        let mut line = String::new();
        while line.trim() != "locked" {
            line.clear();
            std::io::BufRead::read_line(&mut output, &mut line).expect("a line");
            assert!(!line.is_empty(), "psql ended");
        }
        Locker(child)
    }
}

impl Drop for Locker {
    fn drop(&mut self) {
        self.0.kill().expect("ends");
        self.0.wait().expect("ends");
    }
}

#[test]
fn what_stays_locked_is_told_in_time() {
    let server = Server::start(&[]);
    let mut store = open(&server.database("leads"));
    add(&store, "a");
    store.configure(short());
    let locker = Locker::of(&server, "leads", "lock table justclick_outbox");
    let error = in_time(|| store.add(&new_row(ACCOUNT, "b"), 10)).expect_err("it is locked");
    assert!(error.message().contains("others kept it locked"), "{error}");
    drop(locker);
    store.configure(settings());
    add(&store, "b");
    account_for(&store, 2);
}

#[test]
fn a_row_that_another_worker_is_about_to_lease_is_passed_over() {
    let server = Server::start(&[]);
    let store = open(&server.database("leads"));
    let first = add(&store, "a");
    let second = add(&store, "b");
    let worker = format!("select from justclick_outbox where id = {first} for update");
    let locker = Locker::of(&server, "leads", &worker);
    assert_eq!(claim(&store).id, second);
    drop(locker);
    account_for(&store, 2);
}
