//! A database whose answers to commits are lost: what was done counts once, and is told.

use justclick::outbox::row::{Selection, Settlement, State};
use justclick::outbox::store::Store;

use super::database_proxy::Proxy;
use super::suite::{ACCOUNT, account_for, add, claim, dead, new_row, settle};

/// The store's connection goes through the proxy. `read_commits` says whether what is asked for before
/// a change is a transaction as well.
pub fn what_was_done_counts_once(store: &dyn Store, proxy: &Proxy, read_commits: bool) {
    let cut_change = || {
        let before = read_commits.then_some(false);
        proxy.cut_commits(before.into_iter().chain([true]));
    };
    proxy.cut_commits([true]);
    let kept = store.add(&new_row(ACCOUNT, "a"), 100).expect("is kept");
    account_for(store, 1);
    proxy.cut_commits([true]);
    let claimed = claim(store);
    assert_eq!(claimed.id, kept.id, "another row, or none");
    proxy.cut_commits([true]);
    assert!(settle(store, &claimed, &Settlement::Delivered));
    account_for(store, 1);
    for key in ["b", "c", "d"] {
        add(store, key);
        proxy.cut_commits([true]);
        assert!(settle(store, &claim(store), &dead()));
    }
    let some = Selection {
        limit: Some(2),
        ..Selection::default()
    };
    cut_change();
    assert_eq!(store.retry(&some).expect("retries"), 2);
    assert_eq!(dead_rows(store), 1);
    cut_change();
    assert_eq!(store.drop(&some).expect("drops"), 2);
    account_for(store, 4);
    assert_eq!(dead_rows(store), 1);
    proxy.cut_commits([true, true]);
    let error = store.add(&new_row(ACCOUNT, "e"), 100);
    let error = error.expect_err("twice is too often");
    assert!(
        error.message().contains("to do it again does no harm"),
        "{error}"
    );
    let again = store.add(&new_row(ACCOUNT, "e"), 100).expect("is kept");
    assert!(again.was_there);
    account_for(store, 5);
}

fn dead_rows(store: &dyn Store) -> usize {
    let selection = Selection {
        state: Some(State::Dead),
        ..Selection::default()
    };
    store.list(&selection).expect("lists").len()
}
