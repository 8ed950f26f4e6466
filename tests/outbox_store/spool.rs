//! An outbox in a database whose server is killed, stands still and starts again, with a spool.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use justclick::outbox::row::{Selection, Status};
use justclick::{Client, ErrorKind, Outbox};

use crate::outbox_proof::service::{client, lead, limits, sandbox};
use crate::sandbox::Sandbox;

/// A call ends long before this, however busy the machine is.
const AT_LAST: Duration = Duration::from_secs(60);

/// A real server.
pub trait Database {
    fn url(&self) -> String;
    fn crash(&mut self);
    fn restart(&mut self);
    fn freeze(&self);
    fn thaw(&self);
}

/// A site with an outbox in the database, and a spool beside it.
struct Site {
    folder: tempfile::TempDir,
    service: Sandbox,
    client: Client,
}

impl Site {
    fn new() -> Site {
        let service = sandbox();
        Site {
            folder: tempfile::tempdir().expect("a folder"),
            client: client(&service.base_url()),
            service,
        }
    }

    fn open(&self, url: &str, busy_timeout_ms: &str) -> Outbox {
        let mut outbox = Outbox::open(url).expect("opening asks nothing of the network");
        let spool = self.folder.path().join("spool.db");
        (outbox.set("spool", spool.to_str().expect("UTF-8"))).expect("a setting");
        (outbox.set("busy_timeout_ms", busy_timeout_ms)).expect("a setting");
        outbox
    }

    fn add(&self, outbox: &Outbox, name: &str) -> i64 {
        let lead = lead(&format!("{name}@b.ru"));
        let kept = outbox.add(&self.client, &lead, None).expect("is kept");
        kept.id
    }

    fn deliver(&self, outbox: &Outbox) -> u64 {
        let report = outbox.deliver(&self.client, &limits("{}"));
        let report = report.expect("a report");
        assert_eq!(report.unmoved, None);
        report.moved
    }

    /// Each of so many leads was delivered, and once.
    fn has_all(&self, outbox: &Outbox, accepted: u64) {
        let status = outbox.status().expect("a status");
        let counts = |status: &Status| {
            let rest = status.waiting + status.leased + status.dead + status.spooled;
            (status.delivered, rest + status.dropped)
        };
        assert_eq!(counts(&status), (accepted, 0), "{status:?}");
        let contacts = self.service.contacts();
        let contacts: HashSet<&str> = (contacts.iter())
            .map(|contact| contact.email.as_str())
            .collect();
        assert_eq!(contacts.len() as u64, accepted);
        assert_eq!(
            self.service.requests() as u64,
            accepted,
            "one was sent twice"
        );
    }
}

fn in_time<T>(action: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = action();
    assert!(began.elapsed() < AT_LAST, "it took {:?}", began.elapsed());
    done
}

/// Tells the other threads of a test to end, whichever way this one does.
struct Ended<'a>(&'a AtomicBool);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

/// It is killed before anybody opens the outbox.
pub fn a_database_that_is_away_keeps_nobody_from_adding(database: &mut impl Database) {
    let site = Site::new();
    database.crash();
    let outbox = site.open(&database.url(), "20000");
    let alone = Outbox::open(database.url()).expect("opening asks nothing of the network");
    let refused = in_time(|| alone.add(&site.client, &lead("alone@b.ru"), None));
    let error = refused.expect_err("there is no spool");
    assert_eq!(error.kind(), ErrorKind::NotStored);
    for number in 0..20 {
        assert_eq!(in_time(|| site.add(&outbox, &number.to_string())), 0);
    }
    let error = outbox.status().expect_err("it is away");
    assert!(
        error.message().contains("20 leads wait in the spool"),
        "{error}"
    );
    database.restart();
    assert_eq!(outbox.status().expect("a status").spooled, 20);
    assert_eq!(site.deliver(&outbox), 20);
    assert!(site.add(&outbox, "afterwards") > 0);
    assert_eq!(site.deliver(&outbox), 0);
    site.has_all(&outbox, 21);
}

/// What it was asked before it stood still, it does when it goes on: the lead is in both then.
pub fn a_database_that_stands_still_is_waited_for_once(database: &mut impl Database) {
    let site = Site::new();
    let outbox = site.open(&database.url(), "20000");
    assert!(site.add(&outbox, "before") > 0);
    let outbox = site.open(&database.url(), "1500");
    outbox.status().expect("it is connected");
    database.freeze();
    let began = Instant::now();
    for number in 0..200 {
        assert_eq!(site.add(&outbox, &number.to_string()), 0);
    }
    // To wait for each would take five minutes.
    assert!(began.elapsed() < AT_LAST, "it took {:?}", began.elapsed());
    database.thaw();
    let outbox = site.open(&database.url(), "20000");
    assert_eq!(outbox.status().expect("a status").spooled, 200);
    assert_eq!(site.deliver(&outbox), 200);
    site.has_all(&outbox, 201);
}

/// Threads add and one delivers all the time, while the server is killed and starts again.
pub fn a_database_that_is_killed_again_and_again_loses_nothing(database: &mut impl Database) {
    let site = Site::new();
    site.add(&site.open(&database.url(), "20000"), "first");
    let (ends, added) = (AtomicBool::new(false), AtomicU64::new(1));
    thread::scope(|scope| {
        for thread in 0..3 {
            let (site, ends, added, url) = (&site, &ends, &added, database.url());
            scope.spawn(move || {
                let outbox = site.open(&url, "20000");
                for number in 0.. {
                    site.add(&outbox, &format!("{thread}-{number}"));
                    added.fetch_add(1, SeqCst);
                    thread::sleep(Duration::from_millis(5));
                    if ends.load(SeqCst) {
                        return;
                    }
                }
            });
        }
        let (site, ends, url) = (&site, &ends, database.url());
        scope.spawn(move || {
            let outbox = site.open(&url, "20000");
            while !ends.load(SeqCst) {
                if let Err(error) = outbox.deliver(&site.client, &limits(r#"{"seconds": 1}"#)) {
                    assert_eq!(error.kind(), ErrorKind::NotStored, "{error}");
                }
            }
        });
        let _ended = Ended(ends);
        for _ in 0..3 {
            database.crash();
            let (before, began) = (added.load(SeqCst), Instant::now());
            while added.load(SeqCst) < before + 30 {
                assert!(began.elapsed() < AT_LAST, "hardly a lead is added");
                thread::yield_now();
            }
            database.restart();
        }
    });
    let outbox = site.open(&database.url(), "20000");
    let began = Instant::now();
    // Leads that were on their way at a kill wait for the end of their lease, which is not waited for.
    while outbox.status().expect("a status").spooled > 0 {
        site.deliver(&outbox);
        assert!(began.elapsed() < AT_LAST, "leads stay in the spool");
    }
    let status = outbox.status().expect("a status");
    let contacts = site.service.contacts();
    let contacts: HashSet<&str> = (contacts.iter())
        .map(|contact| contact.email.as_str())
        .collect();
    let all = Selection {
        limit: Some(100_000),
        ..Selection::default()
    };
    let rows = outbox.list(&all).expect("lists");
    assert_eq!(
        rows.len() as u64,
        status.waiting + status.leased,
        "{status:?}"
    );
    let unsent = (rows.iter()).filter(|row| {
        !contacts
            .iter()
            .any(|email| row.query.contains(&email.replace('@', "%40")))
    });
    let there = contacts.len() + unsent.count();
    assert_eq!(there as u64, added.load(SeqCst), "{status:?}");
}
