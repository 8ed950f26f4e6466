//! The spool of an outbox in PostgreSQL.

use justclick::{ErrorKind, Outbox};

use super::postgres_server::Server;
use super::spool::{self, Database};

struct Postgres(Server);

impl Database for Postgres {
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

fn database() -> Postgres {
    let server = Server::start(&[]);
    server.database("leads");
    Postgres(server)
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
        "postgres://127.0.0.1/leads",
        "postgres://me@127.0.0.1:x/leads",
        "postgres://me@127.0.0.1/leads?nosuch=1",
        "postgres://me@127.0.0.1/leads?sslmode=require",
    ] {
        let error = Outbox::open(url).expect_err(url);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{url}");
    }
}
