//! The rights that suffice once the owner of the tables has opened the outbox.

use justclick::outbox::engine::{Durability, EngineSettings};
use justclick::outbox::postgres::PostgresStore;
use justclick::outbox::store::Store;

use super::postgres_server::Server;
use super::settings;
use super::suite::{self, ACCOUNT, Bench, account_for, new_row};
use super::time::TestTime;

/// As the reference has them.
const RIGHTS: &str = "
grant select on justclick_store to site;
grant select, insert, update, delete
    on justclick_outbox, justclick_dead, justclick_account, justclick_count to site;
";

#[test]
fn the_reference_names_these_rights() {
    assert!(include_str!("../../REFERENCE.md").contains(RIGHTS));
}

#[test]
fn a_site_does_all_with_few_rights() {
    let server = Server::start(&["fsync=off"]);
    server.database("leads");
    server.sql(
        "leads",
        "create role site login; revoke create on schema public from public",
    );
    suite::run("PostgreSQL", |case| {
        let time = TestTime::new(&server, "leads");
        let settings = EngineSettings {
            durability: Durability::Crash,
            ..settings()
        };
        PostgresStore::open(&time.url(), settings).expect("the owner makes the tables");
        let schema = time.schema();
        server.sql(
            "leads",
            &format!(
                "set search_path = {schema}; grant usage on schema {schema} to site;
                 grant select on time to site; {RIGHTS}"
            ),
        );
        let url = time.url().replace("postgres@", "site@");
        let store = PostgresStore::open(&url, settings).expect("a store");
        case(&Bench {
            store: &store,
            pass: &|passed| time.pass(passed),
        });
        store.tidy(None).expect("tidies");
    });
}

/// So that many sessions leave rows to be brought together, which needs the right to delete.
#[test]
fn counts_of_many_sessions_are_brought_together_with_these_rights() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    PostgresStore::open(&url, settings()).expect("the owner makes the tables");
    server.sql("leads", &format!("create role site login; {RIGHTS}"));
    server.sql(
        "leads",
        "insert into justclick_count (slot) select null from generate_series(1, 1500)",
    );
    let store = PostgresStore::open(&url.replace("postgres@", "site@"), settings());
    let store = store.expect("a store");
    store.add(&new_row(ACCOUNT, "a"), 10).expect("is kept");
    store.tidy(None).expect("tidies");
    let rows = server.sql("leads", "select count(*) < 10 from justclick_count");
    assert_eq!(rows, "t");
    account_for(&store, 1);
}
