//! The spool of an outbox in MariaDB.

use justclick::{ErrorKind, Outbox};

use super::mysql_server::Server;
use super::outbox_proof::service::{client, lead, limits, sandbox};
use super::spool::{self, Database};

struct Mysql(Server);

impl Database for Mysql {
    fn url(&self) -> String {
        self.0.url("leads")
    }

    fn crash(&mut self) {
        self.0.crash();
    }

    fn restart(&mut self) {
        self.0.restart();
    }

    fn freeze(&self) {
        self.0.freeze();
    }

    fn thaw(&self) {
        self.0.thaw();
    }
}

fn database() -> Mysql {
    let server = Server::start(&[]);
    server.database("leads");
    Mysql(server)
}

#[test]
fn a_database_that_is_away_keeps_nobody_from_adding() {
    spool::a_database_that_is_away_keeps_nobody_from_adding(&mut database());
}

#[test]
fn a_database_that_stands_still_is_waited_for_once() {
    spool::a_database_that_stands_still_is_waited_for_once(&mut database());
}

#[test]
fn a_database_that_is_killed_again_and_again_loses_nothing() {
    spool::a_database_that_is_killed_again_and_again_loses_nothing(&mut database());
}

#[test]
fn a_url_that_cannot_be_is_refused_at_once() {
    for url in [
        "mysql://127.0.0.1/leads",
        "mysql://me@127.0.0.1:x/leads",
        "mysql://me@127.0.0.1",
        "mysql://me@127.0.0.1/leads?nosuch=1",
        "mysql://me@127.0.0.1/leads?ssl_mode=required",
    ] {
        let error = Outbox::open(url).expect_err(url);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{url}");
    }
}

/// The database refuses one lead for good: it is in no other's way, and told of at each run.
#[test]
fn a_lead_that_is_too_large_for_the_database_stays_in_the_spool() {
    let mut database = database();
    database.crash();
    let folder = tempfile::tempdir().expect("a folder");
    let service = sandbox();
    let client = client(&service.base_url());
    let path = "x".repeat(2800);
    let far = super::outbox_proof::service::client(&format!("{}/{path}", service.base_url()));
    let mut outbox = Outbox::open(database.url()).expect("an outbox");
    let spool = folder.path().join("spool.db");
    (outbox.set("spool", spool.to_str().expect("UTF-8"))).expect("a setting");
    outbox.set("busy_timeout_ms", "20000").expect("a setting");
    for (client, name) in [(&far, "a"), (&client, "b"), (&far, "c"), (&client, "d")] {
        let kept = outbox.add(client, &lead(&format!("{name}@b.ru")), None);
        assert_eq!(kept.expect("is kept").id, 0);
    }
    database.restart();
    for (moved, delivered) in [(2, 2), (0, 0)] {
        let report = outbox.deliver(&client, &limits("{}")).expect("a report");
        assert_eq!((report.moved, report.delivered), (moved, delivered));
        let why = report.unmoved.as_deref().unwrap_or_default();
        assert!(why.contains("at most 2800"), "{why}");
    }
    let status = outbox.status().expect("a status");
    assert_eq!(
        (status.delivered, status.spooled, status.waiting),
        (2, 2, 0)
    );
    let error = (outbox.add(&far, &lead("e@b.ru"), None)).expect_err("it is there");
    assert!(error.message().contains("at most 2800"), "{error}");
    assert_eq!(outbox.status().expect("a status").spooled, 2);
}
