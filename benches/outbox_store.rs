//! What keeping a lead costs, beside a bare fsync and a bare insert on the same disk, and how long
//! the status takes at a million rows: `cargo bench --bench outbox_store`, in the folder `TMPDIR`.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use justclick::Query;
use justclick::outbox::engine::{Durability, EngineSettings};
use justclick::outbox::row::{Claim, NewRow, Settlement};
use justclick::outbox::sqlite::SqliteStore;
use justclick::outbox::store::Store;
use rusqlite::Connection;

const ROUNDS: u32 = 5000;
const MILLION: u32 = 1_000_000;
/// SQLite writes whole pages, so the bare fsync does too.
const PAGE: usize = 4096;
const ACCOUNT: &str = "username https://username.justclick.ru/api/";

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    fsync(&place("fsync"));
    for (name, synchronous) in [("power", "full"), ("crash", "normal")] {
        insert(&place(&format!("bare-{name}")), name, synchronous);
    }
    for (name, durability) in [("power", Durability::Power), ("crash", Durability::Crash)] {
        add(&place(&format!("add-{name}")), name, durability);
    }
    open(&place("add-power"));
    many(&place("many"));
}

fn told(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[(times.len() as f64 * share) as usize].as_secs_f64() * 1e6;
    println!(
        "{name:34} p50 {:8.1} us   p99 {:8.1} us   p99.9 {:8.1} us",
        at(0.5),
        at(0.99),
        at(0.999)
    );
}

fn timed(mut work: impl FnMut(u32)) -> Vec<Duration> {
    (0..ROUNDS)
        .map(|round| {
            let began = Instant::now();
            work(round);
            began.elapsed()
        })
        .collect()
}

fn fsync(path: &Path) {
    let mut file = File::create(path).expect("a file");
    told(
        "bare fdatasync of 4 KiB",
        timed(|_| {
            file.write_all(&[7; PAGE]).expect("writes");
            file.sync_data().expect("syncs");
        }),
    );
}

fn insert(path: &Path, name: &str, synchronous: &str) {
    let connection = Connection::open(path).expect("opens");
    (connection.execute_batch(&format!(
        "pragma journal_mode = wal; pragma synchronous = {synchronous};
         create table lead (id integer primary key, key text unique, query text)"
    )))
    .expect("creates");
    told(
        &format!("bare insert, {name}"),
        timed(|round| {
            (connection.prepare_cached("insert into lead (key, query) values (?, ?)"))
                .and_then(|mut statement| statement.execute((key(round), query(round).as_str())))
                .expect("inserts");
        }),
    );
}

fn add(path: &Path, name: &str, durability: Durability) {
    let settings = EngineSettings {
        durability,
        ..EngineSettings::default()
    };
    let store = SqliteStore::open(path, settings).expect("a store");
    told(
        &format!("add, {name}"),
        timed(|round| {
            store.add(&row(round), u64::from(MILLION)).expect("is kept");
        }),
    );
    told(
        &format!("claim and settle, {name}"),
        timed(|_| {
            let lease = Duration::from_secs(120);
            if let Claim::Row(claimed) = store.claim(ACCOUNT, "", lease, None).expect("claims") {
                (store.settle(ACCOUNT, "", &claimed, &Settlement::Delivered)).expect("settles");
            }
        }),
    );
}

/// As a script does that opens, adds and ends, alone on the host.
fn open(path: &Path) {
    let mut number = ROUNDS;
    told(
        "open, add, close",
        timed(|_| {
            let store = SqliteStore::open(path, EngineSettings::default()).expect("a store");
            number += 1;
            store
                .add(&row(number), u64::from(MILLION))
                .expect("is kept");
        }),
    );
}

fn many(path: &Path) {
    let settings = EngineSettings {
        durability: Durability::Crash,
        ..EngineSettings::default()
    };
    let store = SqliteStore::open(path, settings).expect("a store");
    let began = Instant::now();
    for number in 0..MILLION {
        store
            .add(&row(number), u64::from(MILLION))
            .expect("is kept");
    }
    println!("{MILLION} leads added one by one in {:?}", began.elapsed());
    told(
        "status at 1,000,000",
        (0..50).map(|_| status(&store)).collect(),
    );
}

fn status(store: &SqliteStore) -> Duration {
    let began = Instant::now();
    assert_eq!(
        store.status().expect("a status").waiting,
        u64::from(MILLION)
    );
    began.elapsed()
}

/// Keys as digests are: in no order.
fn key(number: u32) -> String {
    format!(
        "{:016x}",
        u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    )
}

fn query(number: u32) -> Query {
    Query::parse(&format!(
        "rid%5B0%5D=super&lead_name=Somebody&lead_email=somebody{number}%40email.com&lead_phone=%2B70000000000&utm%5Butm_medium%5D=email"
    ))
    .expect("a query")
}

fn row(number: u32) -> NewRow {
    NewRow {
        account: ACCOUNT.into(),
        key: key(number),
        function: "AddLeadToGroup".into(),
        query: query(number),
    }
}
