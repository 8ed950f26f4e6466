//! The rights that suffice once somebody with the right to create has opened the outbox.

use std::cell::Cell;

use justclick::outbox::engine::{Durability, EngineSettings};
use justclick::outbox::mysql::MysqlStore;
use justclick::outbox::store::Store;

use super::mysql_server::{Server, USER};
use super::settings;
use super::suite::{self, Bench};
use super::time::TestTime;

/// The rights that the reference names, for the tests' user, who has no others.
fn rights(database: &str) -> Vec<String> {
    let reference = include_str!("../../REFERENCE.md");
    let rights: Vec<String> = (reference.lines())
        .filter(|line| line.starts_with("grant ") && line.contains(" on leads.justclick_"))
        .map(|line| line.replace("leads.", &format!("{database}.")))
        .map(|line| line.replace("'site'@'%'", &format!("'{USER}'@'localhost'")))
        .collect();
    assert_eq!(rights.len(), 5, "{rights:?}");
    rights
}

#[test]
fn a_site_does_all_with_few_rights() {
    let server = Server::start(&["--innodb-flush-log-at-trx-commit=0"]);
    server.sql("create user 'maker'@'localhost'");
    let count = Cell::new(0);
    suite::run("MariaDB", |case| {
        count.set(count.get() + 1);
        let name = format!("leads_{}", count.get());
        server.sql(&format!(
            "create database {name}; grant all on {name}.* to 'maker'@'localhost'"
        ));
        let settings = EngineSettings {
            durability: Durability::Crash,
            ..settings()
        };
        let url = server.url(&name);
        let (_, place) = url.rsplit_once('@').expect("a URL with a user");
        MysqlStore::open(&format!("mysql://maker@{place}"), settings).expect("makes the tables");
        server.sql(&rights(&name).concat());
        let time = TestTime::new(&server);
        let store = MysqlStore::open(&url, settings);
        let store = store.expect("a store");
        case(&Bench {
            store: &store,
            pass: &|passed| time.pass(passed),
        });
        let others = format!(
            "insert into {name}.justclick_count (living) select 0 from {name}.seq_1_to_300"
        );
        server.sql(&others);
        store.tidy(None).expect("tidies");
        let rows = server.sql(&format!("select count(*) from {name}.justclick_count"));
        assert_eq!(rows, "64", "they are brought together");
    });
}
