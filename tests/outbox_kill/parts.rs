//! The processes that are killed: one that keeps leads, and one that delivers them.

use std::process::Command;
use std::thread;
use std::time::Duration;

use justclick::{Error, ErrorKind, Outbox};

use crate::outbox_proof::part;
use crate::outbox_proof::place;
use crate::outbox_proof::saboteur::{Sabotaged, Saboteur};
use crate::outbox_proof::service::{client, lead, limits};

/// How many leads a deliverer has on their way at once.
pub const IN_FLIGHT: u64 = 4;
/// How many leads wait at the most, so that those who keep leads do not run away.
const MOST_WAITING: &str = "400";
const PAUSE: Duration = Duration::from_millis(2);

pub fn producer_command(location: &str, base_url: &str, name: &str) -> Command {
    let values = [
        ("location", location),
        ("base_url", base_url),
        ("name", name),
    ];
    part::command("parts::producer", &values)
}

pub fn deliverer_command(location: &str, base_url: &str, saboteur: Saboteur) -> Command {
    let saboteur = format!("{saboteur:?}");
    let values = [
        ("location", location),
        ("base_url", base_url),
        ("saboteur", &saboteur),
    ];
    part::command("parts::deliverer", &values)
}

/// Keeps leads for ever. Tells the number and the address of each that is kept, and `doubt` where it
/// does not know whether one is.
#[test]
fn producer() {
    let Some(asked) = part::asked("parts::producer") else {
        return;
    };
    let location = asked.value("location");
    let store = place::store_at_last(&location);
    let mut outbox = Outbox::with_store(Sabotaged::of(store, Saboteur::Nobody));
    outbox.set("max_leads", MOST_WAITING).expect("a setting");
    (outbox.set("busy_timeout_ms", place::patience_ms(&location))).expect("a setting");
    let client = client(&asked.value("base_url"));
    for number in 0.. {
        let email = format!("{}-{number}@b.ru", asked.value("name"));
        let id = loop {
            match outbox.add(&client, &lead(&email), None) {
                Ok(kept) => break kept.id,
                Err(error) if error.message().contains("max_leads") => {}
                Err(error) => {
                    assert_is_away(&error, &location);
                    part::tell("doubt");
                }
            }
            thread::sleep(PAUSE);
        };
        part::tell(&format!("{id} {email}"));
    }
}

/// Delivers for ever. Tells how many leads others had taken over meanwhile.
#[test]
fn deliverer() {
    let Some(asked) = part::asked("parts::deliverer") else {
        return;
    };
    let location = asked.value("location");
    let saboteur = asked.value("saboteur").parse().expect("a saboteur");
    let outbox = Outbox::with_store(Sabotaged::of(place::store_at_last(&location), saboteur));
    let client = client(&asked.value("base_url"));
    let some = limits(&format!(r#"{{"in_flight": {IN_FLIGHT}, "leads": 60}}"#));
    let mut is_away = false;
    loop {
        let delivered = match outbox.deliver(&client, &some) {
            Ok(report) => {
                is_away = false;
                if report.overtaken > 0 {
                    part::tell(&format!("overtaken {}", report.overtaken));
                }
                report.delivered
            }
            Err(error) => {
                assert_is_away(&error, &location);
                // What it had on its way is sent, and nobody could say so to the store.
                if !std::mem::replace(&mut is_away, true) {
                    part::tell(&format!("unsettled {IN_FLIGHT}"));
                }
                0
            }
        };
        if delivered == 0 {
            thread::sleep(PAUSE);
        }
    }
}

fn assert_is_away(error: &Error, location: &str) {
    assert!(place::can_be_away(location), "{error}");
    assert_eq!(error.kind(), ErrorKind::NotStored, "{error}");
}
