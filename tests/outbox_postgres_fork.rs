//! A store in PostgreSQL in children made by `fork`. A program of its own with one test, since a child
//! has but one thread of its parent's.
#![cfg(feature = "postgres")]

mod postgres_server;

use std::time::{Duration, Instant};

use justclick::Query;
use justclick::outbox::engine::EngineSettings;
use justclick::outbox::postgres::PostgresStore;
use justclick::outbox::row::{Claim, NewRow, Selection, Settlement};
use justclick::outbox::store::Store;
use postgres_server::Server;

const ACCOUNT: &str = "username";
const LEADS: u64 = 20;
const CHILDREN: u64 = 4;

fn open(url: &str) -> PostgresStore {
    let settings = EngineSettings {
        busy_timeout: Duration::from_secs(30),
        ..EngineSettings::default()
    };
    PostgresStore::open(url, settings).expect("a store")
}

fn add(store: &PostgresStore, key: String) {
    let row = NewRow {
        account: ACCOUNT.into(),
        key,
        function: "AddLeadToGroup".into(),
        query: Query::new(),
    };
    assert!(!store.add(&row, 1_000_000).expect("is kept").was_there);
}

/// Adds leads, and delivers half as many.
fn work(store: &PostgresStore, name: &str) {
    for number in 0..LEADS {
        add(store, format!("{name}-{number}"));
        if number % 2 == 0 {
            let lease = Duration::from_secs(120);
            if let Claim::Row(claimed) =
                store.claim(ACCOUNT, "secret", lease, None).expect("claims")
            {
                let settled = store.settle(ACCOUNT, "secret", &claimed, &Settlement::Delivered);
                assert!(settled.expect("settles"));
            }
        }
    }
}

/// Runs `body` in a child, and returns the child's number.
fn fork(body: impl FnOnce()) -> i32 {
    // SAFETY: the child runs `body` and ends without the parent's handlers.
    match unsafe { libc::fork() } {
        0 => {
            // SAFETY: it takes a number.
            unsafe { libc::alarm(120) };
            let is_whole = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).is_ok();
            // SAFETY: it does not return.
            unsafe { libc::_exit(if is_whole { 0 } else { 1 }) }
        }
        child => child,
    }
}

fn assert_ends_well(child: i32) {
    let mut status = 0;
    // SAFETY: the status is an integer of ours.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert_eq!(status, 0, "the child failed");
}

/// The server's processes that serve a store.
fn sessions(server: &Server) -> Vec<String> {
    let sql = "select pid from pg_stat_activity where application_name = 'justclick' order by pid";
    let shown = server.sql("leads", sql);
    shown.lines().map(str::to_owned).collect()
}

fn threads() -> usize {
    std::fs::read_dir("/proc/self/task")
        .expect("its threads")
        .count()
}

/// A child uses the store and drops it, and the parent's session neither ends nor is used.
fn a_child_leaves_its_parents_session_alone(server: &Server, url: &str) {
    let before = threads();
    let mut store = Some(open(url));
    add(store.as_ref().expect("a store"), "parent".into());
    assert_eq!(threads(), before, "a thread is left");
    let parents = sessions(server);
    assert_eq!(parents.len(), 1);
    let child = fork(|| {
        let store = store.take().expect("a store");
        add(&store, "child".into());
        let all = sessions(server);
        assert_eq!(all.len(), 2, "it has no session of its own");
        assert!(all.contains(&parents[0]));
        drop(store);
    });
    assert_ends_well(child);
    let idle = fork(|| drop(store.take()));
    assert_ends_well(idle);
    let store = store.expect("a store");
    add(&store, "parent again".into());
    while sessions(server).len() > 1 {
        std::thread::yield_now();
    }
    assert_eq!(sessions(server), parents, "the parent had to connect anew");
    drop(store);
    while !sessions(server).is_empty() {
        std::thread::yield_now();
    }
}

/// A child keeps a copy of the socket open, so the parent has to say that it ends.
fn a_session_ends_though_a_child_lives(server: &Server, url: &str) {
    let store = open(url);
    add(&store, "parent with a child".into());
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let child = fork(|| {
        let sign = std::io::Read::read_exact(&mut &reader, &mut [0]);
        sign.expect("the parent's sign");
    });
    drop(store);
    let began = Instant::now();
    while !sessions(server).is_empty() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it stays connected"
        );
    }
    std::io::Write::write_all(&mut &writer, b"!").expect("a sign");
    assert_ends_well(child);
}

/// A store is open in the parent; children use it, a grandchild too, and their parent on.
fn a_store_works_on_in_children(url: &str) {
    let store = open(url);
    let children: Vec<i32> = (0..CHILDREN)
        .map(|number| {
            fork(|| {
                work(&store, &format!("child-{number}"));
                let grandchild = fork(|| work(&store, &format!("grandchild-{number}")));
                work(&store, &format!("again-{number}"));
                assert_ends_well(grandchild);
            })
        })
        .collect();
    work(&store, "parent");
    for child in children {
        assert_ends_well(child);
    }
}

/// Another thread waits for an answer at the fork, and the child does not wait for it.
fn a_child_of_a_busy_parent_works(server: &Server, url: &str) {
    let store = open(url);
    server.sql(
        "leads",
        "create function wait() returns trigger language plpgsql as
             $$ begin perform pg_sleep(1); return new; end $$;
         create trigger wait before insert on justclick_outbox for each row
             when (new.key = 'slow') execute function wait()",
    );
    std::thread::scope(|scope| {
        scope.spawn(|| add(&store, "slow".into()));
        let sleeps = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'";
        while server.sql("leads", sleeps) == "0" {
            std::thread::yield_now();
        }
        assert_ends_well(fork(|| add(&store, "quick".into())));
    });
}

#[test]
fn children() {
    let server = Server::start(&["max_connections=50"]);
    server.database("leads");
    // By an address, for which no name is looked up.
    let url = server.url_of("127.0.0.1", "leads");
    a_child_leaves_its_parents_session_alone(&server, &url);
    a_session_ends_though_a_child_lives(&server, &url);
    a_store_works_on_in_children(&url);
    a_child_of_a_busy_parent_works(&server, &url);
    let store = open(&url);
    let rows = store.list(&Selection::default()).expect("lists").len() as u64;
    let status = store.status().expect("a status");
    assert_eq!(status.waiting + status.leased + status.dead, rows);
    assert_eq!(
        3 + 1 + LEADS * (CHILDREN * 3 + 1) + 2,
        rows + status.delivered + status.dropped
    );
}
