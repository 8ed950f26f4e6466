//! A site that outgrows its file takes its leads into a database: by `salvage`, which reads the file.

use std::collections::HashSet;

use justclick::Outbox;
use justclick::outbox::row::Salvaged;

use crate::outbox_proof::service::{client, lead, limits, sandbox};

/// Of 30 leads one is delivered before, and one is dead.
pub fn a_file_moves_into_a_database(url: &str) {
    let (folder, service) = (tempfile::tempdir().expect("a folder"), sandbox());
    let client = client(&service.base_url());
    let path = folder.path().join("leads.db");
    let path = path.to_str().expect("UTF-8");
    let file = Outbox::open(path).expect("an outbox");
    let add = |outbox: &Outbox, number: u64| {
        let mut lead = lead(&format!("{number}@b.ru"));
        if number == 1 {
            lead.group("no such group").expect("a lead");
        }
        outbox.add(&client, &lead, None).expect("is kept").was_there
    };
    for number in 0..30 {
        assert!(!add(&file, number));
    }
    let two = limits(r#"{"leads": 2}"#);
    let report = file.deliver(&client, &two).expect("a report");
    assert_eq!((report.delivered, report.dead), (1, 1));
    drop(file);
    let mut database = Outbox::open(url).expect("an outbox");
    (database.set("busy_timeout_ms", "20000")).expect("a setting");
    // A lead that is added meanwhile waits once.
    assert!(!add(&database, 7));
    for _ in 0..2 {
        let salvaged = database.salvage(path).expect("is salvaged");
        assert_eq!(salvaged, Salvaged { leads: 29, lost: 0 });
        let status = database.status().expect("a status");
        assert_eq!((status.waiting, status.dead), (29, 0), "{status:?}");
    }
    let report = database.deliver(&client, &limits("{}")).expect("a report");
    assert_eq!((report.delivered, report.dead, report.repeated), (28, 1, 0));
    let status = database.status().expect("a status");
    assert_eq!((status.delivered, status.dead, status.waiting), (28, 1, 0));
    let contacts = service.contacts();
    let contacts: HashSet<&str> = (contacts.iter())
        .map(|contact| contact.email.as_str())
        .collect();
    assert_eq!(contacts.len(), 29);
}
