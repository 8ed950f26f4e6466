//! SIGKILL at random to those who keep leads and to those who deliver them: nothing that was told as
//! kept is lost, and hardly anything is sent twice.
//!
//! `JUSTCLICK_KILLS=1000 JUSTCLICK_KILL_SEED=… cargo test --test outbox_kill` says how many are killed,
//! and repeats the choices of an earlier run, though not its moments.
#![cfg(feature = "outbox")]

#[path = "outbox_kill/hunt.rs"]
mod hunt;
#[allow(dead_code)]
mod outbox_proof;
#[path = "outbox_kill/parts.rs"]
mod parts;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::collections::HashSet;
use std::time::Instant;

use hunt::{Books, Plan, hunt};
use outbox_proof::chosen;
use outbox_proof::saboteur::Saboteur;

const KILLS: u64 = 50;

fn run(plan: &Plan) -> Result<Books, String> {
    let folder = tempfile::tempdir().expect("a folder");
    hunt(plan, folder.path()).and_then(|books| check(&books).map(|()| books))
}

/// Nothing told is lost, all that was accepted is delivered and counted once, and no more is sent
/// again than was on its way when a process was killed.
fn check(books: &Books) -> Result<(), String> {
    let has: HashSet<&str> = books.contacts.iter().map(String::as_str).collect();
    let lost: Vec<_> = (books.told.iter())
        .filter(|(_, email)| !has.contains(email.as_str()))
        .collect();
    if !lost.is_empty() {
        return Err(format!("{} leads are lost, as {:?}", lost.len(), lost[0]));
    }
    let ids: HashSet<i64> = books.told.iter().map(|(id, _)| *id).collect();
    if ids.len() != books.told.len() {
        return Err("two leads have one number".to_owned());
    }
    let status = &books.status;
    let rest = status.waiting + status.leased + status.dead + status.dropped;
    if rest != 0 || status.delivered != has.len() as u64 {
        return Err(format!("the service has {}, but {status:?}", has.len()));
    }
    let told = books.told.len() as u64;
    // One that was killed may have kept a last lead that it could not tell.
    if !(told..=told + books.producers_killed).contains(&status.delivered) {
        return Err(format!("{told} leads were told as kept, but {status:?}"));
    }
    if books.sent_again() > books.most_sent_again() {
        return Err(format!("{} leads were sent again", books.sent_again()));
    }
    Ok(())
}

#[test]
fn processes_that_are_killed_lose_nothing() {
    let seed = chosen("JUSTCLICK_KILL_SEED", fastrand::u64(..));
    let plan = Plan {
        seed,
        kills: chosen("JUSTCLICK_KILLS", KILLS),
        faults: true,
        saboteur: Saboteur::Nobody,
    };
    println!("seed {seed}");
    let began = Instant::now();
    let books = run(&plan).unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
    println!(
        "{} kills, {} leads accepted, lost 0, sent again {} (at the most {}), {} s",
        books.producers_killed + books.deliverers_killed,
        books.status.delivered,
        books.sent_again(),
        books.most_sent_again(),
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
        seed: 1,
        kills: if faults { 12 } else { 0 },
        faults,
        saboteur,
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
