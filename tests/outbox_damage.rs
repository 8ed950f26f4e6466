//! Damaged stores: no process dies of one, none counts a lead as delivered that is not, what is wrong
//! is told with the file's name, and the file stays.
//!
//! `JUSTCLICK_MUTATIONS=10000 JUSTCLICK_DAMAGE_SEED=… cargo test --test outbox_damage` says how many
//! stores are damaged, and repeats those of an earlier run.
#![cfg(all(feature = "outbox", target_os = "linux"))]

#[path = "outbox_damage/examiner.rs"]
mod examiner;
#[path = "outbox_damage/good_store.rs"]
mod good_store;
#[path = "outbox_damage/mutation.rs"]
mod mutation;
#[allow(dead_code)]
mod outbox_proof;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;
#[path = "outbox_damage/values.rs"]
mod values;

use outbox_proof::chosen;
use outbox_proof::part::{self, Part};
use outbox_proof::saboteur::Saboteur;

const MUTATIONS: u64 = 1000;
const PROCESSES: u64 = 2;

/// How stores came out that were damaged and used.
#[derive(Default)]
struct Figures {
    /// Everything worked: what was damaged is not read, or looks well.
    worked: u64,
    /// An error was told.
    told: u64,
}

/// Damages so many stores in processes of their own.
fn run(mutations: u64, seed: u64, saboteur: Saboteur) -> Result<Figures, String> {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    let folder = folder.expect("a folder");
    let parts: Vec<Part> = (0..PROCESSES)
        .map(|first| {
            let own = folder.path().join(first.to_string());
            let values = [
                ("folder", own.to_str().expect("UTF-8")),
                ("seed", &seed.to_string()),
                ("first", &first.to_string()),
                ("step", &PROCESSES.to_string()),
                ("end", &mutations.to_string()),
                ("saboteur", &format!("{saboteur:?}")),
            ];
            Part::start(part::command("examiner::examiner", &values))
        })
        .collect();
    let ends: Vec<_> = parts.into_iter().map(Part::end).collect();
    let mut figures = Figures::default();
    for (status, told) in ends {
        count(&mut figures, &told)?;
        if !status.success() || told.last().is_none_or(|line| line != "done") {
            return Err(format!("a process died, {status}: {:?}", told.last()));
        }
    }
    Ok(figures)
}

fn count(figures: &mut Figures, told: &[String]) -> Result<(), String> {
    let mut begun = "";
    for line in told {
        match line.split_once(' ').unwrap_or((line, "")) {
            ("begins", which) => begun = which,
            ("worked", _) => figures.worked += 1,
            ("told", _) => figures.told += 1,
            ("wrong", wrong) => return Err(format!("mutation {begun}: {wrong}")),
            _ => {}
        }
    }
    Ok(())
}

#[test]
fn damaged_stores_are_told_and_kept() {
    let seed = chosen("JUSTCLICK_DAMAGE_SEED", fastrand::u64(..));
    let mutations = chosen("JUSTCLICK_MUTATIONS", MUTATIONS);
    println!("seed {seed}");
    let figures = run(mutations, seed, Saboteur::Nobody);
    let figures = figures.unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
    let Figures { worked, told } = figures;
    println!("{mutations} damaged stores: {told} told an error, {worked} worked; no process died");
    assert_eq!(worked + told, mutations);
    assert!(worked > mutations / 20 && told > mutations / 20);
}

fn is_found(saboteur: Saboteur, mutations: u64, what: &str) {
    let wrong = run(mutations, 1, saboteur).err().expect("not found");
    assert!(wrong.contains(what), "{wrong}");
}

#[test]
fn who_counts_what_did_not_arrive_is_found() {
    is_found(Saboteur::DeletesFirst, 60, "counted as delivered");
}

#[test]
fn who_makes_the_file_anew_is_found() {
    is_found(Saboteur::Recreates, 220, "made anew");
}

#[test]
fn who_dies_of_it_is_found() {
    is_found(Saboteur::Dies, 2, "a process died, signal: 6");
}
