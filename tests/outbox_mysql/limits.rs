//! What is told apart, and how much fits.

use justclick::Query;
use justclick::outbox::mysql::MysqlStore;
use justclick::outbox::row::{NewRow, Selection};
use justclick::outbox::store::Store;

use super::mysql_server::Server;
use super::settings;
use super::suite::{ACCOUNT, account_for, add, claim, new_row};

/// A collation would take some of them for equal, and the second lead would be lost.
#[test]
fn keys_and_accounts_are_told_apart_by_their_bytes() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    let store = MysqlStore::open(&url, settings()).expect("a store");
    let names = [
        "ключ",
        "ключ ",
        "Ключ",
        "ключ\u{a0}",
        "é",
        "e\u{301}",
        "e",
        "ß",
        "ss",
        "ς",
        "σ",
    ];
    for name in names {
        let is_there = |account: &str, key: &str| {
            let row = new_row(account, key);
            (store.add(&row, 100)).expect("is kept").was_there
        };
        assert!(!is_there(ACCOUNT, name), "{name:?} as a key");
        assert!(!is_there(name, "key"), "{name:?} as an account");
        assert!(is_there(ACCOUNT, name), "{name:?} is forgotten");
    }
    let of_account = Selection {
        account: Some("ключ".into()),
        ..Selection::default()
    };
    assert_eq!(store.list(&of_account).expect("lists").len(), 1);
    account_for(&store, names.len() as u64 * 2);
}

#[test]
fn the_longest_fit_and_longer_ones_are_refused() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    let store = MysqlStore::open(&url, settings()).expect("a store");
    let query = format!(r#"{{"lead_name": "{}"}}"#, "x".repeat(256 * 1024 - 1));
    let row = |account: usize, key: usize| NewRow {
        query: Query::from_json(&query).expect("a query"),
        ..new_row(&"a".repeat(account), &"k".repeat(key))
    };
    assert!(!store.add(&row(2800, 256), 100).expect("is kept").was_there);
    assert!(store.add(&row(2800, 256), 100).expect("is there").was_there);
    let listed = store.list(&Selection::default()).expect("lists");
    assert_eq!(listed[0].query, row(1, 1).query.as_str());
    let error = store.add(&row(2801, 1), 100).expect_err("is too long");
    assert!(error.message().contains("at most 2800"), "{error}");
    add(&store, "short");
    claim(&store);
    account_for(&store, 2);
}

/// A site's own transaction adds a row to the counts and changes none, so that nobody waits for it.
#[test]
fn counts_of_others_are_brought_together() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    let store = MysqlStore::open(&url, settings()).expect("a store");
    add(&store, "first");
    server.sql(
        "insert into leads.justclick_outbox (account, `key`, `function`, due, due_before, kept_at,
             waits_since, reason, query)
         select 'site', seq, 'AddLeadToGroup', 0, 0, 0, 0, '', '' from leads.seq_1_to_450;
         insert into leads.justclick_count (living) select 1 from leads.seq_1_to_450",
    );
    account_for(&store, 451);
    let rows = || server.sql("select count(*) from leads.justclick_count");
    assert_eq!(rows(), "514");
    store.tidy(None).expect("tidies");
    assert_eq!(rows(), "64");
    account_for(&store, 451);
}
