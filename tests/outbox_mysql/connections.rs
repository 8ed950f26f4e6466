//! Connections that end at the wrong moment, and those of other processes.

use justclick::outbox::mysql::MysqlStore;
use justclick::outbox::row::{Claim, Selection, Settlement};
use justclick::outbox::store::Store;

use super::database_proxy::Proxy;
use super::lost_answers::what_was_done_counts_once;
use super::mysql_server::{Server, USER};
use super::settings;
use super::suite::{ACCOUNT, LEASE, account_for, add, new_row, settle};

/// The numbers of the connections of the tests' user.
fn connections(server: &Server) -> Vec<String> {
    let all = server.sql(&format!(
        "select id from information_schema.processlist where user = '{USER}' order by id"
    ));
    all.lines().map(str::to_owned).collect()
}

#[test]
fn a_connection_that_was_ended_is_made_anew() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    let store = MysqlStore::open(&url, settings()).expect("a store");
    add(&store, "first");
    for key in ["second", "third"] {
        let before = connections(&server);
        assert_eq!(before.len(), 1);
        server.sql(&format!("kill {}", before[0]));
        add(&store, key);
        assert_ne!(connections(&server), before);
    }
    account_for(&store, 3);
    // Those that were killed are counted a moment later.
    while server.status("Aborted_clients") < 2 {
        std::thread::yield_now();
    }
    drop(store);
    while !connections(&server).is_empty() {
        std::thread::yield_now();
    }
    assert_eq!(
        server.status("Aborted_clients"),
        2,
        "it left without a word"
    );
}

#[test]
fn a_commit_whose_answer_was_lost_counts_once() {
    let server = Server::start(&[]);
    let proxy = Proxy::start(server.port);
    let store = |database: &str| {
        server.database(database);
        let url = server.url_of_port(proxy.port, database);
        MysqlStore::open(&url, settings()).expect("a store")
    };
    what_was_done_counts_once(&store("leads"), &proxy, true);
    let own = store("own");
    proxy.cut_commits([true]);
    let kept = own.add(&new_row(ACCOUNT, "a"), 100).expect("is kept");
    assert!(!kept.was_there, "the row is this caller's own");
    account_for(&own, 1);
}

#[test]
fn what_was_kept_survives_a_crash_and_numbers_are_not_used_again() {
    let mut server = Server::start(&[]);
    let url = server.database("leads");
    let store = MysqlStore::open(&url, settings()).expect("a store");
    let ids: Vec<i64> = (0..20).map(|key| add(&store, &key.to_string())).collect();
    let last = Selection {
        ids: Some(vec![ids[19]]),
        ..Selection::default()
    };
    assert_eq!(Store::drop(&store, &last).expect("drops"), 1);
    server.restart();
    account_for(&store, 20);
    assert!(add(&store, "after") > ids[19], "a number is used again");
    account_for(&store, 21);
}

/// Threads of a process share its connection.
#[test]
fn threads_take_turns() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    let store = MysqlStore::open(&url, settings()).expect("a store");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..10 {
                    add(store, &format!("{thread}-{number}"));
                    if let Claim::Row(claimed) =
                        (store.claim(ACCOUNT, "secret", LEASE, None)).expect("claims")
                    {
                        assert!(settle(store, &claimed, &Settlement::Delivered));
                    }
                }
            });
        }
    });
    assert_eq!(connections(&server).len(), 1);
    assert_eq!(store.status().expect("a status").delivered, 80);
    account_for(&store, 80);
}
