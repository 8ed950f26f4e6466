//! The outbox in PostgreSQL: what every store must do, and what this one alone must, by a real server.
#![cfg(all(feature = "postgres", target_os = "linux"))]

#[path = "outbox_store/suite.rs"]
mod suite;

#[path = "outbox_store/lost_answers.rs"]
mod lost_answers;
#[path = "outbox_store/moving.rs"]
mod moving;
#[path = "outbox_store/spool.rs"]
mod spool;

mod database_proxy;
#[allow(dead_code)]
mod outbox_proof;
mod postgres_server;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;
mod server_process;

#[path = "outbox_postgres/deadlines.rs"]
mod deadlines;
#[path = "outbox_postgres/refusals.rs"]
mod refusals;
#[path = "outbox_postgres/rights.rs"]
mod rights;
#[path = "outbox_postgres/spool.rs"]
mod spooled;
#[path = "outbox_postgres/time.rs"]
mod time;
#[path = "outbox_postgres/trust.rs"]
mod trust;
#[path = "outbox_postgres/workers.rs"]
mod workers;

use justclick::outbox::engine::{Durability, EngineSettings};
use justclick::outbox::postgres::PostgresStore;
use postgres_server::Server;
use suite::Bench;
use time::TestTime;

fn settings() -> EngineSettings {
    EngineSettings {
        // A busy machine fails no test.
        busy_timeout: std::time::Duration::from_secs(20),
        ..EngineSettings::default()
    }
}

#[test]
fn a_database_keeps_what_every_store_must() {
    let server = Server::start(&["fsync=off"]);
    server.database("leads");
    suite::run("PostgreSQL", |case| {
        let time = TestTime::new(&server, "leads");
        let settings = EngineSettings {
            durability: Durability::Crash,
            ..settings()
        };
        let store = PostgresStore::open(&time.url(), settings).expect("a store");
        case(&Bench {
            store: &store,
            pass: &|passed| time.pass(passed),
        });
    });
}

#[test]
fn a_file_moves_into_a_database() {
    let server = Server::start(&[]);
    moving::a_file_moves_into_a_database(server.database("leads").trim_end_matches('?'));
}
