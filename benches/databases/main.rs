//! What the outbox costs in PostgreSQL and in MariaDB: keeping a lead beside an insert through PHP's PDO on
//! the same server; delivering by many workers; taking a killed worker's lead over; the status at a million
//! rows; the library's size. Prints a table and writes it into `benches/README.md`. The databases are in the
//! folder `TMPDIR`.

mod adding;
#[path = "../../tests/c_programs/mod.rs"]
#[allow(dead_code)]
mod c_programs;
mod engine;
#[path = "../outbox/leads.rs"]
#[allow(dead_code)]
mod leads;
mod million;
#[path = "../../tests/mysql_server/mod.rs"]
mod mysql_server;
#[path = "../../tests/postgres_server/mod.rs"]
mod postgres_server;
#[path = "../../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;
#[path = "../../tests/server_process/mod.rs"]
mod server_process;
mod size;
#[path = "../outbox/table.rs"]
mod table;
mod take_over;
mod workers;

use std::thread;
use std::time::{Duration, Instant};

use engine::Engine;
use table::Table;

const PLACE: &str = "Written by `make bench-databases`.";

fn main() {
    // A copy of this program is one of several workers.
    if workers::is_one() {
        return workers::deliver();
    }
    let mut table = Table::default();
    let library = size::library();
    let engines = [Engine::postgresql(), Engine::mariadb()];
    let times = thread::scope(|scope| {
        // They wait for two minutes each, and do next to nothing meanwhile.
        let waits = engines
            .each_ref()
            .map(|engine| scope.spawn(|| take_over::measure(engine)));
        for engine in &engines {
            adding::measure(engine, &library, &mut table);
            workers::measure(engine, &mut table);
        }
        for engine in &engines {
            million::measure(engine, &mut table);
        }
        waits.map(|wait| wait.join().expect("a time"))
    });
    for (engine, time) in engines.iter().zip(times) {
        let what = format!("{}, a killed worker's lead is another's after", engine.name);
        table.figure(&what, &format!("{:.1} s", time.as_secs_f64()));
    }
    // To build four libraries takes longer than all before, which is written down first.
    table.write(PLACE);
    size::measure(&mut table);
    table.write(PLACE);
}

fn taken(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}
