//! The outbox in MariaDB: what every store must do, and what this one alone must, by a real server.
#![cfg(all(feature = "mysql", target_os = "linux"))]

#[path = "outbox_store/suite.rs"]
mod suite;

#[path = "outbox_store/lost_answers.rs"]
mod lost_answers;
#[path = "outbox_store/moving.rs"]
mod moving;
#[path = "outbox_store/spool.rs"]
mod spool;

mod database_proxy;
mod mysql_server;
#[allow(dead_code)]
mod outbox_proof;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;
mod server_process;

#[path = "outbox_mysql/connections.rs"]
mod connections;
#[path = "outbox_mysql/deadlines.rs"]
mod deadlines;
#[path = "outbox_mysql/encryption.rs"]
mod encryption;
#[path = "outbox_mysql/limits.rs"]
mod limits;
#[path = "outbox_mysql/mysql8.rs"]
mod mysql8;
#[path = "outbox_mysql/refusals.rs"]
mod refusals;
#[path = "outbox_mysql/rights.rs"]
mod rights;
#[path = "outbox_mysql/spool.rs"]
mod spooled;
#[path = "outbox_mysql/time.rs"]
mod time;
#[path = "outbox_mysql/workers.rs"]
mod workers;

use std::cell::Cell;
use std::time::Duration;

use justclick::outbox::engine::{Durability, EngineSettings};
use justclick::outbox::mysql::MysqlStore;
use mysql_server::Server;
use suite::Bench;
use time::TestTime;

/// A busy machine fails no test.
fn settings() -> EngineSettings {
    EngineSettings {
        busy_timeout: Duration::from_secs(20),
        ..EngineSettings::default()
    }
}

#[test]
fn a_database_keeps_what_every_store_must() {
    let server = Server::start(&["--innodb-flush-log-at-trx-commit=0"]);
    let count = Cell::new(0);
    suite::run("MariaDB", |case| {
        count.set(count.get() + 1);
        let url = server.database(&format!("leads_{}", count.get()));
        let time = TestTime::new(&server);
        let settings = EngineSettings {
            durability: Durability::Crash,
            ..settings()
        };
        let store = MysqlStore::open(&url, settings).expect("a store");
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
