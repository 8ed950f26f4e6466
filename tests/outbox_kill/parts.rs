//! The processes that are killed: one that keeps leads, and one that delivers them.

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use justclick::{ErrorKind, Outbox};

use crate::outbox_proof::clock;
use crate::outbox_proof::part;
use crate::outbox_proof::saboteur::{Sabotaged, Saboteur};
use crate::outbox_proof::service::{client, lead, limits};

/// How many leads a deliverer has on their way at once.
pub const IN_FLIGHT: u64 = 4;
/// How many leads wait at the most, so that those who keep leads do not run away.
const MOST_WAITING: &str = "400";
const PAUSE: Duration = Duration::from_millis(2);

pub fn producer_command(path: &Path, base_url: &str, name: &str) -> Command {
    let path = path.to_str().expect("UTF-8");
    let values = [("file", path), ("base_url", base_url), ("name", name)];
    part::command("parts::producer", &values)
}

pub fn deliverer_command(path: &Path, base_url: &str, saboteur: Saboteur) -> Command {
    let path = path.to_str().expect("UTF-8");
    let saboteur = format!("{saboteur:?}");
    let values = [
        ("file", path),
        ("base_url", base_url),
        ("saboteur", &saboteur),
    ];
    part::command("parts::deliverer", &values)
}

/// Keeps leads for ever, and tells the number and the address of each that is kept.
#[test]
fn producer() {
    let Some(asked) = part::asked("parts::producer") else {
        return;
    };
    let mut outbox = Outbox::with_store(clock::store(Path::new(&asked.value("file"))));
    outbox.set("busy_timeout_ms", "30000").expect("a setting");
    outbox.set("max_leads", MOST_WAITING).expect("a setting");
    let client = client(&asked.value("base_url"));
    for number in 0.. {
        let email = format!("{}-{number}@b.ru", asked.value("name"));
        let id = loop {
            match outbox.add(&client, &lead(&email), None) {
                Ok(kept) => break kept.id,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::NotStored, "{error}");
                    assert!(error.message().contains("max_leads"), "{error}");
                    thread::sleep(PAUSE);
                }
            }
        };
        part::tell(&format!("{id} {email}"));
    }
}

/// Delivers for ever.
#[test]
fn deliverer() {
    let Some(asked) = part::asked("parts::deliverer") else {
        return;
    };
    let store = clock::store(Path::new(&asked.value("file")));
    let saboteur = asked.value("saboteur").parse().expect("a saboteur");
    let outbox = Outbox::with_store(Sabotaged::new(store, saboteur));
    let client = client(&asked.value("base_url"));
    let some = limits(&format!(r#"{{"in_flight": {IN_FLIGHT}, "leads": 60}}"#));
    loop {
        let report = outbox.deliver(&client, &some).expect("a report");
        if report.delivered == 0 {
            thread::sleep(PAUSE);
        }
    }
}
