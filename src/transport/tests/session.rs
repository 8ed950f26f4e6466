//! What a forked child must not do, told by a process id that is not ours.

use std::process;
use std::sync::Arc;

use once_cell::race::OnceBox;

use super::settings;
use crate::transport::process::{PerProcess, of_this_process};
use crate::transport::session::Session;

fn new_session() -> Arc<Session> {
    Arc::new(Session::new(&settings()))
}

#[test]
fn a_process_keeps_its_session() {
    let first = OnceBox::new();
    let session = of_this_process(&first, new_session);
    assert!(std::ptr::eq(session, of_this_process(&first, new_session)));
}

#[test]
fn an_inherited_session_is_neither_used_nor_closed() {
    let inherited = new_session();
    let watch = Arc::downgrade(&inherited);
    let before = Arc::as_ptr(&inherited);
    let node = PerProcess::new(process::id() + 1, inherited);
    let first = OnceBox::with_value(Box::new(node));
    let session = of_this_process(&first, new_session);
    assert!(!std::ptr::eq(Arc::as_ptr(session), before));
    drop(first);
    assert!(watch.upgrade().is_some(), "the parent's session was closed");
}

#[test]
fn the_own_session_is_closed() {
    let session = new_session();
    let watch = Arc::downgrade(&session);
    drop(PerProcess::new(process::id(), session));
    assert!(watch.upgrade().is_none());
}
