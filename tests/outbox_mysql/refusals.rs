//! Servers that cannot keep their word, and tables that are another's.

use std::io::{Read, Write};
use std::net::TcpListener;

use justclick::outbox::engine::{Durability, EngineSettings};
use justclick::outbox::mysql::MysqlStore;
use justclick::outbox::store::Store;
use justclick::{Client, ErrorKind, Lead, Outbox};

use super::mysql_server::{PASSWORD, Server, USER};
use super::settings;
use super::suite::{ACCOUNT, account_for, add, claim, new_row};

fn crash() -> EngineSettings {
    EngineSettings {
        durability: Durability::Crash,
        ..settings()
    }
}

/// What opening the database, or else adding to it, is refused for.
fn refusal(url: &str, settings: EngineSettings) -> String {
    let error = match MysqlStore::open(url, settings) {
        Err(error) => error,
        Ok(store) => (store.add(&new_row(ACCOUNT, "refused"), 100)).expect_err("it is not refused"),
    };
    assert_eq!(error.kind(), ErrorKind::NotStored);
    assert!(error.message().contains("leads at "), "{error}");
    error.message().to_owned()
}

#[test]
fn settings_that_break_the_promise_are_named() {
    let server = Server::start(&["--log-bin=log", "--sync-binlog=1"]);
    let url = server.database("leads");
    let store = MysqlStore::open(&url, settings()).expect("a store");
    add(&store, "first");
    for (broken, right) in [
        (
            "innodb_flush_log_at_trx_commit=2",
            "innodb_flush_log_at_trx_commit=1",
        ),
        (
            "innodb_flush_log_at_trx_commit=0",
            "innodb_flush_log_at_trx_commit=1",
        ),
        ("sync_binlog=0", "sync_binlog=1"),
    ] {
        server.sql(&format!("set global {broken}"));
        let why = refusal(&url, settings());
        assert!(why.contains(broken), "{why}");
        assert!(why.contains("durability=crash"), "{why}");
        let crash = MysqlStore::open(&url, crash()).expect("is taken with less");
        let key = format!("with {broken}");
        assert!(
            !crash
                .add(&new_row(ACCOUNT, &key), 100)
                .expect("is kept")
                .was_there
        );
        server.sql(&format!("set global {right}"));
    }
    server.sql("set global read_only=1");
    for settings in [settings(), crash()] {
        let why = refusal(&url, settings);
        assert!(why.contains("read_only=ON"), "{why}");
    }
    // A connection that was there before.
    let error = store
        .add(&new_row(ACCOUNT, "second"), 100)
        .expect_err("is refused");
    assert!(error.message().contains("read_only"), "{error}");
    server.sql("set global read_only=0");
    account_for(&store, 4);
}

/// The face has the setting for it, and takes a URL.
#[test]
fn an_outbox_takes_less_where_it_is_told_to() {
    let server = Server::start(&["--innodb-flush-log-at-trx-commit=2"]);
    let url = server.database("leads");
    let client = Client::new("username", "secret").expect("a client");
    let lead = Lead::from_json(r#"{"rid": ["a"], "lead_email": "a@email.com"}"#).expect("a lead");
    let mut outbox = Outbox::open(&url).expect("an outbox");
    outbox.set("busy_timeout_ms", "20000").expect("is set");
    let error = outbox.add(&client, &lead, None).expect_err("is refused");
    assert!(
        error.message().contains("innodb_flush_log_at_trx_commit=2"),
        "{error}"
    );
    outbox.set("durability", "crash").expect("is set");
    outbox.add(&client, &lead, None).expect("is kept");
    assert_eq!(outbox.status().expect("a status").waiting, 1);
}

#[test]
fn a_strange_server_keeps_leads_as_any_other() {
    let server = Server::start(&[
        "--skip-innodb-doublewrite",
        "--default-storage-engine=MyISAM",
        "--default-time-zone=+11:00",
        "--character-set-server=latin1",
        "--skip-character-set-client-handshake",
        "--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES",
        "--transaction-isolation=SERIALIZABLE",
        "--autocommit=1",
    ]);
    let url = server.database("leads");
    let why = refusal(&url, settings());
    assert!(why.contains("innodb_doublewrite=OFF"), "{why}");
    let store = MysqlStore::open(&url, crash()).expect("a store");
    let engines = "select distinct engine from information_schema.tables where table_schema =";
    assert_eq!(server.sql(&format!("{engines} 'leads'")), "InnoDB");
    add(&store, "first");
    let row = new_row(ACCOUNT, "second: Ё😀");
    store.add(&row, 100).expect("is kept");
    let claimed = claim(&store);
    // The time zone is another for each connection from now on; the store's time is not.
    server.sql(&format!(
        "set global time_zone = '-08:00'; kill user {USER}"
    ));
    let listed = store.list(&Default::default()).expect("lists");
    assert!(
        listed.iter().all(|row| row.age.as_secs() < 3600),
        "{listed:?}"
    );
    assert_eq!(listed[1].key, row.key);
    let next = store.status().expect("a status").next_due.expect("is due");
    assert!(next.as_secs() <= 120, "{next:?}");
    let dead = super::suite::dead();
    assert!(super::suite::settle(&store, &claimed, &dead));
    account_for(&store, 2);
}

#[test]
fn tables_that_are_not_as_they_should_be_are_refused() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    let store = MysqlStore::open(&url, settings()).expect("a store");
    add(&store, "first");
    server.sql("alter table leads.justclick_dead engine = MyISAM");
    let why = refusal(&url, settings());
    assert!(why.contains("justclick_dead is kept by MyISAM"), "{why}");
    server.sql("alter table leads.justclick_dead engine = InnoDB");
    server.sql("update leads.justclick_store set version = 2");
    let why = refusal(&url, settings());
    assert!(
        why.contains("version 2") && why.contains("newer library"),
        "{why}"
    );
    server.sql("update leads.justclick_store set version = 1");
    server.sql("rename table leads.justclick_count to leads.away");
    let why = refusal(&url, settings());
    assert!(why.contains("another program changed them"), "{why}");
    server.sql("rename table leads.away to leads.justclick_count");
    account_for(&MysqlStore::open(&url, settings()).expect("a store"), 1);
    // Who made only a part of the tables is followed by one who makes the rest.
    server.sql("drop table leads.justclick_dead, leads.justclick_store");
    account_for(&MysqlStore::open(&url, settings()).expect("a store"), 1);
}

#[test]
fn a_user_without_rights_is_told_what_is_missing() {
    let server = Server::start(&[]);
    server.sql("create database leads; grant select, insert, update, delete on leads.* to 'leads'@'localhost'");
    let why = refusal(&server.url("leads"), settings());
    assert!(
        why.contains("grant select") && why.contains("create"),
        "{why}"
    );
    server.sql("grant all on leads.* to 'leads'@'127.0.0.1'");
    let maker = server.url_of("127.0.0.1", "leads");
    MysqlStore::open(&maker, settings()).expect("makes the tables");
    let store = MysqlStore::open(&server.url("leads"), settings()).expect("a store");
    add(&store, "first");
    account_for(&store, 1);
    let error = MysqlStore::open(&server.url("other"), settings()).expect_err("no rights");
    assert!(error.message().contains("rights"), "{error}");
}

#[test]
fn a_password_is_right_or_told_to_nobody() {
    let server = Server::start(&[]);
    server.database("leads");
    let url = |password: &str| {
        let path = server.socket().display().to_string().replace('/', "%2F");
        format!("mysql://{USER}{password}@{path}/leads")
    };
    let error = MysqlStore::open(&url(":tiger-lily"), settings()).expect_err("is wrong");
    assert!(
        error.message().contains("wrong user or password"),
        "{error}"
    );
    assert!(!format!("{error} {error:?}").contains("tiger"), "{error:?}");
    assert!(MysqlStore::open(&url(""), settings()).is_err());
    let file = server.path("password");
    std::fs::write(&file, format!("{PASSWORD}\n")).expect("writes");
    let mode = |mode: u32| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("a mode");
    };
    let with_file = format!("{}?passwordfile={}", url(""), file.display());
    mode(0o644);
    let error = MysqlStore::open(&with_file, settings()).expect_err("others may read it");
    assert!(error.message().contains("chmod 600"), "{error}");
    assert!(!error.message().contains(PASSWORD), "{error}");
    mode(0o600);
    let store = MysqlStore::open(&with_file, settings()).expect("a store");
    add(&store, "first");
    assert!(!format!("{store:?}").contains(PASSWORD), "{store:?}");
    account_for(&store, 1);
}

/// Nothing is said to a server that is too old, not even who asks.
#[test]
fn old_servers_are_refused_before_they_learn_anything() {
    for (version, is_shown) in [
        ("5.7.44-log", "MySQL 5.7.44-log"),
        ("8.0.0-dmr", "MySQL 8.0.0-dmr"),
        ("5.5.5-10.5.29-MariaDB", "MariaDB 5.5.5-10.5.29-MariaDB"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        std::thread::scope(|scope| {
            let server = scope.spawn(|| {
                let (mut stream, _) = listener.accept().expect("a connection");
                stream.write_all(&greeting(version)).expect("writes");
                let mut told = Vec::new();
                stream.read_to_end(&mut told).expect("reads");
                told
            });
            let url = format!("mysql://me:tiger@127.0.0.1:{port}/leads");
            let why = refusal(&url, settings());
            assert!(why.contains(is_shown), "{why}");
            assert!(why.contains("MySQL 8.0.1 or MariaDB 10.6"), "{why}");
            let told = server.join().expect("ends");
            assert!(!String::from_utf8_lossy(&told).contains("me"), "{told:?}");
        });
    }
}

/// A server's first packet, as MySQL's manual has it.
pub fn greeting(version: &str) -> Vec<u8> {
    let mut body = vec![10];
    body.extend(version.as_bytes());
    body.extend(b"\0\x07\0\0\0");
    body.extend(&super::mysql8::NONCE[..8]);
    // Capabilities: the protocol of 4.1, its passwords, plugins, transactions, a database.
    body.extend(b"\0\x0f\xa2\x2d\x02\0\x08\0\x15\0\0\0\0\0\0\0\0\0\0");
    body.extend(&super::mysql8::NONCE[8..]);
    body.extend(b"\0caching_sha2_password\0");
    packet(0, &body)
}

pub fn packet(number: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("a length").to_le_bytes();
    [&length[..3], &[number], body].concat()
}
