//! Children made by `fork`, and what they do with a store that their parent has open.

#![allow(dead_code, reason = "each test program uses a part")]

use std::time::Duration;

use justclick::Query;
use justclick::outbox::row::{Claim, NewRow, Selection, Settlement};
use justclick::outbox::store::Store;

const ACCOUNT: &str = "username";
const LEASE: Duration = Duration::from_secs(120);
/// How many [`work`] adds.
pub const LEADS: u64 = 30;
const CHILDREN: u64 = 4;

/// Runs `body` in a child, and returns the child's number.
pub fn fork(body: impl FnOnce()) -> i32 {
    // SAFETY: the child runs `body` and ends without the parent's handlers.
    match unsafe { libc::fork() } {
        0 => {
            // One that waits for a lock of its parent's fails.
            // SAFETY: it takes a number.
            unsafe { libc::alarm(120) };
            let is_whole = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).is_ok();
            // SAFETY: it does not return.
            unsafe { libc::_exit(if is_whole { 0 } else { 1 }) }
        }
        child => child,
    }
}

/// Whether a child ended without a failure.
pub fn ends_well(child: i32) -> bool {
    let mut status = 0;
    // SAFETY: the status is an integer of ours.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    status == 0
}

pub fn add(store: &dyn Store, key: &str) {
    let row = NewRow {
        account: ACCOUNT.into(),
        key: key.into(),
        function: "AddLeadToGroup".into(),
        query: Query::new(),
    };
    assert!(!store.add(&row, 1_000_000).expect("is kept").was_there);
}

fn deliver(store: &dyn Store) {
    if let Claim::Row(claimed) = (store.claim(ACCOUNT, "secret", LEASE, None)).expect("claims") {
        let settled = store.settle(ACCOUNT, "secret", &claimed, &Settlement::Delivered);
        assert!(settled.expect("settles"));
    }
}

/// Adds leads, and delivers half as many.
pub fn work(store: &dyn Store, name: &str) {
    for number in 0..LEADS {
        add(store, &format!("{name}-{number}"));
        if number % 2 == 0 {
            deliver(store);
        }
        if number % 20 == 0 {
            store.tidy(None).expect("tidies");
        }
    }
}

/// Two stores are open in the parent, or one twice; children use them, a grandchild each too, and their
/// parent on. Returns how many leads they added.
pub fn work_on_in_children(store: &dyn Store, other: &dyn Store) -> u64 {
    let children: Vec<i32> = (0..CHILDREN)
        .map(|number| {
            fork(|| {
                work(store, &format!("child-{number}"));
                let grandchild = fork(|| work(other, &format!("grandchild-{number}")));
                work(other, &format!("again-{number}"));
                assert!(ends_well(grandchild));
            })
        })
        .collect();
    work(store, "with the children");
    for child in children {
        assert!(ends_well(child));
    }
    LEADS * (CHILDREN * 3 + 1)
}

pub fn account_for(store: &dyn Store, accepted: u64) {
    let rows = store.list(&Selection::default()).expect("lists").len() as u64;
    let status = store.status().expect("a status");
    assert_eq!(status.waiting + status.leased + status.dead, rows);
    assert_eq!(accepted, rows + status.delivered + status.dropped);
}
