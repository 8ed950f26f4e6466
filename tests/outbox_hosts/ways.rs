//! What is lost on the way between a host and the database, and what the caller is told then.

use std::time::{Duration, Instant};

use justclick::outbox::engine::EngineSettings;
use justclick::outbox::row::{Claim, Selection};
use justclick::outbox::store::Store;
use justclick::{Client, ErrorKind, Outbox};

use crate::database_proxy::Proxy;
use crate::outbox_proof::account::Account;
use crate::outbox_proof::place::{self, Place};
use crate::outbox_proof::service::{client, lead};
use crate::places::{Mariadb, Postgres};

const NOWHERE: &str = "https://username.justclick.ru";
const LEASE: Duration = Duration::from_secs(120);

/// An outbox by the way of the first host.
fn outbox(place: &dyn Place) -> (Outbox, Client) {
    let mut outbox = Outbox::open(place.location(0)).expect("an outbox");
    outbox.set("busy_timeout_ms", "20000").expect("a setting");
    (outbox, client(NOWHERE))
}

/// The row is there once, and the caller is told so.
fn an_answer_is_lost(place: &dyn Place, way: &Proxy) {
    let (outbox, client) = outbox(place);
    let add = |email: &str| outbox.add(&client, &lead(email), None);
    add("first@b.ru").expect("is kept");
    way.cut_commits([true]);
    let kept = add("second@b.ru").expect("is kept");
    let account = Account::of(&outbox).expect("the account");
    account.adds_up_to(2).expect("one row for each");
    let row = account.rows.iter().find(|row| row.id == kept.id);
    assert!(row.expect("its row").query.contains("second"));
}

/// The caller is told that nobody knows; to add it again makes no second row.
fn an_answer_is_lost_again(place: &dyn Place, way: &Proxy) {
    let (outbox, client) = outbox(place);
    let add = |email: &str| outbox.add(&client, &lead(email), None);
    add("first@b.ru").expect("is kept");
    way.cut_commits([true, true]);
    let error = add("second@b.ru").expect_err("nobody knows");
    assert_eq!(error.kind(), ErrorKind::NotStored);
    assert!(
        error.message().contains("to do it again does no harm"),
        "{error}"
    );
    assert!(add("second@b.ru").expect("is kept").was_there);
    let account = Account::of(&outbox).expect("the account");
    account.adds_up_to(2).expect("one row for each");
}

/// A host that is gone in the middle of a claim keeps its lead from others for a moment only.
fn a_host_is_gone(place: &dyn Place, way: &Proxy) {
    let impatient = EngineSettings {
        busy_timeout: Duration::from_secs(1),
        ..EngineSettings::default()
    };
    let (outbox, client) = outbox(place);
    let kept = (outbox.add(&client, &lead("a@b.ru"), None)).expect("is kept");
    let account = &outbox.list(&Selection::default()).expect("lists")[0].account;
    let gone = place::store_with(&place.location(0), impatient).expect("a store");
    let claim = |store: &dyn Store| store.claim(account, "secret", LEASE, None);
    way.hold_commit();
    claim(&*gone).expect_err("nobody answers");
    assert!(way.holds());
    let other = place::store(&place.location(1)).expect("a store");
    let began = Instant::now();
    let claimed = loop {
        match claim(&*other).expect("claims") {
            Claim::Row(claimed) => break claimed,
            _ => assert!(began.elapsed() < LEASE, "it stays locked"),
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(claimed.id, kept.id);
    // What it sent at last changes nothing.
    way.hold(false);
    drop(gone);
    let account = Account::of(&outbox).expect("the account");
    account.adds_up_to(1).expect("one row");
    assert_eq!(account.status.leased, 1);
}

/// For each engine, a database of its own.
fn each(scene: fn(&dyn Place, &Proxy)) {
    let postgres = Postgres::new();
    scene(&postgres, &postgres.ways[0]);
    let mariadb = Mariadb::new();
    scene(&mariadb, &mariadb.ways[0]);
}

#[test]
fn a_commit_whose_answer_is_lost_makes_one_row() {
    each(an_answer_is_lost);
}

#[test]
fn what_nobody_knows_is_told_and_added_once() {
    each(an_answer_is_lost_again);
}

#[test]
fn what_a_host_has_locked_is_free_once_it_is_gone() {
    each(a_host_is_gone);
}
