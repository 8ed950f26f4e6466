//! What belongs to one process, and neither to its parent nor to its children.
//!
//! A child made by `fork` neither uses nor closes the connections of its parent: bytes of its own
//! or a TLS close would break them. It leaks what it inherited and starts with nothing.

use std::mem;
use std::process;

use once_cell::race::OnceBox;

/// What one process made and, behind it, what a child did. The chain has no lock that another
/// thread could hold at a fork.
pub(super) struct PerProcess<T> {
    pid: u32,
    /// Always there until it is dropped.
    made: Option<T>,
    next: OnceBox<PerProcess<T>>,
}

/// Finds what the running process has made, or makes it.
pub(super) fn of_this_process<T>(first: &OnceBox<PerProcess<T>>, make: impl Fn() -> T) -> &T {
    let pid = process::id();
    let mut cell = first;
    loop {
        let node = cell.get_or_init(|| Box::new(PerProcess::new(pid, make())));
        match &node.made {
            Some(made) if node.pid == pid => return made,
            _ => cell = &node.next,
        }
    }
}

impl<T> PerProcess<T> {
    pub(super) fn new(pid: u32, made: T) -> PerProcess<T> {
        PerProcess {
            pid,
            made: Some(made),
            next: OnceBox::new(),
        }
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        if self.pid != process::id() {
            mem::forget(self.made.take());
        }
    }
}
