//! What may be a spool.

use justclick::{ErrorKind, Outbox};

use super::Site;

#[test]
fn a_spool_is_for_a_store_that_may_be_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("leads.db");
    for location in [":memory:", file.to_str().expect("UTF-8")] {
        let mut outbox = Outbox::open(location).expect("an outbox");
        let error = outbox.set("spool", "/var/spool.db").expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(
            error.message().contains("this one is on this host itself"),
            "{error}"
        );
        outbox.set("spool", "").expect("none is the default");
        outbox.unset("spool").expect("none is the default");
    }
}

#[test]
fn a_value_that_cannot_be_leaves_the_spool_as_it_was() {
    let mut site = Site::new();
    for value in [
        " ",
        ":memory:",
        "mysql://me:tiger@host/db",
        "a\0b",
        &"x".repeat(5000),
    ] {
        let error = site.outbox.set("spool", value).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().starts_with("spool: "), "{error}");
        assert!(!error.message().contains("tiger"), "{error}");
    }
    site.state.leave();
    assert_eq!(site.add("a").id, 0);
    site.set("durability", "power");
    assert_eq!(site.add("b").id, 0);
    site.state.come_back();
    assert_eq!(site.deliver().moved, 2);
    site.adds_up_to(2);
    site.outbox.unset("spool").expect("a setting");
    site.state.leave();
    let error = site.try_add("c", None).expect_err("there is no spool");
    assert_eq!(error.kind(), ErrorKind::NotStored);
    site.state.come_back();
    site.adds_up_to(2);
}
