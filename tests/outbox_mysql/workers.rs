//! Many workers at once, and many leads.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use justclick::outbox::mysql::MysqlStore;
use justclick::outbox::row::{Claim, Selection, Settlement};
use justclick::outbox::store::Store;

use super::mysql_server::Server;
use super::settings;
use super::suite::{ACCOUNT, LEASE, account_for, add, dead, new_row};

const WORKERS: u64 = 20;
const LEADS: u64 = 15;

/// Adds, claims and settles in each way, while another one retries and drops. Nobody gets what another
/// one has, and the server meets no deadlock.
#[test]
fn twenty_workers_meet_no_deadlock() {
    let server = Server::start(&["--innodb-print-all-deadlocks=1"]);
    let url = server.database("leads");
    let open = || MysqlStore::open(&url, settings()).expect("a store");
    let (added, working) = (AtomicU64::new(0), AtomicU64::new(WORKERS));
    let claimed = Mutex::new(HashSet::new());
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (added, working, claimed) = (&added, &working, &claimed);
            scope.spawn(move || {
                let _ends = Ends(working);
                let store = open();
                for number in 0..LEADS {
                    add(&store, &format!("{worker}-{number}"));
                    added.fetch_add(1, Ordering::SeqCst);
                    work(&store, number, claimed);
                }
            });
        }
        let store = open();
        while working.load(Ordering::SeqCst) > 0 {
            store.retry(&Selection::default()).expect("retries");
            let first = Selection {
                limit: Some(1),
                ..Selection::default()
            };
            Store::drop(&store, &first).expect("drops");
            store.tidy(Some(Duration::from_secs(60))).expect("tidies");
        }
    });
    let store = open();
    account_for(&store, added.into_inner());
    assert_eq!(server.status("Innodb_deadlocks"), 0, "{}", server.log());
}

/// A worker ends, whichever way.
struct Ends<'a>(&'a AtomicU64);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn work(store: &MysqlStore, number: u64, claimed: &Mutex<HashSet<(i64, i64)>>) {
    let Claim::Row(lead) = (store.claim(ACCOUNT, "secret", LEASE, None)).expect("claims") else {
        return;
    };
    let is_new = (claimed.lock().expect("a set")).insert((lead.id, lead.fence));
    assert!(is_new, "two have the same lead");
    let pause = Duration::from_millis(2);
    let settlement = match number % 5 {
        0 => dead(),
        1 => Settlement::Later {
            wait: pause,
            may_have_arrived: true,
            reason: "no answer".into(),
            circuit: Some(pause),
        },
        2 => Settlement::Hold {
            pause,
            reason: "the secret is wrong".into(),
        },
        _ => Settlement::Delivered,
    };
    let settled = store.settle(ACCOUNT, "secret", &lead, &settlement);
    assert!(settled.expect("settles"), "another one has it");
}

/// Two workers that want to probe at the same time: one gets a lead.
#[test]
fn one_of_many_probes() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    let open = || MysqlStore::open(&url, settings()).expect("a store");
    let store = open();
    for key in 0..20 {
        add(&store, &key.to_string());
    }
    let pause = Duration::from_millis(1);
    let later = Settlement::Later {
        wait: Duration::from_secs(600),
        may_have_arrived: false,
        reason: "no answer".into(),
        circuit: Some(pause),
    };
    let stores: Vec<MysqlStore> = (0..8).map(|_| open()).collect();
    for _ in 0..5 {
        let probes = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for store in &stores {
                scope.spawn(|| {
                    if let Claim::Row(lead) =
                        (store.claim(ACCOUNT, "secret", LEASE, None)).expect("claims")
                    {
                        probes.lock().expect("a list").push(*lead);
                    }
                });
            }
        });
        let probes = probes.into_inner().expect("a list");
        let is_open = store.failures(ACCOUNT).expect("failures").0 > 0;
        assert!(!is_open || probes.len() <= 1, "{} probe", probes.len());
        for lead in &probes {
            store
                .settle(ACCOUNT, "secret", lead, &later)
                .expect("settles");
        }
    }
    account_for(&store, 20);
}

/// Several open an empty database at once: one makes the tables.
#[test]
fn many_open_an_empty_database() {
    let server = Server::start(&[]);
    let url = server.database("leads");
    std::thread::scope(|scope| {
        for worker in 0..10 {
            let url = &url;
            scope.spawn(move || {
                let store = MysqlStore::open(url, settings()).expect("a store");
                add(&store, &worker.to_string());
            });
        }
    });
    account_for(&MysqlStore::open(&url, settings()).expect("a store"), 10);
}

/// The server counts what it reads: neither a status, a claim nor a first page grows with the leads.
#[test]
fn many_leads_are_not_read_for_a_few() {
    let server = Server::start(&["--innodb-flush-log-at-trx-commit=1"]);
    let url = server.database("leads");
    let store = MysqlStore::open(&url, settings()).expect("a store");
    for account in ["one", "two", "three"] {
        (store.add(&new_row(account, "a"), 100)).expect("is kept");
    }
    server.sql(&format!(
        "insert into leads.justclick_outbox (account, `key`, `function`, due, due_before, kept_at,
             waits_since, reason, query)
         select '{ACCOUNT}', seq, 'AddLeadToGroup', seq, seq, seq, seq, '', 'lead_email=a'
         from leads.seq_1_to_20000;
         update leads.justclick_count set living = living + 20000 where slot = 1"
    ));
    let read = || {
        let names = ["next", "prev", "rnd", "rnd_next", "key", "first", "last"];
        let of = |name| server.status(&format!("Handler_read_{name}"));
        names.map(of).iter().sum::<u64>()
    };
    let costs = |what: &str, action: &dyn Fn()| {
        let before = read();
        action();
        let rows = read() - before;
        assert!(rows < 1000, "{what} reads {rows} rows");
    };
    costs("a status", &|| {
        assert_eq!(store.status().expect("a status").waiting, 20003);
    });
    costs("a page", &|| {
        let page = Selection {
            limit: Some(100),
            ..Selection::default()
        };
        assert_eq!(store.list(&page).expect("lists").len(), 100);
    });
    costs("a claim", &|| {
        let claimed = super::suite::claim(&store);
        assert!(super::suite::settle(
            &store,
            &claimed,
            &Settlement::Delivered
        ));
    });
    costs("an add", &|| {
        (store.add(&new_row(ACCOUNT, "new"), 1_000_000)).expect("is kept");
    });
    account_for(&store, 20004);
}
