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

const ROUNDS: u32 = 3000;
const MILLION: u32 = 1_000_000;
/// SQLite writes whole pages, so the bare fsync does too.
const PAGE: usize = 4096;
const ACCOUNT: &str = "username https://username.justclick.ru/api/";

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, durability) in [("crash", Durability::Crash), ("power", Durability::Power)] {
        side_by_side(folder.path(), name, durability);
    }
    open(&folder.path().join("add-power"));
    many(&folder.path().join("many"));
}

fn told(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[(times.len() as f64 * share) as usize].as_secs_f64() * 1e6;
    println!(
        "{name:34} p50 {:8.1} us   p90 {:8.1} us   p99 {:8.1} us",
        at(0.5),
        at(0.9),
        at(0.99)
    );
}

fn timed(rounds: u32, mut work: impl FnMut(u32)) -> Vec<Duration> {
    (0..rounds).map(|round| taken(|| work(round))).collect()
}

fn taken(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

/// One of each in turn, so that what else the machine does falls upon all.
fn side_by_side(folder: &Path, name: &str, durability: Durability) {
    let mut file = File::create(folder.join(format!("fsync-{name}"))).expect("a file");
    let bare = bare(&folder.join(format!("bare-{name}")), durability);
    let settings = EngineSettings {
        durability,
        ..EngineSettings::default()
    };
    let store = SqliteStore::open(folder.join(format!("add-{name}")), settings).expect("a store");
    let (mut syncs, mut inserts, mut adds) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let row = row(round);
        syncs.push(taken(|| sync(&mut file, durability)));
        inserts.push(taken(|| insert(&bare, &row)));
        adds.push(taken(|| {
            store.add(&row, u64::from(MILLION)).expect("is kept");
        }));
    }
    told(&format!("write of 4 KiB, {name}"), syncs);
    told(&format!("bare insert, {name}"), inserts);
    told(&format!("add, {name}"), adds);
    told(
        &format!("claim and settle, {name}"),
        timed(ROUNDS, |_| deliver(&store)),
    );
}

fn sync(file: &mut File, durability: Durability) {
    file.write_all(&[7; PAGE]).expect("writes");
    if durability == Durability::Power {
        file.sync_data().expect("syncs");
    }
}

fn bare(path: &Path, durability: Durability) -> Connection {
    let synchronous = match durability {
        Durability::Power => "full",
        Durability::Crash => "normal",
    };
    let connection = Connection::open(path).expect("opens");
    (connection.execute_batch(&format!(
        "pragma journal_mode = wal; pragma synchronous = {synchronous};
         create table lead (id integer primary key, key text unique, query text)"
    )))
    .expect("creates");
    connection
}

fn insert(connection: &Connection, row: &NewRow) {
    (connection.prepare_cached("insert into lead (key, query) values (?, ?)"))
        .and_then(|mut statement| statement.execute((&row.key, row.query.as_str())))
        .expect("inserts");
}

fn deliver(store: &SqliteStore) {
    let lease = Duration::from_secs(120);
    if let Claim::Row(claimed) = store.claim(ACCOUNT, "", lease, None).expect("claims") {
        (store.settle(ACCOUNT, "", &claimed, &Settlement::Delivered)).expect("settles");
    }
}

/// As a script does that opens, adds and ends, alone on the host.
fn open(path: &Path) {
    let mut number = ROUNDS;
    told(
        "open, add, close",
        timed(ROUNDS / 10, |_| {
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
