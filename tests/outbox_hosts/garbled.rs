//! A server whose answers are garbled: no call panics, and none hangs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use justclick::Error;
use justclick::Query;
use justclick::outbox::engine::EngineSettings;
use justclick::outbox::row::{Claim, Death, NewRow, Selection, Settlement};
use justclick::outbox::store::Store;

use crate::database_proxy::Proxy;
use crate::outbox_proof::chosen;
use crate::outbox_proof::place::{self, Place};
use crate::places::{Mariadb, Postgres};

const ROUNDS: u64 = 60;
const ACCOUNT: &str = "username https://username.justclick.ru";
const LEASE: Duration = Duration::from_secs(1);

fn row(key: String) -> NewRow {
    NewRow {
        account: ACCOUNT.into(),
        key,
        function: "AddLeadToGroup".into(),
        query: Query::from_json(r#"{"lead_email": "a@b.ru"}"#).expect("a query"),
    }
}

/// Each kind of call once, until one fails.
fn calls(location: &str, seed: u64) -> Result<(), Error> {
    let impatient = EngineSettings {
        busy_timeout: Duration::from_millis(300),
        ..EngineSettings::default()
    };
    let store: Box<dyn Store> = place::store_with(location, impatient)?;
    for number in 0..4 {
        store.add(&row(format!("{seed}-{number}")), 1_000_000)?;
    }
    let settlements = [
        Settlement::Delivered,
        Settlement::Dead(Death {
            reason: "refused".into(),
            code: 100,
            text: "no".into(),
        }),
        Settlement::Later {
            wait: Duration::ZERO,
            may_have_arrived: true,
            reason: "no answer".into(),
            circuit: Some(Duration::ZERO),
        },
        Settlement::Hold {
            pause: Duration::ZERO,
            reason: "the secret is wrong".into(),
        },
    ];
    for settlement in &settlements {
        if let Claim::Row(claimed) = store.claim(ACCOUNT, "secret", LEASE, None)? {
            store.settle(ACCOUNT, "secret", &claimed, settlement)?;
        }
    }
    store.failures(ACCOUNT)?;
    store.is_delivering(ACCOUNT)?;
    store.status()?;
    let some = Selection {
        limit: Some(10),
        ..Selection::default()
    };
    store.list(&some)?;
    store.retry(&some)?;
    Store::drop(&*store, &some)?;
    store.tidy(Some(Duration::ZERO))
}

fn nothing_panics(engine: &str, place: &dyn Place, way: &Proxy) {
    let location = place.location(0);
    calls(&location, u64::MAX).unwrap_or_else(|error| panic!("{engine}: {error}"));
    let mut failed = 0;
    for seed in 0..chosen("JUSTCLICK_GARBLED", ROUNDS) {
        way.garble(seed);
        let done = catch_unwind(AssertUnwindSafe(|| calls(&location, seed)));
        let done = done.unwrap_or_else(|_| panic!("{engine}: it panicked with the seed {seed}"));
        failed += u64::from(done.is_err());
    }
    assert!(failed > 0, "nothing was garbled");
}

#[test]
fn garbled_answers_of_postgresql_are_errors() {
    let postgres = Postgres::new();
    nothing_panics("PostgreSQL", &postgres, &postgres.ways[0]);
}

#[test]
fn garbled_answers_of_mariadb_are_errors() {
    let mariadb = Mariadb::new();
    nothing_panics("MariaDB", &mariadb, &mariadb.ways[0]);
}
