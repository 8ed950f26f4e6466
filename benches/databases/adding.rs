//! What keeping a lead costs, from Rust and from PHP, beside an insert through PHP's PDO.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use justclick::outbox::row::{Claim, Settlement};

use super::c_programs::{root, succeeded};
use super::engine::Engine;
use super::leads::{self, LIMIT};
use super::table::Table;
use super::taken;

const ROUNDS: u32 = 2000;
const NOWHERE: &str = "https://username.justclick.ru";

pub fn measure(engine: &Engine, library: &Path, table: &mut Table) {
    let insert = by_php(engine, library, table);
    let (name, store) = (engine.name, engine.store());
    let adds = (0..ROUNDS).map(|round| {
        let row = leads::row(NOWHERE, round);
        taken(|| {
            store.add(&row, LIMIT).expect("is kept");
        })
    });
    table.times(
        &format!("{name}, Rust, **`add`**"),
        adds.collect(),
        Some(insert),
    );
    let account = leads::row(NOWHERE, 0).account;
    let lease = Duration::from_secs(120);
    let delivered = (0..ROUNDS).map(|_| {
        taken(
            || match store.claim(&account, "", lease, None).expect("claims") {
                Claim::Row(claimed) => {
                    let settled = store.settle(&account, "", &claimed, &Settlement::Delivered);
                    assert!(settled.expect("settles"));
                }
                other => panic!("{other:?}"),
            },
        )
    });
    table.times(
        &format!("{name}, claim and settle"),
        delivered.collect(),
        None,
    );
}

/// Of each line a name, the median and the 99th percentile in microseconds. Returns the first median.
fn by_php(engine: &Engine, library: &Path, table: &mut Table) -> f64 {
    let [source, user, password] = &engine.pdo;
    let printed = Command::new("php")
        .arg(root().join("benches/php/database_add.php"))
        .args([engine.name, &engine.url, source, user, password])
        .env("JUSTCLICK_LIBRARY", library)
        .env_remove("LD_LIBRARY_PATH")
        .output();
    let mut insert = None;
    for line in succeeded(&printed.expect("php")).lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let number = |place: usize| cells[place].parse::<f64>().expect("a number");
        table.quantiles(cells[0], number(1), number(2), insert);
        insert = insert.or(Some(number(1)));
    }
    insert.expect("a line")
}
