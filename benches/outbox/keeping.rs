//! What keeping a lead costs, beside a bare fsync and a bare insert on the same disk.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use justclick::outbox::engine::Durability;
use justclick::outbox::row::{Claim, NewRow, Settlement};
use justclick::outbox::sqlite::SqliteStore;
use justclick::outbox::store::Store;
use rusqlite::Connection;

use super::c_programs::{library, root, succeeded};
use super::leads::{self, LIMIT};
use super::table::Table;

const ROUNDS: u32 = 3000;
/// SQLite writes whole pages, so the bare fsync does too.
const PAGE: usize = 4096;
const NOWHERE: &str = "https://username.justclick.ru";

/// One of each in turn, so that what else the machine does falls upon all.
pub fn side_by_side(folder: &Path, name: &str, durability: Durability, table: &mut Table) {
    let mut file = File::create(folder.join(format!("fsync-{name}"))).expect("a file");
    let bare = bare(&folder.join(format!("bare-{name}")), durability);
    let store = leads::store(&folder.join(format!("add-{name}")), durability);
    let (mut syncs, mut inserts, mut adds) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let row = leads::row(NOWHERE, round);
        syncs.push(taken(|| sync(&mut file, durability)));
        inserts.push(taken(|| insert(&bare, &row)));
        adds.push(taken(|| {
            store.add(&row, LIMIT).expect("is kept");
        }));
    }
    let sync = match durability {
        Durability::Power => "a write of 4 KiB and fsync",
        Durability::Crash => "a write of 4 KiB",
    };
    table.times(sync, syncs, None);
    let insert = table.times(&format!("a bare insert, `{name}`"), inserts, None);
    table.times(&format!("**`add`**, `{name}`"), adds, Some(insert));
    let delivered = (0..ROUNDS).map(|_| taken(|| deliver(&store))).collect();
    table.times(&format!("claim and settle, `{name}`"), delivered, None);
}

pub fn taken(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
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
    let account = leads::row(NOWHERE, 0).account;
    let lease = Duration::from_secs(120);
    if let Claim::Row(claimed) = store.claim(&account, "", lease, None).expect("claims") {
        (store.settle(&account, "", &claimed, &Settlement::Delivered)).expect("settles");
    }
}

/// As a script does that opens, adds and ends, alone on the host.
pub fn open_add_close(folder: &Path, table: &mut Table) {
    let path = folder.join("add-power");
    let times = (0..ROUNDS / 10).map(|number| {
        taken(|| {
            let store = leads::store(&path, Durability::Power);
            let row = leads::row(NOWHERE, ROUNDS + number);
            store.add(&row, LIMIT).expect("is kept");
        })
    });
    table.times("open, `add` and close, `power`", times.collect(), None);
}

/// Each script prints lines of a name, a median and a 99th percentile in microseconds.
pub fn by_scripts(folder: &Path, table: &mut Table) {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    for (program, script) in [
        ("php", "benches/php/outbox_add.php"),
        (python.as_str(), "benches/python/outbox_add.py"),
    ] {
        let mut command = Command::new(program);
        command
            .arg(root().join(script))
            .arg(folder)
            .env("JUSTCLICK_LIBRARY", library())
            .env("PYTHONPATH", root().join("bindings/python/src"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env_remove("LD_LIBRARY_PATH");
        for line in succeeded(&command.output().expect(program)).lines() {
            let mut cells = line.split('\t');
            let (Some(what), Some(median), Some(late)) = (cells.next(), cells.next(), cells.next())
            else {
                panic!("{script}: {line}");
            };
            let number = |text: &str| text.parse().expect("a number");
            table.quantiles(what, number(median), number(late), None);
        }
    }
}
