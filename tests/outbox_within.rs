//! A lead that is kept within a transaction of the site's own: the statements, and a file of SQLite that
//! has the site's tables and ours. The drivers of PHP and Python are tested with their packages.
#![cfg(all(feature = "outbox", target_os = "linux"))]

#[allow(dead_code)]
#[path = "outbox_proof/account.rs"]
mod account;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use account::{Account, is_whole};
use justclick::outbox::row::Selection;
use justclick::outbox::{Engine, Limits, Statement, statements};
use justclick::{Client, Error, ErrorKind, Lead, Outbox};
use rusqlite::{Connection, params_from_iter};
use tempfile::TempDir;

const ENGINES: [Engine; 3] = [Engine::Sqlite, Engine::Postgres, Engine::Mysql];

fn client() -> Client {
    let mut client = Client::new("username", "secret").expect("a client");
    (client.set("base_url", "http://127.0.0.1:1")).expect("a base URL");
    client
}

fn lead(email: &str) -> Lead {
    let json = format!(r#"{{"rid": ["a?b%c:d"], "lead_email": "{email}"}}"#);
    Lead::from_json(&json).expect("a lead")
}

/// A site's database with an order and settings of its own, which its SQLite has open at no time between.
struct Site {
    _folder: TempDir,
    path: PathBuf,
}

impl Site {
    fn new(journal: &str) -> Site {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("site.db");
        let site = Site {
            _folder: folder,
            path,
        };
        site.open()
            .execute_batch(&format!(
                "pragma journal_mode = {journal}; pragma application_id = 17; pragma user_version = 42;
                 create table orders (id integer primary key, what text)"
            ))
            .expect("SQL");
        fs::set_permissions(&site.path, Permissions::from_mode(0o644)).expect("changes");
        site
    }

    fn open(&self) -> Connection {
        Connection::open(&self.path).expect("opens")
    }

    fn location(&self) -> String {
        format!("sqlite:{}?tables=site", self.path.display())
    }

    fn outbox(&self) -> Outbox {
        Outbox::open(self.location()).expect("an outbox")
    }

    fn pragma(&self, name: &str) -> String {
        let read = |row: &rusqlite::Row| {
            let value: rusqlite::types::Value = row.get(0)?;
            Ok(match value {
                rusqlite::types::Value::Text(text) => text,
                other => format!("{other:?}"),
            })
        };
        (self.open().pragma_query_value(None, name, read)).expect("a value")
    }
}

/// Executes them as a driver does that knows nothing of types.
fn execute(connection: &Connection, statements: &[Statement]) {
    for statement in statements {
        (connection.execute(statement.sql, params_from_iter(&statement.parameters)))
            .expect(statement.sql);
    }
}

fn within(connection: &Connection, email: &str, key: Option<&[u8]>) {
    let made = statements(Engine::Sqlite, &client(), &lead(email), key);
    execute(connection, &made.expect("statements"));
}

fn account_for(outbox: &Outbox, accepted: u64) -> Account {
    let account = Account::of(outbox).expect("an account");
    account.adds_up_to(accepted).expect("all leads");
    account
}

#[test]
fn drivers_need_but_exchange_the_placeholders() {
    for engine in ENGINES {
        let made = statements(engine, &client(), &lead("a@b.ru"), Some(b"?%:")).expect("made");
        for statement in &made {
            let places = statement.sql.matches('?').count();
            assert_eq!(places, statement.parameters.len(), "{}", statement.sql);
            assert!(!statement.sql.contains(['%', ':', '"', ';', '\\']));
            assert!(!format!("{statement:?}").contains("a%40b.ru"));
        }
        let everything = format!(
            "{:?}",
            made.iter().map(|one| &one.parameters).collect::<Vec<_>>()
        );
        assert!(everything.contains("a%40b.ru") && !everything.contains("secret"));
        assert!(!everything.contains("hash="), "it is signed");
    }
}

/// The rules are those of an outbox's own `add`.
#[test]
fn what_add_refuses_gives_no_statement() {
    let outbox = Outbox::open(":memory:").expect("an outbox");
    let (client, whole) = (client(), lead("a@b.ru"));
    let long = vec![b'a'; 257];
    for engine in ENGINES {
        for key in [&b""[..], b" ", b"\xff", b"a\0", &long] {
            let error = statements(engine, &client, &whole, Some(key)).expect_err("refused");
            let added = outbox.add(&client, &whole, Some(key)).expect_err("refused");
            assert_eq!(error.message(), added.message());
        }
        let empty = statements(engine, &client, &Lead::new(), None).expect_err("refused");
        assert_eq!(empty.kind(), ErrorKind::InvalidArgument);
    }
    assert!(Engine::named("pgsql").is_err_and(|error| error.message().contains("postgres")));
    account_for(&outbox, 0);
}

#[test]
fn an_order_and_its_lead_are_committed_together() {
    for journal in ["delete", "wal"] {
        let site = Site::new(journal);
        let outbox = site.outbox();
        let mut connection = site.open();
        let transaction = connection.transaction().expect("begins");
        (transaction.execute("insert into orders (what) values ('hat')", [])).expect("SQL");
        within(&transaction, "a@b.ru", Some(b"order 1"));
        transaction.commit().expect("commits");
        let transaction = connection.transaction().expect("begins");
        (transaction.execute("insert into orders (what) values ('shoe')", [])).expect("SQL");
        within(&transaction, "b@b.ru", Some(b"order 2"));
        transaction.rollback().expect("rolls back");
        drop(connection);
        let account = account_for(&outbox, 1);
        assert_eq!((account.rows[0].id, &*account.rows[0].key), (1, "order 1"));
        assert!(account.rows[0].age.as_secs() < 60 && account.rows[0].due_in.is_zero());
        let report = outbox
            .deliver(&client(), &Limits::default())
            .expect("a report");
        assert_eq!((report.later, report.delivered), (1, 0));
        let orders = "select count(*) from orders";
        let count: i64 = (site.open().query_row(orders, [], |row| row.get(0))).expect("a count");
        assert_eq!(count, 1);
        assert_eq!(site.pragma("application_id"), "Integer(17)");
        assert_eq!(site.pragma("user_version"), "Integer(42)");
        assert_eq!(site.pragma("journal_mode"), journal);
        let mode = fs::metadata(&site.path)
            .expect("is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o644);
        is_whole(&site.path).expect("whole");
    }
}

#[test]
fn a_key_waits_once_whoever_adds_it() {
    let site = Site::new("wal");
    let outbox = site.outbox();
    let by_outbox = outbox.add(&client(), &lead("a@b.ru"), None).expect("kept");
    let connection = site.open();
    within(&connection, "a@b.ru", None);
    within(&connection, "b@b.ru", Some(b"order"));
    within(&connection, "c@b.ru", Some(b"order"));
    drop(connection);
    assert!(
        outbox
            .add(&client(), &lead("d@b.ru"), Some(b"order"))
            .expect("kept")
            .was_there
    );
    let account = account_for(&outbox, 2);
    assert_eq!(
        (account.rows.len(), by_outbox.id, account.rows[1].id),
        (2, 1, 2)
    );
    // A number is not used again.
    outbox
        .drop(&Selection {
            ids: Some(vec![2]),
            ..Selection::default()
        })
        .expect("drops");
    within(&site.open(), "e@b.ru", None);
    assert_eq!(account_for(&outbox, 3).rows[1].id, 3);
}

/// The store's time goes on from the wall clock where the host was started anew.
#[test]
fn time_goes_on_after_a_restart_of_the_host() {
    let site = Site::new("wal");
    let outbox = site.outbox();
    (site.open().execute(
        "update justclick_store set boot = 'before', clock_offset = 0",
        [],
    ))
    .expect("SQL");
    within(&site.open(), "a@b.ru", None);
    let account = account_for(&outbox, 1);
    assert!(account.rows[0].age.as_secs() < 60 && account.rows[0].due_in.is_zero());
}

#[test]
fn where_the_site_has_it_open_nothing_of_ours_opens_it() {
    let site = Site::new("delete");
    let made = site.outbox();
    let connection = site.open();
    let outbox = site.outbox();
    let refused = |error: Error| {
        assert_eq!(error.kind(), ErrorKind::NotStored);
        assert!(error.message().contains("in this process"), "{error}");
        assert!(error.message().contains("add_within"), "{error}");
    };
    for outbox in [&outbox, &made] {
        refused(
            outbox
                .add(&client(), &lead("a@b.ru"), None)
                .expect_err("refused"),
        );
        refused(
            outbox
                .deliver(&client(), &Limits::default())
                .expect_err("refused"),
        );
        refused(outbox.status().expect_err("refused"));
    }
    let other = Outbox::open(":memory:").expect("an outbox");
    let path = site.path.as_os_str().as_encoded_bytes();
    let salvaged = other.salvage(path).expect_err("refused");
    assert!(salvaged.message().contains("close it"), "{salvaged}");
    account_for(&other, 0);
    let accident = Outbox::open(site.path.as_os_str().as_encoded_bytes());
    let message = accident.expect_err("refused").message().to_owned();
    assert!(
        message.contains("every user") || message.contains("in this process"),
        "{message}"
    );
    within(&connection, "a@b.ru", None);
    drop(connection);
    account_for(&outbox, 1);
    account_for(&made, 1);
}

#[test]
fn a_file_is_the_sites_or_an_outboxs_and_each_is_told() {
    let site = Site::new("delete");
    let outbox = site.outbox();
    fs::set_permissions(&site.path, Permissions::from_mode(0o600)).expect("changes");
    let refused = |location: &str, why: &str| {
        let error = Outbox::open(location).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::NotStored);
        assert!(error.message().contains(why), "{error}");
    };
    let path = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    refused(&path(&site.path), "?tables=site");
    let own = site.path.with_file_name("leads.db");
    drop(Outbox::open(path(&own)).expect("an outbox"));
    let as_site = |file: &Path| format!("sqlite:{}?tables=site", path(file));
    refused(&as_site(&own), "without ?tables=site");
    refused(&as_site(&own.with_file_name("none.db")), "no such file");
    refused(&as_site(&own.with_file_name("")), "a folder");
    let newer = "update justclick_site set version = 2";
    site.open().execute(newer, []).expect("SQL");
    let error = outbox.status().expect_err("refused");
    assert!(error.message().contains("version 2"), "{error}");
    let newer = "update justclick_site set version = 1";
    site.open().execute(newer, []).expect("SQL");
    account_for(&outbox, 0);
}

/// SQLite before 3.37 could read nothing of the site's where a table is strict.
#[test]
fn old_sqlite_reads_the_sites_file() {
    let site = Site::new("delete");
    let outbox = site.outbox();
    let sql = "select group_concat(sql) from sqlite_schema where name like 'justclick%'";
    let schema: String = site
        .open()
        .query_row(sql, [], |row| row.get(0))
        .expect("a schema");
    assert!(schema.contains("justclick_dead") && schema.contains("without rowid"));
    assert!(!schema.contains("strict"), "{schema}");
    account_for(&outbox, 0);
}
