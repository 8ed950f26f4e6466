//! What a forked child must not do, told by a process id that is not ours.

use std::process;
use std::sync::Arc;

use once_cell::race::OnceBox;

use super::settings;
use crate::transport::session::{PerProcess, of_this_process};

#[test]
fn a_process_keeps_its_session() {
    let first = OnceBox::new();
    let session = of_this_process(&first, &settings());
    assert!(std::ptr::eq(session, of_this_process(&first, &settings())));
}

#[test]
fn an_inherited_session_is_neither_used_nor_closed() {
    let inherited = PerProcess::new(process::id() + 1, &settings());
    let watch = Arc::downgrade(inherited.session());
    let before = Arc::as_ptr(inherited.session());
    let first = OnceBox::with_value(Box::new(inherited));
    let session = of_this_process(&first, &settings());
    assert!(!std::ptr::eq(session, before));
    drop(first);
    assert!(watch.upgrade().is_some(), "the parent's session was closed");
}

#[test]
fn the_own_session_is_closed() {
    let own = PerProcess::new(process::id(), &settings());
    let watch = Arc::downgrade(own.session());
    drop(own);
    assert!(watch.upgrade().is_none());
}
