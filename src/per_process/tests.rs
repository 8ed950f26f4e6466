//! What a forked child must not do, told by a process that is not ours. Real children are in the
//! tests of the C interface.

use std::sync::Arc;

use super::*;

/// What a parent made, as its child finds it.
fn inherited<T>(made: T) -> OnceBox<PerProcess<T>> {
    let parent = Process {
        guard: None,
        pid: process::id() + 1,
    };
    let mut node = PerProcess::new(made);
    node.maker = parent;
    OnceBox::with_value(Box::new(node))
}

#[test]
fn a_process_keeps_what_it_made() {
    let first = OnceBox::new();
    let made = of_this_process(&first, || Arc::new(()));
    assert!(Arc::ptr_eq(made, of_this_process(&first, || Arc::new(()))));
}

#[test]
fn what_was_inherited_is_neither_used_nor_dropped() {
    let parents = Arc::new(());
    let watch = Arc::downgrade(&parents);
    let first = inherited(parents);
    let made = of_this_process(&first, || Arc::new(()));
    assert!(!std::ptr::eq(Arc::as_ptr(made), watch.as_ptr()));
    drop(first);
    assert!(watch.upgrade().is_some(), "the parent's was dropped");
}

#[test]
fn what_the_process_made_is_dropped() {
    let made = Arc::new(());
    let watch = Arc::downgrade(&made);
    drop(PerProcess::new(made));
    assert!(watch.upgrade().is_none());
}

#[test]
fn a_child_may_take_over_what_its_parent_knew() {
    let first = inherited(7);
    let heir = of_this_process_or_heir(&first, |parents| parents.map_or(0, |number| number + 1));
    assert_eq!(*heir, 8);
    assert_eq!(*of_this_process(&first, || 99), 8);
}

#[test]
fn the_handler_of_fork_is_in_use() {
    assert!(Process::current().guard.is_some());
    assert_eq!(generation(), 0);
}

#[test]
fn a_child_does_not_wait_for_what_its_parent_began() {
    let begun_by = AtomicU32::new(0);
    assert!(is_begun_by(7, &begun_by));
    assert!(is_begun_by(7, &begun_by), "another thread of the process");
    assert!(!is_begun_by(8, &begun_by), "its child");
}
