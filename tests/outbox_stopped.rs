//! A deliverer that is stopped in the middle of a request, until its lease is over and another has
//! taken the lead over: when it goes on, it changes nothing.
#![cfg(all(feature = "outbox", target_os = "linux"))]

#[allow(dead_code)]
mod outbox_proof;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;
#[path = "outbox_stopped/scene.rs"]
mod scene;

use outbox_proof::place::File;
use outbox_proof::saboteur::Saboteur;

fn with_file<T>(scene: impl FnOnce(&File) -> T) -> T {
    let folder = tempfile::tempdir().expect("a folder");
    scene(&File::new(folder.path().join("leads.db")))
}

#[test]
fn who_wakes_after_another_delivered_changes_nothing() {
    with_file(|file| scene::who_wakes_after_another_delivered_changes_nothing(file));
}

#[test]
fn who_wakes_while_another_delivers_changes_nothing() {
    for first in &scene::ENDS {
        let woken =
            with_file(|file| scene::wakes_while_another_delivers(file, first, Saboteur::Nobody));
        woken.expect("delivered once");
    }
}

#[test]
fn who_is_killed_is_followed_within_two_minutes() {
    with_file(|file| scene::who_is_killed_is_followed(file));
}

#[test]
fn who_has_no_fence_is_found() {
    for first in &scene::ENDS {
        let wrong = with_file(|file| {
            scene::wakes_while_another_delivers(file, first, Saboteur::WithoutFence)
        });
        let wrong = wrong.expect_err("not found");
        assert!(wrong.contains("delivered, later, overtaken"), "{wrong}");
    }
}
