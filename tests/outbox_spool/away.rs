//! A store that is away, and comes back.

use std::os::unix::fs::MetadataExt;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Instant;

use justclick::ErrorKind;

use super::Site;
use super::outbox_proof::service::{lead, limits};

#[test]
fn leads_wait_in_the_spool_and_are_delivered_once() {
    let site = Site::new();
    let first = site.add("first");
    assert!(first.id > 0);
    assert!(!site.spool().exists(), "it is made when it is needed");
    site.state.leave();
    for number in 0..150 {
        let kept = site.add(&number.to_string());
        assert_eq!((kept.id, kept.was_there), (0, false));
    }
    let again = site.add("149");
    assert_eq!((again.id, again.was_there), (0, true));
    let mode = std::fs::metadata(site.spool()).expect("a file").mode();
    assert_eq!(mode & 0o777, 0o600);
    for error in [
        site.outbox.status().map(drop),
        (site.outbox).deliver(&site.client, &limits("{}")).map(drop),
    ] {
        let error = error.expect_err("the store is away");
        assert_eq!(error.kind(), ErrorKind::NotStored);
        assert!(
            error.message().contains("150 leads wait in the spool"),
            "{error}"
        );
    }
    assert_eq!(site.service.requests(), 0);
    site.state.come_back();
    let status = site.outbox.status().expect("a status");
    assert_eq!((status.waiting, status.spooled), (1, 150));
    assert!(status.to_json().contains(r#""spooled":150"#));
    assert!(status.to_string().contains("150 in the spool"), "{status}");
    site.adds_up_to(151);
    let report = site.deliver();
    assert_eq!(
        (report.moved, report.delivered, &report.unmoved),
        (150, 151, &None)
    );
    assert!(
        report.to_json().contains(r#""moved":150"#),
        "{}",
        report.to_json()
    );
    assert_eq!(site.service.requests(), 151);
    site.adds_up_to(151);
    assert!(site.add("afterwards").id > first.id);
    site.adds_up_to(152);
}

/// Who adds while the store is away waits for it once, and so do all outboxes of the process together.
#[test]
fn a_store_that_is_away_is_left_alone() {
    let site = Site::new();
    site.state.leave();
    let began = Instant::now();
    for number in 0..20 {
        site.add(&number.to_string());
        let request = site.another("spool.db");
        let kept = request.add(&site.client, &lead(&format!("{number}@c.ru")), None);
        assert_eq!(kept.expect("is kept").id, 0);
        let hurried = limits(r#"{"alone": true}"#);
        assert_eq!(
            request
                .deliver(&site.client, &hurried)
                .expect("a report")
                .moved,
            0
        );
    }
    // It rests for a second at the least.
    let most = 1 + began.elapsed().as_secs() as usize;
    assert!(
        site.state.asked() <= most,
        "{} of {most}",
        site.state.asked()
    );
    let before = site.state.asked();
    let other = site.another("other.db");
    other
        .add(&site.client, &lead("a@d.ru"), None)
        .expect("is kept");
    assert_eq!(
        site.state.asked(),
        before + 1,
        "another spool is another store's"
    );
    site.state.come_back();
    other
        .deliver(&site.client, &limits("{}"))
        .expect("a report");
    // What is moved shows that it is back.
    assert_eq!(site.deliver().moved, 40);
    assert!(site.add("back").id > 0);
    site.adds_up_to(42);
}

/// Whether it was kept, nobody knows: the key makes it one row.
#[test]
fn a_lead_whose_answer_was_lost_is_kept_in_both_and_sent_once() {
    let site = Site::new();
    site.state.loses_answers.store(true, SeqCst);
    assert_eq!(site.add("a").id, 0);
    site.state.come_back();
    let status = site.outbox.status().expect("a status");
    assert_eq!((status.waiting, status.spooled), (1, 1));
    let report = site.deliver();
    assert_eq!((report.moved, report.delivered), (1, 1));
    assert_eq!(site.service.requests(), 1);
    site.adds_up_to(1);
}

#[test]
fn a_key_that_waits_in_the_store_is_not_added_again_by_the_spool() {
    let site = Site::new();
    let order: Option<&[u8]> = Some(b"order 17");
    site.try_add("a", order).expect("is kept");
    site.state.leave();
    assert!(!site.try_add("a", order).expect("is kept").was_there);
    assert!(site.try_add("a", order).expect("is kept").was_there);
    site.state.come_back();
    assert_eq!(site.deliver().delivered, 1);
    site.adds_up_to(1);
}

#[test]
fn what_breaks_a_rule_or_is_one_too_many_is_not_spooled() {
    let mut site = Site::new();
    site.set("max_leads", "2");
    site.add("a");
    site.add("b");
    let error = site.try_add("c", None).expect_err("it is full");
    assert_eq!(error.kind(), ErrorKind::NotStored);
    assert!(error.message().contains("max_leads"), "{error}");
    assert!(!site.spool().exists());
    site.state.leave();
    let error = site.try_add("d", Some(b"")).expect_err("no key");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    site.add("d");
    site.add("e");
    let error = site
        .try_add("f", None)
        .expect_err("the spool is full as well");
    assert!(error.message().contains("max_leads"), "{error}");
    site.state.come_back();
    // There is no room before two are delivered.
    let report = site.deliver();
    assert_eq!((report.moved, report.delivered), (0, 2));
    let why = report.unmoved.as_deref().unwrap_or_default();
    assert!(why.contains("max_leads"), "{why}");
    assert!(
        report.to_string().contains("leads stay in the spool: "),
        "{report}"
    );
    site.adds_up_to(4);
    let report = site.deliver();
    assert_eq!(
        (report.moved, report.delivered, report.unmoved),
        (2, 2, None)
    );
    site.adds_up_to(4);
}

#[test]
fn the_number_of_a_spooled_lead_moves_all_that_wait() {
    let site = Site::new();
    site.state.leave();
    let id = site.add("a").id;
    site.add("b");
    site.state.come_back();
    let one = limits(&format!(r#"{{"id": {id}}}"#));
    let report = site.outbox.deliver(&site.client, &one).expect("a report");
    assert_eq!((report.moved, report.delivered), (2, 2));
    site.adds_up_to(2);
}

/// An engine may fail for one lead alone and not know it.
#[test]
fn a_lead_that_fails_each_time_is_in_no_other_s_way() {
    let site = Site::new();
    site.state.leave();
    site.try_add("a", Some(b"poison")).expect("is kept");
    for number in 0..5 {
        site.add(&number.to_string());
    }
    site.state.come_back();
    site.state.refuses_poison.store(true, SeqCst);
    for (moved, waiting) in [(0, 6), (5, 1), (0, 1)] {
        let report = site.deliver();
        assert_eq!((report.moved, report.delivered), (moved, moved));
        assert!(
            report
                .unmoved
                .is_some_and(|why| why.contains("no such folder"))
        );
        assert_eq!(site.outbox.status().expect("a status").spooled, waiting);
        site.adds_up_to(6);
    }
    site.state.refuses_poison.store(false, SeqCst);
    assert_eq!(site.deliver().delivered, 1);
    site.adds_up_to(6);
}

/// Moving counts in a run's time.
#[test]
fn a_run_without_time_moves_nothing() {
    let site = Site::new();
    site.state.leave();
    site.add("a");
    site.state.come_back();
    let none = limits(r#"{"seconds": 0}"#);
    let report = site.outbox.deliver(&site.client, &none).expect("a report");
    assert_eq!((report.moved, report.delivered), (0, 0));
    site.adds_up_to(1);
    assert_eq!(site.deliver().delivered, 1);
    site.adds_up_to(1);
}
