//! The status, keeping and delivering at a million rows.

use std::time::Duration;

use justclick::outbox::row::{Claim, Settlement};

use super::engine::Engine;
use super::leads::{self, LIMIT};
use super::table::Table;
use super::taken;

const MILLION: u64 = 1_000_000;
const ACCOUNT: &str = "username https://million.justclick.ru";
const ROUNDS: u32 = 300;

pub fn measure(engine: &Engine, table: &mut Table) {
    engine.fill(ACCOUNT, MILLION);
    let (name, store) = (engine.name, engine.store());
    let statuses = (0..ROUNDS)
        .map(|_| taken(|| assert!(store.status().expect("a status").waiting >= MILLION)));
    table.times(
        &format!("{name}, status at 1,000,000 leads"),
        statuses.collect(),
        None,
    );
    let adds = (0..ROUNDS).map(|round| {
        let row = leads::row("https://later.justclick.ru", round);
        taken(|| {
            store.add(&row, LIMIT).expect("is kept");
        })
    });
    table.times(
        &format!("{name}, `add` at 1,000,000 leads"),
        adds.collect(),
        None,
    );
    let delivered = (0..ROUNDS).map(|_| {
        taken(|| {
            let lease = Duration::from_secs(120);
            let Claim::Row(claimed) = store.claim(ACCOUNT, "", lease, None).expect("claims") else {
                panic!("nothing is due");
            };
            let settled = store.settle(ACCOUNT, "", &claimed, &Settlement::Delivered);
            assert!(settled.expect("settles"));
        })
    });
    table.times(
        &format!("{name}, claim and settle at 1,000,000 leads"),
        delivered.collect(),
        None,
    );
}
