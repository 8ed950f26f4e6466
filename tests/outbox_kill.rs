//! SIGKILL at random to those who keep leads and to those who deliver them: nothing that was told as
//! kept is lost, and hardly anything is sent twice.
//!
//! `JUSTCLICK_KILLS=1000 JUSTCLICK_KILL_SEED=… cargo test --test outbox_kill` says how many are killed,
//! and repeats the choices of an earlier run, though not its moments.
#![cfg(all(feature = "outbox", target_os = "linux"))]

#[path = "outbox_kill/hunt.rs"]
mod hunt;
#[allow(dead_code)]
mod outbox_proof;
#[path = "outbox_kill/parts.rs"]
mod parts;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::time::Instant;

use hunt::{Books, Plan, hunt};
use outbox_proof::chosen;
use outbox_proof::place::File;
use outbox_proof::saboteur::Saboteur;

const KILLS: u64 = 50;

fn run(plan: &Plan) -> Result<Books, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let books = hunt(plan, &mut File::new(folder.path().join("leads.db")))?;
    books.check().map(|()| books)
}

#[test]
fn processes_that_are_killed_lose_nothing() {
    let seed = chosen("JUSTCLICK_KILL_SEED", fastrand::u64(..));
    let plan = Plan {
        seed,
        ..Plan::of_file(chosen("JUSTCLICK_KILLS", KILLS))
    };
    println!("seed {seed}");
    let began = Instant::now();
    let books = run(&plan).unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
    println!(
        "{} kills, {} leads accepted, lost 0, sent again {} (at the most {}), {} s",
        books.producers_killed + books.deliverers_killed,
        books.status.delivered,
        books.sent_again(),
        books.most_sent_again,
        began.elapsed().as_secs()
    );
    assert!(books.producers_killed > 0 && books.deliverers_killed > 0);
    assert!(
        books.status.delivered > plan.kills,
        "hardly any work was done"
    );
}

fn is_found(saboteur: Saboteur, faults: bool, what: &str) {
    let plan = Plan {
        faults,
        saboteur,
        ..Plan::of_file(if faults { 12 } else { 0 })
    };
    let wrong = run(&plan).err().expect("the saboteur is not found");
    assert!(wrong.contains(what), "{wrong}");
}

#[test]
fn who_deletes_before_the_answer_is_found() {
    is_found(Saboteur::DeletesFirst, true, "leads are lost");
}

#[test]
fn who_gives_two_workers_one_lead_is_found() {
    is_found(Saboteur::SharesClaims, false, "were sent again");
}
