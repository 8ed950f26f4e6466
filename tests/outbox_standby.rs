//! PostgreSQL with a standby that takes over in the middle: its primary is killed and its data thrown
//! away. With a synchronous standby nothing is lost that was told as kept; with one that lags, it is,
//! and this program finds that out.
#![cfg(all(feature = "postgres", target_os = "linux"))]

#[allow(dead_code)]
mod outbox_proof;
mod postgres_server;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;
mod server_process;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use justclick::{ErrorKind, Outbox};
use outbox_proof::account::Account;
use outbox_proof::service::{client, lead};
use postgres_server::Server;

const NOWHERE: &str = "https://username.justclick.ru";
const PATIENCE: Duration = Duration::from_secs(120);
const PRODUCERS: usize = 4;
const LEADS: usize = 100;

fn outbox(url: &str, patience_ms: &str) -> Outbox {
    let mut outbox = Outbox::open(url).expect("an outbox");
    outbox
        .set("busy_timeout_ms", patience_ms)
        .expect("a setting");
    outbox
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A primary with a database, and its standby.
struct Pair {
    primary: Server,
    standby: Server,
}

impl Pair {
    fn new() -> Pair {
        let primary = Server::start(&["max_connections=50"]);
        primary.database("leads");
        let standby = primary.standby();
        let pair = Pair { primary, standby };
        until("it has no standby", || pair.asks("count(*)") == "1");
        pair
    }

    /// Waits for the standby at each commit from now on.
    fn synchronous() -> Pair {
        let pair = Pair::new();
        let set = |sql: &str| pair.primary.sql("leads", sql);
        set("alter system set synchronous_standby_names = '*'");
        set("select pg_reload_conf()");
        until("it is not synchronous", || {
            pair.asks("min(sync_state)") == "sync"
        });
        pair
    }

    /// Of the primary's senders.
    fn asks(&self, what: &str) -> String {
        let sql = format!("select {what} from pg_stat_replication where state = 'streaming'");
        self.primary.sql("leads", &sql)
    }

    /// Nothing of what is written reaches the standby any more.
    fn holds_back(&self) -> u32 {
        let sender = self.asks("pid").parse().expect("a process");
        postgres_server::signal(sender, libc::SIGSTOP);
        sender
    }

    fn url(&self) -> String {
        let [first, second] = [&self.primary, &self.standby].map(|server| server.port);
        format!("postgres://postgres@127.0.0.1:{first},127.0.0.1:{second}/leads")
    }

    /// The primary and its data are gone.
    fn fails_over(self) -> Server {
        let Pair {
            mut primary,
            standby,
        } = self;
        primary.kill();
        drop(primary);
        assert_eq!(standby.sql("leads", "select pg_promote()"), "t");
        standby
    }
}

#[test]
fn what_a_synchronous_standby_has_survives_the_primary() {
    let pair = Pair::synchronous();
    let url = pair.url();
    outbox(&url, "20000");
    let (kept, doubts) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let has_failed_over = AtomicBool::new(false);
    let produce = |producer: usize| {
        let (outbox, client) = (outbox(&url, "5000"), client(NOWHERE));
        let (mut told, mut since) = (Vec::new(), 0);
        for number in 0.. {
            let email = format!("{producer}-{number}@b.ru");
            while let Err(error) = outbox.add(&client, &lead(&email), None) {
                assert_eq!(error.kind(), ErrorKind::NotStored);
                doubts.fetch_add(1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(20));
            }
            told.push(email);
            kept.fetch_add(1, Ordering::SeqCst);
            since += usize::from(has_failed_over.load(Ordering::SeqCst));
            if since > LEADS {
                break;
            }
        }
        told
    };
    let (told, standby) = thread::scope(|scope| {
        let producers: Vec<_> = (0..PRODUCERS)
            .map(|producer| scope.spawn(move || produce(producer)))
            .collect();
        until("they add nothing", || {
            kept.load(Ordering::SeqCst) > PRODUCERS * LEADS
        });
        let standby = pair.fails_over();
        has_failed_over.store(true, Ordering::SeqCst);
        let told = producers
            .into_iter()
            .flat_map(|producer| producer.join().expect("its leads"));
        (told.collect::<Vec<_>>(), standby)
    });
    let account = Account::of(&outbox(&url, "20000")).expect("the account");
    let lost = lost(&account, &told);
    assert_eq!(lost, Vec::<String>::new());
    assert_eq!(standby.sql("leads", "select pg_is_in_recovery()"), "f");
    println!(
        "{} leads told, {} times nobody knew, lost {}",
        told.len(),
        doubts.into_inner(),
        lost.len()
    );
    // Each was added until it was told, so there is nothing else.
    account.adds_up_to(told.len() as u64).expect("the account");
}

fn lost(account: &Account, told: &[String]) -> Vec<String> {
    let queries = account.rows.iter().map(|row| row.query.as_str());
    let emails: HashSet<String> = queries
        .filter_map(|query| query.split("lead_email=").nth(1))
        .map(|email| {
            email
                .split('&')
                .next()
                .unwrap_or_default()
                .replace("%40", "@")
        })
        .collect();
    told.iter()
        .filter(|email| !emails.contains(*email))
        .cloned()
        .collect()
}

#[test]
fn what_no_standby_has_is_not_told_as_kept() {
    let pair = Pair::synchronous();
    let client = client(NOWHERE);
    let patient = outbox(&pair.url(), "20000");
    let mut impatient = outbox(&pair.url(), "20000");
    (patient.add(&client, &lead("first@b.ru"), None)).expect("is kept");
    let sender = pair.holds_back();
    impatient.set("busy_timeout_ms", "500").expect("a setting");
    let add = || impatient.add(&client, &lead("second@b.ru"), None);
    let error = add().expect_err("it waits");
    assert!(error.message().contains("it is not known"), "{error}");
    // What the first began stands in the way of the next.
    for _ in 0..3 {
        let error = add().expect_err("it waits");
        assert_eq!(error.kind(), ErrorKind::NotStored, "{error}");
    }
    postgres_server::signal(sender, libc::SIGCONT);
    let kept = patient.add(&client, &lead("second@b.ru"), None);
    assert!(kept.expect("is kept").was_there);
    let account = Account::of(&patient).expect("the account");
    account.adds_up_to(2).expect("one row for each");
}

#[test]
fn what_a_standby_lacks_is_found_to_be_lost() {
    let pair = Pair::new();
    let (outbox, client) = (outbox(&pair.url(), "20000"), client(NOWHERE));
    let add = |number: usize| {
        let email = format!("{number}@b.ru");
        (outbox.add(&client, &lead(&email), None)).expect("is told as kept");
        email
    };
    let mut told: Vec<String> = (0..10).map(add).collect();
    let position = pair.primary.sql("leads", "select pg_current_wal_lsn()");
    until("the standby lags", || {
        pair.asks(&format!("bool_and(replay_lsn >= '{position}')")) == "t"
    });
    pair.holds_back();
    told.extend((10..20).map(add));
    let _standby = pair.fails_over();
    let account = Account::of(&outbox).expect("the account");
    assert_eq!(lost(&account, &told), told[10..]);
    account.adds_up_to(10).expect("the others");
}
