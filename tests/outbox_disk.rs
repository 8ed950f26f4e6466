//! Disks without room, and disks and files that may not be written: the caller is told what to do,
//! nothing that was kept is lost, and all goes on once it can.
#![cfg(all(feature = "outbox", target_os = "linux"))]

#[allow(dead_code)]
mod outbox_proof;
#[path = "outbox_disk/parts.rs"]
mod parts;
#[path = "outbox_disk/place.rs"]
mod place;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use outbox_proof::part::{self, Part};
use outbox_proof::service;

fn told(command: std::process::Command) -> Vec<String> {
    let told = Part::start(command).success();
    println!("{told:?}");
    told
}

#[test]
fn a_full_disk_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let service = service::sandbox();
    let values = [
        ("folder", folder.path().to_str().expect("UTF-8")),
        ("base_url", &service.base_url()),
        ("saboteur", "Nobody"),
    ];
    let told = told(place::on_a_disk(
        folder.path(),
        "10m",
        "parts::full_disk",
        &values,
    ));
    assert_eq!(
        told,
        [format!("delivered all {}", service.contacts().len())]
    );
}

/// Fills a disk up to a quota, and says what came of it.
fn filled(folder: &Path, base_url: &str, saboteur: &str) -> String {
    let values = [
        ("folder", folder.to_str().expect("UTF-8")),
        ("base_url", base_url),
        ("saboteur", saboteur),
    ];
    let told = told(place::with_small_files(300, "parts::limited", &values));
    told.concat()
}

#[test]
fn a_quota_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let service = service::sandbox();
    let filled = filled(folder.path(), &service.base_url(), "Nobody");
    let kept = filled.strip_prefix("kept ").expect("a number");
    assert!(service.contacts().is_empty());
    let values = [
        ("folder", folder.path().to_str().expect("UTF-8")),
        ("base_url", &service.base_url()),
        ("saboteur", "Nobody"),
        ("kept", kept),
    ];
    let then = told(part::command("parts::unlimited", &values));
    let all = format!("delivered all {}", service.contacts().len());
    assert_eq!(then, [all]);
}

#[test]
fn who_keeps_silent_where_there_is_no_room_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let wrong = filled(folder.path(), "http://127.0.0.1:1", "KeepsSilent");
    assert!(wrong.contains("leads were accepted, but"), "{wrong}");
}

#[test]
fn a_disk_that_becomes_read_only_keeps_what_it_has() {
    let folder = tempfile::tempdir().expect("a folder");
    let service = service::sandbox();
    let values = [
        ("folder", folder.path().to_str().expect("UTF-8")),
        ("base_url", &service.base_url()),
        ("saboteur", "Nobody"),
    ];
    let told = told(place::on_a_disk(
        folder.path(),
        "2m",
        "parts::remounted",
        &values,
    ));
    assert_eq!(
        (told, service.contacts().len()),
        (vec!["delivered all 11".to_owned()], 11)
    );
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("changes");
}

#[test]
fn a_file_or_folder_that_is_forbidden_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let service = service::sandbox();
    let url = service.base_url();
    let values = [
        ("folder", folder.path().to_str().expect("UTF-8")),
        ("base_url", &url),
    ];
    let forbidden = |why: &str| {
        let told = told(place::without_rights("parts::forbidden", &values));
        assert!(
            told[0].contains(why) && told[0].contains("leads.db"),
            "{told:?}"
        );
    };
    allow(folder.path(), 0o500);
    forbidden("must be able to write");
    allow(folder.path(), 0o700);
    let (path, client) = (folder.path().join("leads.db"), service::client(&url));
    let outbox = justclick::Outbox::open(path.to_str().expect("UTF-8")).expect("an outbox");
    let kept = outbox.add(&client, &service::lead("first@b.ru"), None);
    assert!(!kept.expect("kept").was_there);
    drop(outbox);
    allow(&path, 0o400);
    forbidden("must be able to write");
    allow(&path, 0o600);
    fs::remove_file(folder.path().join("leads.db-shm")).expect("is made anew");
    allow(folder.path(), 0o500);
    forbidden("must be able to read and write");
    allow(folder.path(), 0o700);
    let outbox = justclick::Outbox::open(path.to_str().expect("UTF-8")).expect("an outbox");
    let report = outbox
        .deliver(&client, &service::limits("{}"))
        .expect("a report");
    let account = outbox_proof::account::Account::of(&outbox).expect("the account");
    account.adds_up_to(1).expect("nothing is lost");
    assert_eq!((report.delivered, service.contacts().len()), (1, 1));
}
