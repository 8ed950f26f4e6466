//! A deliverer in the middle of a request, and what becomes of its lead.

use std::thread;
use std::time::{Duration, Instant};

use justclick::{Client, Outbox};
use nix::sys::signal::Signal;

use crate::outbox_proof::account::Account;
use crate::outbox_proof::part::{self, Part};
use crate::outbox_proof::place::{self, Place};
use crate::outbox_proof::saboteur::{Sabotaged, Saboteur};
use crate::outbox_proof::service::{self, client, lead, limits};
use crate::sandbox::{Behaviour, Sandbox};

/// How long the service takes, so that a worker is in the middle of its request for sure.
pub const SLOW: Duration = Duration::from_secs(2);
/// After so long a worker gives up, whether or not it ran meanwhile.
const TIMEOUT_MS: &str = "3000";
const USUAL_TIMEOUT_MS: &str = "5000";
const MINUTE: Duration = Duration::from_secs(60);
const PATIENCE: Duration = Duration::from_secs(120);

/// Delivers what is due, and tells what it did: delivered, later, overtaken.
#[test]
fn deliverer() {
    let Some(asked) = part::asked("scene::deliverer") else {
        return;
    };
    let store = place::store(&asked.value("location")).expect("a store");
    let saboteur = asked.value("saboteur").parse().expect("a saboteur");
    let outbox = Outbox::with_store(Sabotaged::of(store, saboteur));
    let mut client = client(&asked.value("base_url"));
    (client.set("attempt_timeout_ms", asked.value("timeout_ms"))).expect("a time-out");
    let report = outbox.deliver(&client, &limits("{}")).expect("a report");
    let (delivered, later) = (report.delivered, report.later);
    part::tell(&format!("{delivered} {later} {}", report.overtaken));
}

/// An outbox with one lead.
pub struct Scene<'a> {
    place: &'a dyn Place,
    service: Sandbox,
    client: Client,
    outbox: Outbox,
}

impl Scene<'_> {
    pub fn new(place: &dyn Place) -> Scene<'_> {
        let service = service::sandbox();
        let store = place::store(&place.location(0)).expect("a store");
        let scene = Scene {
            place,
            client: client(&service.base_url()),
            outbox: Outbox::with_store(Sabotaged::of(store, Saboteur::Nobody)),
            service,
        };
        let kept = (scene.outbox).add(&scene.client, &lead("a@b.ru"), None);
        assert!(!kept.expect("kept").was_there);
        scene
    }

    fn start(&self, saboteur: Saboteur, timeout_ms: &str) -> Part {
        let saboteur = format!("{saboteur:?}");
        Part::start(part::command(
            "scene::deliverer",
            &[
                ("location", &self.place.location(1)),
                ("base_url", &self.service.base_url()),
                ("saboteur", &saboteur),
                ("timeout_ms", timeout_ms),
            ],
        ))
    }

    fn wait_for_requests(&self, number: usize) {
        let began = Instant::now();
        while self.service.requests() < number {
            assert!(began.elapsed() < PATIENCE, "no request came");
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn delivered(&self) -> u64 {
        let report = self.outbox.deliver(&self.client, &limits("{}"));
        report.expect("a report").delivered
    }

    /// A worker with the lead, stopped in the middle of its request.
    fn stopped(&self, saboteur: Saboteur, timeout_ms: &str) -> Part {
        let worker = self.start(saboteur, timeout_ms);
        self.wait_for_requests(1);
        worker.signal(Signal::SIGSTOP);
        worker.is_stopped();
        worker
    }

    /// Nobody has the lead while the lease lasts, and whoever comes afterwards.
    fn pass_lease(&self) {
        let status = self.outbox.status().expect("a status");
        let lease = status.next_due.expect("the end of the lease");
        assert!(lease > MINUTE, "{lease:?}");
        self.place.pass(lease - MINUTE);
        assert_eq!((self.delivered(), self.service.requests()), (0, 1));
        self.place.pass(MINUTE);
    }

    /// The lead is delivered and counted once, and the account is not paused.
    fn is_delivered_once(&self) -> Result<(), String> {
        let account = Account::of(&self.outbox)?;
        account.adds_up_to(1)?;
        let status = account.status;
        if status.delivered != 1 || !status.accounts.is_empty() {
            return Err(format!("it is delivered, but {status:?}"));
        }
        let contacts = self.service.contacts().len();
        (contacts == 1 && self.service.requests() == 2)
            .then_some(())
            .ok_or_else(|| format!("the service has {contacts} contacts"))
    }
}

pub fn who_wakes_after_another_delivered_changes_nothing(place: &dyn Place) {
    let scene = Scene::new(place);
    scene.service.next(Behaviour::Slow(SLOW));
    let first = scene.stopped(Saboteur::Nobody, "60000");
    scene.pass_lease();
    assert_eq!(scene.delivered(), 1);
    first.signal(Signal::SIGCONT);
    assert_eq!(first.success(), ["0 0 1"]);
    scene.is_delivered_once().expect("delivered once");
}

/// The first worker wakes while another has the lead.
pub fn wakes_while_another_delivers(
    place: &dyn Place,
    first: &Behaviour,
    saboteur: Saboteur,
) -> Result<(), String> {
    let scene = Scene::new(place);
    scene.service.next(first.clone());
    scene.service.next(Behaviour::Slow(2 * SLOW));
    let first = scene.stopped(saboteur, TIMEOUT_MS);
    scene.pass_lease();
    let second = scene.start(Saboteur::Nobody, "60000");
    scene.wait_for_requests(2);
    first.signal(Signal::SIGCONT);
    let told = (first.success(), second.success());
    if told != (vec!["0 0 1".to_owned()], vec!["1 0 0".to_owned()]) {
        return Err(format!("delivered, later, overtaken: {told:?}"));
    }
    scene.is_delivered_once()
}

/// The first worker's request fails meanwhile, or succeeds.
pub const ENDS: [Behaviour; 2] = [Behaviour::TrickleForever, Behaviour::Slow(SLOW)];

/// Another takes the lead of a killed worker over, once two minutes are over.
pub fn who_is_killed_is_followed(place: &dyn Place) {
    let scene = Scene::new(place);
    scene.service.next(Behaviour::Slow(SLOW));
    let killed = scene.start(Saboteur::Nobody, USUAL_TIMEOUT_MS);
    scene.wait_for_requests(1);
    assert!(killed.kill().is_empty());
    let lease = scene.outbox.status().expect("a status").next_due;
    assert!(lease.is_some_and(|lease| lease <= 2 * MINUTE), "{lease:?}");
    scene.pass_lease();
    assert_eq!(scene.delivered(), 1);
    scene.is_delivered_once().expect("delivered once");
}
