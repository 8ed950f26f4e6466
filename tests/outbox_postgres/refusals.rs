//! Servers and databases that cannot be trusted with leads.

use std::time::{Duration, Instant};

use justclick::outbox::engine::{Durability, EngineSettings};
use justclick::outbox::postgres::PostgresStore;
use justclick::outbox::store::Store;
use justclick::{ErrorKind, Outbox};

use super::postgres_server::Server;
use super::settings;
use super::suite::{ACCOUNT, account_for, add, new_row};

fn refused(url: &str, why: &[&str]) {
    let error = PostgresStore::open(url, settings()).expect_err("it is refused");
    assert_eq!(error.kind(), ErrorKind::NotStored);
    for why in why {
        assert!(error.message().contains(why), "{error}");
    }
}

fn crash() -> EngineSettings {
    EngineSettings {
        durability: Durability::Crash,
        ..settings()
    }
}

/// The store takes no lead as it is, and names the setting; with less asked of it, it does.
fn cannot_promise(url: &str, setting: &str) {
    let mut store = PostgresStore::open(url, settings()).expect("what is there can be read");
    let before = store.status().expect("a status").waiting;
    let error = store
        .add(&new_row(ACCOUNT, setting), 100)
        .expect_err("it could lose it");
    assert_eq!(error.kind(), ErrorKind::NotStored);
    assert!(error.message().contains(setting), "{error}");
    assert!(error.message().contains("durability=crash"), "{error}");
    store.configure(crash());
    add(&store, setting);
    account_for(&store, before + 1);
}

fn set(server: &Server, setting: &str, value: &str) {
    server.sql("leads", &format!("alter system set {setting} = '{value}'"));
    server.sql("leads", "select pg_reload_conf()");
    let began = Instant::now();
    while server.sql("leads", &format!("show {setting}")) != value {
        assert!(began.elapsed() < Duration::from_secs(60), "it is not set");
    }
}

#[test]
fn a_server_that_can_lose_leads_takes_none() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        set(&server, setting, "off");
        cannot_promise(&url, setting);
        set(&server, setting, "on");
    }
    let local = format!("{url}options=-c%20synchronous_commit%3Dlocal");
    let store = PostgresStore::open(&local, settings()).expect("a store");
    add(&store, "there is no standby");
    drop(store);
    set(&server, "synchronous_standby_names", "standby");
    cannot_promise(&local, "synchronous_commit is local");
}

#[test]
fn a_commit_stays_as_durable_as_it_was_checked() {
    let server = Server::start(&[]);
    let store = PostgresStore::open(&server.database("leads"), settings()).expect("a store");
    set(&server, "synchronous_commit", "off");
    add(&store, "a");
    let shown = server.sql(
        "leads",
        "create table seen (word text);
         create function see() returns trigger language plpgsql as
             $$ begin insert into seen values (current_setting('synchronous_commit')); return new; end $$;
         create trigger see after insert on justclick_outbox for each row execute function see();
         select 'ready'",
    );
    assert_eq!(shown, "ready");
    add(&store, "b");
    assert_eq!(server.sql("leads", "select word from seen"), "on");
    account_for(&store, 2);
}

#[test]
fn a_server_that_is_read_only_is_refused() {
    let mut server = Server::start(&["hot_standby=on"]);
    let url = server.database("leads");
    let store = PostgresStore::open(&url, settings()).expect("a store");
    add(&store, "a");
    refused(
        &format!("{url}options=-c%20default_transaction_read_only%3Don"),
        &["read-only", "database \"leads\""],
    );
    server.crash();
    server.write("standby.signal", "");
    server.restart();
    refused(&url, &["read-only", "standby"]);
    let error = store
        .add(&new_row(ACCOUNT, "b"), 10)
        .expect_err("it became a standby");
    assert!(error.message().contains("read-only"), "{error}");
    server.sql("postgres", "select pg_promote()");
    account_for(&store, 1);
}

#[test]
fn an_old_server_is_refused_by_its_version() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    // No distribution has one any more, so this one says that it is old.
    server.sql(
        "leads",
        "create schema old;
         create function old.current_setting(name text) returns text language sql as
             $$ select case name when 'server_version_num' then '110022'
                                 when 'server_version' then '11.22'
                                 else pg_catalog.current_setting(name) end $$",
    );
    refused(
        &format!("{url}options=-c%20search_path%3Dold,pg_catalog"),
        &["PostgreSQL 11.22", "12 or newer"],
    );
}

#[test]
fn other_tables_and_encodings_are_refused() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    let store = PostgresStore::open(&url, settings()).expect("a store");
    add(&store, "a");
    server.sql("leads", "update justclick_store set version = 99");
    refused(&url, &["version 99", "newer library"]);
    server.sql("leads", "update justclick_store set version = 1");
    account_for(&store, 1);
    let other = server.database("other");
    server.sql("other", "create table justclick_store (name text)");
    refused(&other, &["another's"]);
    server.sql(
        "postgres",
        "create database latin encoding 'LATIN1' locale 'C' template template0",
    );
    refused(&server.url("latin"), &["LATIN1", "UTF8"]);
    refused(&server.url("none"), &["\"none\" does not exist"]);
}

#[test]
fn a_user_without_rights_is_told_which() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    server.sql(
        "leads",
        "create role weak login; revoke create on schema public from public",
    );
    let weak = url.replace("postgres@", "weak@");
    refused(&weak, &["lacks a right", "permission denied"]);
    let store = PostgresStore::open(&url, settings()).expect("its owner opens it once");
    refused(&weak, &["lacks a right"]);
    server.sql(
        "leads",
        "grant select, insert, update, delete on all tables in schema public to weak",
    );
    add(
        &PostgresStore::open(&weak, settings()).expect("a store"),
        "a",
    );
    account_for(&store, 1);
}

#[test]
fn an_outbox_opens_by_its_url() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    let mut outbox = Outbox::open(url.trim_end_matches('?')).expect("an outbox");
    outbox.set("busy_timeout_ms", "20000").expect("sets");
    let client = justclick::Client::new("username", "secret").expect("a client");
    let lead = justclick::Lead::from_json(r#"{"rid": ["super"], "lead_email": "a@b.com"}"#);
    let lead = lead.expect("a lead");
    let kept = outbox.add(&client, &lead, None).expect("is kept");
    let again = outbox.add(&client, &lead, None).expect("is kept");
    assert_eq!((kept.id, again.was_there), (again.id, true));
    let status = outbox.status().expect("a status");
    assert_eq!((status.waiting, status.leased, status.dead), (1, 0, 0));
    let of_one_that_answers = format!(
        "postgres://postgres@127.0.0.1:1,127.0.0.1:{}/leads",
        server.port
    );
    let second = Outbox::open(of_one_that_answers).expect("the second host answers");
    assert_eq!(second.status().expect("a status").waiting, 1);
}
