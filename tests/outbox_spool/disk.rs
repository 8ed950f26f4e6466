//! A spool that cannot be written.

use std::fs;
use std::path::Path;

use justclick::ErrorKind;

use super::outbox_proof::part::{self, Part};
use super::{Site, place};

#[test]
fn a_spool_that_cannot_be_used_is_in_no_healthy_store_s_way() {
    let mut site = Site::new();
    site.set("spool", "/no such folder/spool.db");
    assert!(site.add("a").id > 0);
    site.state.leave();
    for _ in 0..2 {
        // The second time, the store is asked though it rests.
        let error = site.try_add("b", None).expect_err("it is kept nowhere");
        assert_eq!(error.kind(), ErrorKind::NotStored);
        for place in ["shared.db", "spool.db: there is no such folder"] {
            assert!(error.message().contains(place), "{error}");
        }
    }
    site.state.come_back();
    assert!(site.add("b").id > 0, "it is back before its rest is over");
    let error = site
        .outbox
        .status()
        .expect_err("how many are in it is not known");
    assert!(
        error.message().contains("there is no such folder"),
        "{error}"
    );
    let report = site.deliver();
    assert_eq!(report.delivered, 2);
    let why = report.unmoved.as_deref().unwrap_or_default();
    assert!(why.contains("there is no such folder"), "{why}");
    let spool = site.spool();
    site.set("spool", spool.to_str().expect("UTF-8"));
    site.adds_up_to(2);
}

#[test]
fn a_spool_on_a_full_disk_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let values = [("folder", folder.path().to_str().expect("UTF-8"))];
    let told = Part::start(place::on_a_disk(folder.path(), "6m", "disk::full", &values)).success();
    assert_eq!(told, ["delivered all"]);
}

#[test]
fn full() {
    let Some(asked) = part::asked("disk::full") else {
        return;
    };
    let small = asked.value("folder");
    let ballast = Path::new(&small).join("ballast");
    let mut site = Site::new();
    site.set("spool", &format!("{small}/spool.db"));
    site.state.leave();
    site.add("first");
    let mut rest = 64 * 1024 * 1024;
    // Down to the last byte: what a write leaves out, smaller ones fill.
    let mut content = Vec::new();
    while rest > 0 {
        content.resize(content.len() + rest, b'x');
        if fs::write(&ballast, &content).is_err() {
            content.truncate(content.len() - rest);
            rest /= 2;
        }
    }
    let mut kept = 1;
    let error = loop {
        match site.try_add(&kept.to_string(), None) {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 10_000, "there was room for all");
    };
    assert_eq!(error.kind(), ErrorKind::NotStored);
    for why in ["shared.db", "the disk is full: make room"] {
        assert!(error.message().contains(why), "{error}");
    }
    fs::remove_file(&ballast).expect("is removed");
    site.add("last");
    site.state.come_back();
    site.adds_up_to(kept + 1);
    assert_eq!(site.deliver().delivered, kept + 1);
    site.adds_up_to(kept + 1);
    part::tell("delivered all");
}
