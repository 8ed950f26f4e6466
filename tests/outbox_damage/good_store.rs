//! A store with leads in every state, partly in the log, before it is damaged.

use std::path::Path;
use std::time::Duration;

use justclick::outbox::engine::{Durability, EngineSettings};
use justclick::outbox::row::{Claim, Selection};
use justclick::outbox::sqlite::SqliteStore;
use justclick::outbox::store::Store;
use justclick::{Client, Lead, Outbox};

use crate::outbox_proof::service::{lead, limits};
use crate::sandbox::{Behaviour, Sandbox};

const LEASE: Duration = Duration::from_secs(3600);

/// Nobody cuts the power here.
pub fn quick() -> EngineSettings {
    EngineSettings {
        durability: Durability::Crash,
        ..EngineSettings::default()
    }
}

pub fn make(path: &Path, client: &Client, service: &Sandbox) {
    let outbox = Outbox::with_store(open(path));
    let add = |lead: &Lead| {
        assert!(!outbox.add(client, lead, None).expect("is kept").was_there);
    };
    let deliver = |json: &str| outbox.deliver(client, &limits(json)).expect("a report");
    for number in 0..12 {
        add(&lead(&format!("first-{number}@b.ru")));
    }
    for number in 0..3 {
        add(&refused(&format!("refused-{number}@b.ru")));
    }
    assert_eq!(
        (deliver("{}").delivered, service.contacts().len()),
        (12, 12)
    );
    // A lead that is longer than a page, and others.
    let mut long = lead("long@b.ru");
    long.name("Долгое имя ".repeat(300)).expect("a name");
    add(&long);
    for number in 0..8 {
        add(&lead(&format!("second-{number}@b.ru")));
    }
    deliver(r#"{"leads": 1}"#);
    lease(path, 2);
    service.next(Behaviour::CloseWithoutAnswer);
    service.next(Behaviour::CloseWithoutAnswer);
    let report = deliver("{}");
    assert_eq!(report.later, 1, "{report:?}");
    // What comes from here on stands in the log.
    let other = Outbox::with_store(open(path));
    for number in 0..3 {
        let kept = other.add(client, &lead(&format!("third-{number}@b.ru")), None);
        assert!(!kept.expect("is kept").was_there);
    }
    let status = other.status().expect("a status");
    assert_eq!((status.leased, status.dead, status.delivered), (2, 3, 13));
}

fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path, quick()).expect("a store")
}

/// A lead for a group that is not there.
fn refused(email: &str) -> Lead {
    let mut lead = Lead::new();
    (lead.group("nowhere").and_then(|lead| lead.email(email))).expect("a lead");
    lead
}

/// Leaves some leads to a worker that never comes back.
fn lease(path: &Path, leads: usize) {
    let store = open(path);
    let row = store.list(&Selection::default()).expect("rows").remove(0);
    for _ in 0..leads {
        let claim = store.claim(&row.account, "secret", LEASE, None);
        assert!(matches!(claim, Ok(Claim::Row(_))), "{claim:?}");
    }
}
