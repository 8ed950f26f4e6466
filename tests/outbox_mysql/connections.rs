//! Connections that end at the wrong moment, and those of other processes.

use justclick::outbox::mysql::MysqlStore;
use justclick::outbox::row::{Claim, Selection, Settlement, State};
use justclick::outbox::store::Store;

use super::database_proxy::Proxy;
use super::mysql_server::{Server, USER};
use super::settings;
use super::suite::{ACCOUNT, LEASE, account_for, add, claim, dead, new_row, settle};

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
    server.database("leads");
    let proxy = Proxy::start(server.port);
    let url = server.url_of_port(proxy.port, "leads");
    let store = MysqlStore::open(&url, settings()).expect("a store");
    proxy.cut_commits([true]);
    let kept = store.add(&new_row(ACCOUNT, "a"), 100).expect("is kept");
    assert!(!kept.was_there, "the row is this caller's own");
    account_for(&store, 1);
    proxy.cut_commits([true]);
    let claimed = claim(&store);
    assert_eq!(claimed.id, kept.id, "another row, or none");
    proxy.cut_commits([true]);
    assert!(settle(&store, &claimed, &Settlement::Delivered));
    account_for(&store, 1);
    for key in ["b", "c", "d"] {
        add(&store, key);
        proxy.cut_commits([true]);
        assert!(settle(&store, &claim(&store), &dead()));
    }
    let some = Selection {
        limit: Some(2),
        ..Selection::default()
    };
    // The numbers are asked for first, which is a transaction as well.
    proxy.cut_commits([false, true]);
    assert_eq!(store.retry(&some).expect("retries"), 2);
    assert_eq!(rows_in(&store, State::Dead), 1);
    proxy.cut_commits([false, true]);
    assert_eq!(Store::drop(&store, &some).expect("drops"), 2);
    account_for(&store, 4);
    assert_eq!(rows_in(&store, State::Dead), 1);
    proxy.cut_commits([true, true]);
    let error = store.add(&new_row(ACCOUNT, "e"), 100);
    let error = error.expect_err("twice is too often");
    assert!(
        error.message().contains("to do it again does no harm"),
        "{error}"
    );
    assert!(
        store
            .add(&new_row(ACCOUNT, "e"), 100)
            .expect("is kept")
            .was_there
    );
    account_for(&store, 5);
}

fn rows_in(store: &MysqlStore, state: State) -> usize {
    let selection = Selection {
        state: Some(state),
        ..Selection::default()
    };
    store.list(&selection).expect("lists").len()
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
