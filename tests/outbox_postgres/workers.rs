//! Many processes and threads at one database, some of which are killed, and many leads.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use justclick::outbox::engine::{Durability, EngineSettings};
use justclick::outbox::postgres::PostgresStore;
use justclick::outbox::row::{Claim, Selection, Settlement};
use justclick::outbox::store::Store;

use super::postgres_server::Server;
use super::settings;
use super::suite::{ACCOUNT, LEASE, account_for, add, dead, new_row};

const URL: &str = "JUSTCLICK_TEST_OUTBOX";
const NAME: &str = "JUSTCLICK_TEST_ADDER";

fn open(url: &str) -> PostgresStore {
    PostgresStore::open(url, settings()).expect("a store")
}

/// A server without fsync is faster, and takes leads where less is asked of it.
fn open_for_speed(url: &str) -> PostgresStore {
    let settings = EngineSettings {
        durability: Durability::Crash,
        ..settings()
    };
    PostgresStore::open(url, settings).expect("a store")
}

/// Adds leads for ever and tells each that is kept: the part of another process.
#[test]
fn adder() {
    let (Ok(url), Ok(name)) = (std::env::var(URL), std::env::var(NAME)) else {
        return;
    };
    // The server may be about to start anew.
    let store = (0..)
        .find_map(|_| PostgresStore::open(&url, settings()).ok())
        .expect("a store");
    for number in 0.. {
        let row = new_row(ACCOUNT, &format!("{name}-{number}"));
        if store.add(&row, 1_000_000).is_ok() {
            println!("\nkept {}", row.key);
        }
    }
}

fn spawn(url: &str, name: &str) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "workers::adder", "--nocapture"])
        .env(URL, url)
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
fn adders_and_servers_that_are_killed_lose_nothing_that_was_told() {
    let mut server = Server::start(&[]);
    let url = server.database("leads");
    open(&url);
    let mut told = Vec::new();
    for round in 0..5 {
        let pair = [0, 1].map(|side| spawn(&url, &format!("{round}-{side}")));
        let waits = pair.map(|adder| thread::spawn(move || killed(adder, 1 + 30 * round)));
        server.restart();
        for wait in waits {
            told.extend(wait.join().expect("is killed"));
        }
    }
    let store = open(&url);
    let rows = store.list(&Selection::default()).expect("lists");
    let keys: HashSet<_> = rows.iter().map(|row| row.key.as_str()).collect();
    for key in &told {
        assert!(keys.contains(key.as_str()), "{key} is lost");
    }
    account_for(&store, rows.len() as u64);
}

/// Several open an empty database at once: one makes the tables.
#[test]
fn many_open_an_empty_database() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    thread::scope(|scope| {
        for worker in 0..10 {
            let url = &url;
            scope.spawn(move || add(&open(url), &worker.to_string()));
        }
    });
    account_for(&open(&url), 10);
    assert_eq!(
        server.sql("leads", "select count(*) from justclick_store"),
        "1"
    );
}

#[test]
fn workers_deliver_each_lead_once_and_lock_nobody_out() {
    const WORKERS: u64 = 20;
    const LEADS: u64 = 15;
    let server = Server::start(&["fsync=off"]);
    let url = server.database("leads");
    let first = open_for_speed(&url);
    let delivered = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for number in 0..WORKERS {
            let (delivered, url) = (&delivered, &url);
            scope.spawn(move || {
                let store = open_for_speed(url);
                for lead in 0..LEADS {
                    let row = new_row(ACCOUNT, &format!("{number}-{lead}"));
                    store.add(&row, 1_000_000).expect("is kept");
                    // Two workers add each of these.
                    let shared = new_row(ACCOUNT, &format!("shared {}-{lead}", number / 2));
                    store.add(&shared, 1_000_000).expect("is kept");
                    delivered
                        .lock()
                        .expect("a lock")
                        .extend(deliver_one(&store));
                    if lead % 5 == 0 {
                        store.tidy(None).expect("tidies");
                        store.retry(&Selection::default()).expect("retries");
                        store.status().expect("a status");
                    }
                }
            });
        }
    });
    let mut delivered = delivered.into_inner().expect("a lock");
    while let Some(id) = deliver_one(&first) {
        delivered.push(id);
    }
    let once: HashSet<_> = delivered.iter().collect();
    assert_eq!(once.len(), delivered.len(), "a lead was delivered twice");
    let status = first.status().expect("a status");
    assert_eq!(status.delivered, delivered.len() as u64);
    let rows = first.list(&Selection::default()).expect("lists").len() as u64;
    account_for(&first, status.delivered + rows);
    assert!(status.delivered + rows >= WORKERS * LEADS);
    let deadlocks = "select deadlocks from pg_stat_database where datname = 'leads'";
    assert_eq!(server.sql("leads", deadlocks), "0");
}

/// The number of a lead that was delivered. One in seven dies first.
fn deliver_one(store: &PostgresStore) -> Option<i64> {
    loop {
        let claimed = match store.claim(ACCOUNT, "secret", LEASE, None).expect("claims") {
            Claim::Row(claimed) => *claimed,
            // All that are due are in other hands for the moment.
            Claim::Nothing(Some(Duration::ZERO)) => continue,
            _ => return None,
        };
        let dies = claimed.id % 7 == 0 && claimed.fence == 1;
        let settlement = if dies { dead() } else { Settlement::Delivered };
        let is_ours = store.settle(ACCOUNT, "secret", &claimed, &settlement);
        assert!(is_ours.expect("settles"));
        if !dies {
            return Some(claimed.id);
        }
    }
}

#[test]
fn a_status_reads_few_of_many_rows() {
    const ROWS: u64 = 100_000;
    let server = Server::start(&["fsync=off"]);
    let url = server.database("leads");
    let store = open_for_speed(&url);
    server.sql(
        "leads",
        &format!(
            "insert into justclick_outbox (account, key, function, due, due_before, kept_at, waits_since, query)
             select 'account ' || n % 5, n, 'AddLeadToGroup', n, n, n, n, 'q' from generate_series(1, {ROWS}) as n;
             insert into justclick_count (living) select 1 from generate_series(1, {ROWS})"
        ),
    );
    assert_eq!(store.status().expect("a status").waiting, ROWS);
    // Only a session's end surely writes down what it read.
    drop(store);
    let read = || {
        let sql = "select seq_tup_read + coalesce(idx_tup_fetch, 0), idx_scan
                   from pg_stat_user_tables where relname = 'justclick_outbox'";
        let shown = server.sql("leads", sql);
        let (rows, scans) = shown.split_once('|').expect("two numbers");
        let number = |text: &str| text.parse::<u64>().expect("a number");
        (number(rows), number(scans))
    };
    let is_gone = || {
        server.sql(
            "leads",
            "select count(*) from pg_stat_activity where application_name = 'justclick'",
        ) == "0"
    };
    let until_gone = || {
        let began = Instant::now();
        while !is_gone() {
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "it stays connected"
            );
        }
    };
    until_gone();
    let before = read();
    let store = open_for_speed(&url);
    let status = store.status().expect("a status");
    assert_eq!((status.waiting, status.leased), (ROWS, 0));
    drop(store);
    until_gone();
    let after = read();
    assert!(after.1 > before.1, "it asked nothing: {before:?} {after:?}");
    assert!(
        after.0 - before.0 < 100,
        "it read {} rows",
        after.0 - before.0
    );
    let counts = server.sql("leads", "select count(*) from justclick_count");
    assert_eq!(counts, "1", "the counts are not brought together");
    let store = open_for_speed(&url);
    add(&store, "one more");
    let counts = server.sql(
        "leads",
        "select count(*) from justclick_count where slot is null",
    );
    assert_eq!(counts, "0", "each change leaves a row");
    assert_eq!(store.status().expect("a status").waiting, ROWS + 1);
    account_for(&store, ROWS + 1);
}
