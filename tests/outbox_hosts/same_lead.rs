//! Several hosts add the same lead at one moment: one row comes of it, and one of them made it.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use justclick::Outbox;

use crate::hunt::HOSTS;
use crate::outbox_proof::account::Account;
use crate::outbox_proof::place::Place;
use crate::outbox_proof::service::{client, lead};
use crate::places::{Mariadb, Postgres};

const LEADS: usize = 50;

fn outbox(place: &(dyn Place + Sync), host: usize) -> Outbox {
    let mut outbox = Outbox::open(place.location(host)).expect("an outbox");
    outbox.set("busy_timeout_ms", "30000").expect("a setting");
    outbox
}

fn one_row_comes_of_it(place: &(dyn Place + Sync)) {
    let start = Barrier::new(2 * HOSTS);
    let (made, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for worker in 0..2 * HOSTS {
            let (start, made, failed) = (&start, &made, &failed);
            scope.spawn(move || {
                let outbox = outbox(place, worker % HOSTS);
                let client = client("https://username.justclick.ru");
                for number in 0..LEADS {
                    let lead = lead(&format!("{number}@b.ru"));
                    start.wait();
                    // Nobody may leave the others waiting.
                    match outbox.add(&client, &lead, None) {
                        Ok(kept) => made.fetch_add(usize::from(!kept.was_there), Ordering::SeqCst),
                        Err(error) => {
                            println!("{error}");
                            failed.fetch_add(1, Ordering::SeqCst)
                        }
                    };
                }
            });
        }
    });
    assert_eq!(failed.into_inner(), 0, "some could not add");
    let account = Account::of(&outbox(place, 0)).expect("the account");
    account.adds_up_to(LEADS as u64).expect("one row for each");
    assert_eq!(made.into_inner(), LEADS);
}

#[test]
fn a_lead_that_several_add_is_one() {
    one_row_comes_of_it(&Postgres::new());
    one_row_comes_of_it(&Mariadb::new());
}
