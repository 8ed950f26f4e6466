//! The outbox: leads that are kept, and what becomes of them at delivery.
#![cfg(feature = "outbox")]

#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use justclick::outbox::row::{Selection, State};
use justclick::outbox::{Limits, Report};
use justclick::{Client, Disposition, Error, ErrorKind, Lead, Outbox};
use sandbox::{Behaviour, Options, Sandbox};

const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

fn sandbox() -> Sandbox {
    Sandbox::start(Options::demo()).expect("a sandbox")
}

fn client_with(base_url: &str, secret: &str) -> Client {
    let mut client = Client::new("username", secret).expect("a client");
    client.set("base_url", base_url).expect("a base URL");
    client
}

fn client(sandbox: &Sandbox) -> Client {
    client_with(&sandbox.base_url(), SECRET)
}

fn lead(group: &str, email: &str) -> Lead {
    let mut lead = Lead::new();
    (lead.group(group).and_then(|lead| lead.email(email))).expect("a lead");
    lead
}

fn limits(json: &str) -> Limits {
    Limits::from_json(json.as_bytes()).expect("limits")
}

/// An outbox that counts what it took, and holds at its end that nothing is missing.
struct Counted {
    outbox: Outbox,
    accepted: u64,
}

impl Counted {
    fn new() -> Counted {
        Counted {
            outbox: Outbox::open(":memory:").expect("an outbox"),
            accepted: 0,
        }
    }

    fn add(&mut self, client: &Client, lead: &Lead) {
        let kept = self.outbox.add(client, lead, None).expect("kept");
        self.accepted += u64::from(!kept.was_there);
    }

    fn deliver(&self, client: &Client, json: &str) -> Report {
        self.outbox
            .deliver(client, &limits(json))
            .expect("a report")
    }

    fn states(&self) -> (u64, u64, u64) {
        let status = self.outbox.status().expect("a status");
        assert_eq!(status.leased, 0);
        (status.waiting, status.dead, status.delivered)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let status = self.outbox.status().expect("a status");
        let there = status.waiting + status.leased + status.dead;
        assert_eq!(self.accepted, status.delivered + there + status.dropped);
    }
}

#[test]
fn what_is_kept_is_delivered_once_and_goes() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let mut kept = Counted::new();
    for number in 0..20 {
        kept.add(&client, &lead("super", &format!("{number}@b.ru")));
    }
    assert_eq!((kept.states(), sandbox.requests()), ((20, 0, 0), 0));
    let report = kept.deliver(&client, "{}");
    assert_eq!((report.delivered, report.held), (20, None));
    assert_eq!((kept.states(), sandbox.contacts().len()), ((0, 0, 20), 20));
    assert_eq!(kept.deliver(&client, "{}").delivered, 0);
    assert_eq!(sandbox.requests(), 20);
}

#[test]
fn a_lead_that_waits_is_kept_once_and_anew_when_it_was_delivered() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let outbox = Outbox::open(":memory:").expect("an outbox");
    let lead = lead("super", "a@b.ru");
    let first = outbox.add(&client, &lead, None).expect("kept");
    let again = outbox.add(&client, &lead, None).expect("kept");
    assert_eq!(
        (again.id, first.was_there, again.was_there),
        (first.id, false, true)
    );
    let order = outbox.add(&client, &lead, Some(b"order 17")).expect("kept");
    assert!(!order.was_there);
    let other = client_with("http://127.0.0.1:1", SECRET);
    assert!(!outbox.add(&other, &lead, None).expect("kept").was_there);
    let report = outbox.deliver(&client, &limits("{}")).expect("a report");
    // The order's lead found its contact in the group.
    assert_eq!((report.delivered, report.known), (2, 1));
    let anew = outbox.add(&client, &lead, None).expect("kept");
    assert!(!anew.was_there && anew.id > order.id);
    let report = outbox.deliver(&client, &limits("{}")).expect("a report");
    assert_eq!((report.delivered, report.known), (1, 1));
}

#[test]
fn a_refused_lead_is_dead_with_the_reason_and_the_others_go_on() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let mut kept = Counted::new();
    kept.add(&client, &lead("super", "a@b.ru"));
    kept.add(&client, &lead("no such group", "b@b.ru"));
    kept.add(&client, &lead("super", "c@b.ru"));
    let report = kept.deliver(&client, "{}");
    assert_eq!((report.delivered, report.dead), (2, 1));
    let dead = Selection {
        state: Some(State::Dead),
        ..Selection::default()
    };
    let rows = kept.outbox.list(&dead).expect("rows");
    assert_eq!((rows.len(), rows[0].code, rows[0].attempts), (1, 103, 1));
    assert!(rows[0].reason.contains("group"), "{rows:?}");
    assert_eq!(kept.outbox.retry(&dead).expect("a number"), 1);
    assert_eq!(kept.states(), (1, 0, 2));
    assert_eq!(kept.deliver(&client, "{}").dead, 1);
    assert_eq!(kept.outbox.drop(&dead).expect("a number"), 1);
    assert_eq!(kept.states(), (0, 0, 2));
    let error = kept
        .outbox
        .drop(&Selection::default())
        .expect_err("everything");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
}

#[test]
fn with_the_service_away_one_lead_is_tried_and_the_rest_waits_untouched() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let client = client_with(&url, SECRET);
    let mut kept = Counted::new();
    for number in 0..5 {
        kept.add(&client, &lead("super", &format!("{number}@b.ru")));
    }
    let report = kept.deliver(&client, "{}");
    assert_eq!((report.delivered, report.later), (0, 1));
    assert!(
        report
            .held
            .is_some_and(|reason| reason.contains("127.0.0.1"))
    );
    assert_eq!(report.held_by, Some(Disposition::Later));
    // The way rests, so the next run ends at once.
    let report = kept.deliver(&client, "{}");
    assert_eq!(
        (report.later, report.held_by),
        (0, Some(Disposition::Later))
    );
    let rows = kept.outbox.list(&Selection::default()).expect("rows");
    let attempts: u32 = rows.iter().map(|row| row.attempts).sum();
    assert_eq!((kept.states(), attempts), ((5, 0, 0), 1));
}

#[test]
fn a_wrong_secret_holds_the_account_until_it_is_right() {
    let sandbox = sandbox();
    let wrong = client_with(&sandbox.base_url(), "rotated");
    let mut kept = Counted::new();
    for number in 0..3 {
        kept.add(&wrong, &lead("super", &format!("{number}@b.ru")));
    }
    let report = kept.deliver(&wrong, "{}");
    assert!(report.held.is_some_and(|reason| reason.contains("secret")));
    assert_eq!(report.held_by, Some(Disposition::Hold));
    assert_eq!((report.delivered, sandbox.requests()), (0, 1));
    let report = kept.deliver(&wrong, "{}");
    assert_eq!(report.held_by, Some(Disposition::Hold));
    assert_eq!(sandbox.requests(), 1, "the account is held");
    let status = kept.outbox.status().expect("a status");
    assert!(
        status
            .accounts
            .iter()
            .any(|account| account.reason.contains("secret"))
    );
    let rows = kept.outbox.list(&Selection::default()).expect("rows");
    assert!(
        rows.iter().all(|row| row.attempts == 0),
        "nothing is wrong with the leads"
    );
    // The rows hold the unsigned query, so a mended secret needs no more than a next run.
    assert_eq!(kept.deliver(&client(&sandbox), "{}").delivered, 3);
}

#[test]
fn bad_leads_among_many_in_flight_stop_nobody() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let mut kept = Counted::new();
    for number in 0..70 {
        let group = if number % 7 == 0 { "nowhere" } else { "super" };
        kept.add(&client, &lead(group, &format!("{number}@b.ru")));
    }
    let report = kept.deliver(&client, r#"{"in_flight": 8}"#);
    assert_eq!((report.delivered, report.dead, report.later), (60, 10, 0));
    assert_eq!((report.held, sandbox.requests()), (None, 70));
    assert_eq!((kept.states(), sandbox.contacts().len()), ((0, 10, 60), 60));
}

#[test]
fn a_secret_that_changed_since_signs_what_was_kept() {
    const NEW: &str = "YYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYYY";
    let mut options = Options::demo();
    options.accounts[0].secret = NEW.to_owned();
    let sandbox = Sandbox::start(options).expect("a sandbox");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("leads.db");
    let mut kept = Counted {
        outbox: Outbox::open(path.to_str().expect("UTF-8")).expect("an outbox"),
        accepted: 0,
    };
    let (old, new) = (client(&sandbox), client_with(&sandbox.base_url(), NEW));
    for number in 0..3 {
        kept.add(&old, &lead("super", &format!("{number}@b.ru")));
    }
    assert!(kept.deliver(&old, "{}").held.is_some());
    for name in ["leads.db", "leads.db-wal"] {
        let bytes = std::fs::read(folder.path().join(name)).expect("reads");
        let holds =
            |secret: &str| (bytes.windows(secret.len())).any(|window| window == secret.as_bytes());
        assert!(!holds(SECRET) && !holds(NEW), "{name} holds a secret");
    }
    let report = kept.deliver(&new, "{}");
    assert_eq!((report.delivered, sandbox.contacts().len()), (3, 3));
}

#[test]
fn a_lost_answer_is_sent_again_and_ends_as_delivered() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let mut kept = Counted::new();
    kept.add(&client, &lead("super", "a@b.ru"));
    sandbox.next(Behaviour::ApplyThenClose);
    let report = kept.deliver(&client, "{}");
    assert_eq!((report.later, sandbox.contacts().len()), (1, 1));
    let row = &kept.outbox.list(&Selection::default()).expect("rows")[0];
    assert!(row.due_in > Duration::from_secs(10), "{row:?}");
    assert_eq!(row.state, State::Waiting);
}

#[test]
fn limits_are_kept() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let mut kept = Counted::new();
    for number in 0..10 {
        kept.add(&client, &lead("super", &format!("{number}@b.ru")));
    }
    assert_eq!(kept.deliver(&client, r#"{"leads": 3}"#).delivered, 3);
    let row = kept
        .outbox
        .list(&Selection::default())
        .expect("rows")
        .pop()
        .expect("a row");
    let one = kept.deliver(&client, &format!(r#"{{"id": {}}}"#, row.id));
    assert_eq!(one.delivered, 1);
    assert_eq!(kept.deliver(&client, r#"{"seconds": 0}"#).delivered, 0);
    assert_eq!(
        kept.deliver(&client, r#"{"in_flight": 4, "leads": 5}"#)
            .delivered,
        5
    );
    assert_eq!(kept.states(), (1, 0, 9));
}

/// A worker that finds nothing sees the leases of the others, which are over with the run.
#[test]
fn after_many_in_flight_nothing_is_due_where_nothing_waits() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let mut kept = Counted::new();
    for number in 0..20 {
        kept.add(&client, &lead("super", &format!("{number}@b.ru")));
        let report = kept.deliver(&client, r#"{"in_flight": 8}"#);
        assert_eq!((report.delivered, report.next_due), (1, None));
    }
}

#[test]
fn many_in_flight_keep_to_so_many_in_a_second() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let mut kept = Counted::new();
    for number in 0..11 {
        kept.add(&client, &lead("super", &format!("{number}@b.ru")));
    }
    let began = Instant::now();
    let report = kept.deliver(&client, r#"{"in_flight": 4, "per_second": 20}"#);
    let taken = began.elapsed();
    assert_eq!(report.delivered, 11);
    assert!(taken >= Duration::from_millis(500), "{taken:?}");
}

#[test]
fn many_in_flight_wait_for_the_service_together() {
    const LEADS: usize = 200;
    let sandbox = sandbox();
    let client = client(&sandbox);
    let mut kept = Counted::new();
    for number in 0..LEADS {
        kept.add(&client, &lead("super", &format!("{number}@b.ru")));
        sandbox.next(Behaviour::Slow(Duration::from_millis(30)));
    }
    let started = Instant::now();
    let report = kept.deliver(&client, r#"{"in_flight": 32}"#);
    assert_eq!(report.delivered, LEADS as u64);
    assert_eq!(sandbox.contacts().len(), LEADS);
    // One after the other they take six seconds.
    assert!(
        started.elapsed() < Duration::from_secs(3),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn who_delivers_alone_leaves_leads_to_the_one_at_work() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let mut kept = Counted::new();
    kept.add(&client, &lead("super", "1@b.ru"));
    sandbox.next(Behaviour::Slow(Duration::from_secs(2)));
    std::thread::scope(|scope| {
        let at_work = scope.spawn(|| kept.outbox.deliver(&client, &limits("{}")));
        let end = Instant::now() + Duration::from_secs(30);
        while kept.outbox.status().expect("a status").leased == 0 {
            assert!(Instant::now() < end, "nothing is on its way");
        }
        let late = lead("super", "2@b.ru");
        kept.outbox.add(&client, &late, None).expect("kept");
        let report = kept.deliver(&client, r#"{"alone": true}"#);
        assert_eq!(report, Report::default());
        let report = at_work.join().expect("a run").expect("a report");
        assert_eq!(report.delivered, 2, "the one at work has both");
    });
    kept.accepted += 1;
    kept.add(&client, &lead("super", "3@b.ru"));
    assert_eq!(kept.deliver(&client, r#"{"alone": true}"#).delivered, 1);
}

fn too_many() -> Behaviour {
    Behaviour::Answer {
        status: 429,
        headers: Vec::new(),
        body: Vec::new(),
        delay: Duration::ZERO,
    }
}

#[test]
fn a_service_with_too_much_to_do_is_sent_less_and_not_left_alone() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let mut kept = Counted::new();
    for number in 0..40 {
        kept.add(&client, &lead("super", &format!("{number}@b.ru")));
    }
    sandbox.next(too_many());
    let report = kept.deliver(&client, r#"{"in_flight": 4}"#);
    assert_eq!((report.delivered, report.later), (39, 1));
    assert_eq!(report.held, None);
    assert!(
        report
            .next_due
            .is_some_and(|next| next > Duration::from_secs(10))
    );
    // One after the other leaves nothing to be narrowed.
    kept.add(&client, &lead("super", "a@b.ru"));
    kept.add(&client, &lead("super", "b@b.ru"));
    sandbox.next(too_many());
    let report = kept.deliver(&client, "{}");
    assert_eq!((report.delivered, report.later), (0, 1));
    assert!(report.held.is_some_and(|reason| reason.contains("429")));
}

#[test]
fn a_run_that_is_interrupted_ends_at_once_on_all_threads() {
    static HAS_COME: AtomicBool = AtomicBool::new(false);
    const LONG: Duration = Duration::from_secs(60);
    let sandbox = sandbox();
    let mut client = client(&sandbox);
    for setting in ["attempt_timeout_ms", "timeout_ms"] {
        client.set(setting, "120000").expect("a setting");
    }
    client.set_interrupt(Some(|| HAS_COME.load(Ordering::SeqCst)));
    let mut kept = Counted::new();
    for number in 0..10 {
        kept.add(&client, &lead("super", &format!("{number}@b.ru")));
        sandbox.next(Behaviour::Slow(LONG));
    }
    let started = Instant::now();
    let report = thread::scope(|scope| {
        scope.spawn(|| {
            while sandbox.requests() < 4 {
                thread::yield_now();
            }
            HAS_COME.store(true, Ordering::SeqCst);
        });
        kept.deliver(&client, r#"{"in_flight": 4}"#)
    });
    assert!(started.elapsed() < LONG / 2, "{:?}", started.elapsed());
    assert_eq!((report.delivered, report.later, report.held), (0, 4, None));
    // Nothing was wrong with the way: they are due at once.
    let rows = kept.outbox.list(&Selection::default()).expect("rows");
    assert!(rows.iter().all(|row| row.due_in.is_zero()), "{rows:?}");
    assert!(kept.outbox.status().expect("a status").accounts.is_empty());
}

#[test]
fn what_cannot_be_kept_is_refused_before() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let outbox = Outbox::open(":memory:").expect("an outbox");
    let kind = |result: Result<_, Error>| result.map(drop).expect_err("refused").kind();
    assert_eq!(
        kind(outbox.add(&client, &Lead::new(), None)),
        ErrorKind::InvalidArgument
    );
    let whole = lead("super", "a@b.ru");
    assert_eq!(
        kind(outbox.add(&client, &whole, Some(b" "))),
        ErrorKind::InvalidArgument
    );
    assert_eq!(
        kind(outbox.add(&client, &whole, Some(&[b'k'; 300]))),
        ErrorKind::InvalidArgument
    );
    for location in ["postgres://host/db", "mysql://host/db"] {
        assert!(Outbox::open(location).is_err(), "{location}");
    }
    for location in ["", " ", "sqlite:"] {
        let refused = Outbox::open(location).expect_err("refused").kind();
        assert_eq!(refused, ErrorKind::InvalidArgument, "{location}");
    }
    let mut full = Outbox::open(":memory:").expect("an outbox");
    full.set("max_leads", "2").expect("a limit");
    full.add(&client, &lead("super", "1@b.ru"), None)
        .expect("kept");
    full.add(&client, &lead("super", "2@b.ru"), None)
        .expect("kept");
    assert_eq!(
        kind(full.add(&client, &lead("super", "3@b.ru"), None)),
        ErrorKind::NotStored
    );
    assert_eq!(full.status().expect("a status").waiting, 2);
}
