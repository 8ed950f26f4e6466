//! The outbox in MariaDB in children made by `fork`. A program of its own, since no other thread may
//! run at a fork.
#![cfg(feature = "mysql")]

mod mysql_server;

#[path = "outbox_store/suite.rs"]
#[allow(dead_code, reason = "each test program uses a part")]
mod suite;

use std::time::Duration;

use justclick::outbox::engine::EngineSettings;
use justclick::outbox::mysql::MysqlStore;
use justclick::outbox::row::{Claim, Settlement};
use justclick::outbox::store::Store;
use mysql_server::{Server, USER};
use suite::{ACCOUNT, LEASE, account_for, add, settle};

const LEADS: u64 = 30;
const CHILDREN: u64 = 4;

fn open(url: &str) -> MysqlStore {
    let settings = EngineSettings {
        busy_timeout: Duration::from_secs(20),
        ..EngineSettings::default()
    };
    MysqlStore::open(url, settings).expect("a store")
}

/// Adds leads, and delivers half as many.
fn work(store: &MysqlStore, name: &str) {
    for number in 0..LEADS {
        add(store, &format!("{name}-{number}"));
        if number % 2 == 0
            && let Claim::Row(claimed) =
                (store.claim(ACCOUNT, "secret", LEASE, None)).expect("claims")
        {
            assert!(settle(store, &claimed, &Settlement::Delivered));
        }
    }
}

/// Runs `body` in a child, and returns the child's number.
fn fork(body: impl FnOnce()) -> i32 {
    // SAFETY: the child runs `body` and ends without the parent's handlers.
    match unsafe { libc::fork() } {
        0 => {
            // One that waits for a lock of its parent's fails.
            // SAFETY: it takes a number.
            unsafe { libc::alarm(60) };
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

fn connections(server: &Server) -> Vec<String> {
    let all = server.sql(&format!(
        "select id from information_schema.processlist where user = '{USER}' order by id"
    ));
    all.lines().map(str::to_owned).collect()
}

/// The parent's connection is the same after children used, changed and dropped what they inherited.
fn a_child_leaves_its_parent_s_connection_alone(server: &Server) {
    let url = server.database("alone");
    let mut store = Some(open(&url));
    add(store.as_ref().expect("a store"), "parent");
    let before = connections(server);
    assert_eq!(before.len(), 1);
    let drops = fork(|| drop(store.take()));
    assert_ends_well(drops);
    let configures = fork(|| {
        let mut store = store.take().expect("a store");
        store.configure(EngineSettings::default());
        add(&store, "configured");
    });
    assert_ends_well(configures);
    let uses = fork(|| {
        let store = store.take().expect("a store");
        add(&store, "child");
        let of_both = connections(server);
        assert_eq!(of_both.len(), 2, "it has none of its own");
        assert_eq!(of_both[0], before[0]);
        // It goes by itself, and says so to the server.
        drop(store);
    });
    assert_ends_well(uses);
    let store = store.expect("a store");
    add(&store, "after");
    while connections(server).len() > 1 {
        std::thread::yield_now();
    }
    assert_eq!(connections(server), before, "it was ended");
    account_for(&store, 4);
}

/// The same over TCP, where bytes of two would be mixed up.
fn many_work_on(server: &Server) {
    server.database("many");
    let url = server.url_of("127.0.0.1", "many");
    let store = open(&url);
    add(&store, "parent");
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
    work(&store, "with-the-children");
    for child in children {
        assert_ends_well(child);
    }
    account_for(&store, 1 + LEADS * (CHILDREN * 3 + 1));
}

#[test]
fn children() {
    let server = Server::start(&[]);
    a_child_leaves_its_parent_s_connection_alone(&server);
    many_work_on(&server);
}
