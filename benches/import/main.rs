//! `justclick import` beside the loops that people write today, on the same table, side by side in one run:
//! rows in a second and the most memory, near and 30 ms away; then a million rows by the command. Prints a
//! table and writes it into `benches/README.md`. With JUSTCLICK_BENCH_ROWS a table of so many rows takes the
//! million's place, the others are no longer than it, and nothing is written.
//!
//! `make bench-import` installs what it needs: PHP with curl, and a Python with requests, which PYTHON names.

mod contacts;
mod contenders;
mod measured;
#[path = "../add_lead/relay.rs"]
#[allow(dead_code)]
mod relay;
#[path = "../../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;
mod scene;
mod table;

use contenders::{Contender, all};
use measured::Measured;
use scene::Scene;

const MILLION: u32 = 1_000_000;
const ROWS: &str = "JUSTCLICK_BENCH_ROWS";
const NEAR: u32 = 5000;
/// A new connection for each row takes a tenth of a second here.
const FAR: u32 = 500;
const ROUNDS: u32 = 3;
/// What a table of a million rows may take, in bytes.
const MOST_MEMORY: f64 = 50e6;

fn main() {
    // A copy of this program starts another one and tells what it took.
    if measured::is_measurer() {
        return measured::measure();
    }
    let asked = std::env::var(ROWS).ok();
    let most = (asked.as_ref()).map_or(MILLION, |rows| rows.parse().expect("a number"));
    let mut rows: Vec<table::Row> = all().into_iter().map(table::Row::new).collect();
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        for row in &mut rows {
            let near = run(&row.contender, NEAR.min(most), false);
            row.near = row.near.map_or(Some(near), |best| Some(best.better(near)));
        }
    }
    for row in &mut rows {
        eprintln!("30 ms away: {}", row.contender.name);
        row.far = Some(run(&row.contender, FAR.min(most), true));
    }
    let whole = run(&rows[0].contender, most, false);
    let text = table::text(&rows, most, whole, contenders::size());
    println!("{text}");
    assert!(whole.memory <= MOST_MEMORY, "{} bytes", whole.memory);
    if asked.is_none() {
        table::write(&text);
    }
}

/// Lets one import a table of so many rows, and sees that the service has them all.
fn run(contender: &Contender, rows: u32, is_far: bool) -> Measured {
    let scene = Scene::new(rows, is_far);
    let measured = measured::of(contender, &scene, rows);
    scene.check(contender.name, rows);
    measured
}
