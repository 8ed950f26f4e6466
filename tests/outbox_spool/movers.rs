//! Those who move the spool's leads: killed in the middle, and several side by side.

use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use justclick::Outbox;

use super::Site;
use super::outbox_proof::part::{self, Part};
use super::outbox_proof::service::{client, limits};
use super::store::{Shared, State};

const LEADS: u64 = 60;
const PATIENCE: Duration = Duration::from_secs(120);

fn command(site: &Site, part: &str) -> std::process::Command {
    let folder = site.folder.path().to_str().expect("UTF-8");
    let base_url = site.service.base_url();
    part::command(part, &[("folder", folder), ("base_url", &base_url)])
}

fn outbox(asked: &part::Asked, state: &std::sync::Arc<State>) -> Outbox {
    let folder = asked.value("folder");
    let shared = Shared::open(format!("{folder}/shared.db").as_ref(), state);
    let mut outbox = Outbox::with_store(shared);
    // A mover that died is waited for by this.
    outbox.set("busy_timeout_ms", "1000").expect("a setting");
    (outbox.set("spool", format!("{folder}/spool.db"))).expect("a setting");
    outbox
}

fn away_with_leads() -> Site {
    let site = Site::new();
    site.state.leave();
    for number in 0..LEADS {
        assert_eq!(site.add(&number.to_string()).id, 0);
    }
    site.state.come_back();
    site
}

/// The store has the lead, and the spool has it still.
#[test]
fn a_mover_that_dies_in_the_middle_loses_nothing() {
    let site = away_with_leads();
    let (status, _) = Part::start(command(&site, "movers::dying")).end();
    assert!(!status.success());
    let status = site.outbox.status().expect("a status");
    assert_eq!(
        (status.waiting, status.spooled),
        (10, LEADS - 9),
        "one is in both"
    );
    let began = Instant::now();
    while site.outbox.status().expect("a status").spooled > 0 {
        site.deliver();
        assert!(began.elapsed() < PATIENCE, "it stays in the spool");
        std::thread::sleep(Duration::from_millis(100));
    }
    // The lead that was in both was delivered before it was moved again, if the run came to it first.
    let again = site.service.requests() as u64 - LEADS;
    assert!(again <= 1, "{again} leads were sent again");
    let status = site.outbox.status().expect("a status");
    assert_eq!((status.delivered, status.waiting), (LEADS + again, 0));
    assert_eq!(site.contacts().len() as u64, LEADS);
}

#[test]
fn dying() {
    let Some(asked) = part::asked("movers::dying") else {
        return;
    };
    let state = State::new();
    state.dies_after.store(10, SeqCst);
    let outbox = outbox(&asked, &state);
    let _ = outbox.deliver(&client(&asked.value("base_url")), &limits("{}"));
}

#[test]
fn movers_side_by_side_move_each_lead_once() {
    let site = away_with_leads();
    let movers: Vec<Part> = (0..4)
        .map(|_| Part::start(command(&site, "movers::mover")))
        .collect();
    let moved: Vec<String> = movers.into_iter().flat_map(Part::success).collect();
    let sum: u64 = (moved.iter())
        .map(|number| number.parse::<u64>().expect("a number"))
        .sum();
    assert_eq!(sum, LEADS, "{moved:?}");
    site.deliver();
    assert_eq!(site.service.requests() as u64, LEADS);
    site.adds_up_to(LEADS);
}

#[test]
fn mover() {
    let Some(asked) = part::asked("movers::mover") else {
        return;
    };
    let mut outbox = outbox(&asked, &State::new());
    outbox.set("busy_timeout_ms", "30000").expect("a setting");
    let some = limits(r#"{"leads": 1}"#);
    let report = outbox.deliver(&client(&asked.value("base_url")), &some);
    let report = report.expect("a report");
    assert_eq!(report.unmoved, None);
    part::tell(&report.moved.to_string());
}
