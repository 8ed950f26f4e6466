//! What belongs to one process, and neither to its parent nor to its children.
//!
//! A child made by `fork` neither uses nor closes the connections of its parent: bytes of its own
//! or a TLS close would break them. It leaks what it inherited and starts with nothing.
//!
//! A handler that `fork` runs in the child tells the two apart. The process id would not: in a new
//! PID namespace a child can have its parent's. A child made by the bare system call `clone` runs
//! no such handlers, and must not use the library.

use std::mem;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use forkguard::Guard;
use once_cell::race::OnceBox;

#[cfg(test)]
mod tests;

/// What one process made and, behind it, what a child did. The chain has no lock that another
/// thread could hold at a fork.
pub(crate) struct PerProcess<T> {
    maker: Process,
    /// Always there until it is dropped.
    made: Option<T>,
    next: OnceBox<PerProcess<T>>,
}

/// Finds what the running process has made, or makes it.
pub(crate) fn of_this_process<T>(first: &OnceBox<PerProcess<T>>, make: impl Fn() -> T) -> &T {
    of_this_process_or_heir(first, |_| make())
}

/// As [`of_this_process`]; what is made may take something over from the nearest ancestor's. Locks
/// in the ancestor's may be held for ever, by threads that the child does not have.
pub(crate) fn of_this_process_or_heir<T>(
    first: &OnceBox<PerProcess<T>>,
    make: impl Fn(Option<&T>) -> T,
) -> &T {
    let mut cell = first;
    let mut ancestor = None;
    loop {
        let node = cell.get_or_init(|| Box::new(PerProcess::new(make(ancestor))));
        match &node.made {
            Some(made) if node.maker.is_running() => return made,
            made => ancestor = made.as_ref(),
        }
        cell = &node.next;
    }
}

/// How many of this process's ancestors asked for it: a child's number differs from its parent's.
pub(crate) fn generation() -> u64 {
    static GENERATION: OnceBox<PerProcess<u64>> = OnceBox::new();
    *of_this_process_or_heir(&GENERATION, |parents| {
        parents.map_or(0, |number| number + 1)
    })
}

impl<T> PerProcess<T> {
    fn new(made: T) -> PerProcess<T> {
        PerProcess {
            maker: Process::current(),
            made: Some(made),
            next: OnceBox::new(),
        }
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        if !self.maker.is_running() {
            mem::forget(self.made.take());
        }
    }
}

/// A process, as it can be told from its children.
struct Process {
    /// `None` where the system takes no handler; then the process id has to do.
    guard: Option<Guard>,
    pid: u32,
}

impl Process {
    fn current() -> Process {
        Process {
            guard: guard(),
            pid: process::id(),
        }
    }

    /// Whether it is the one that runs this. Costs no system call.
    fn is_running(&self) -> bool {
        match &self.guard {
            // The question changes the guard, so a copy is asked.
            Some(guard) => !guard.clone().detected_fork(),
            None => self.pid == process::id(),
        }
    }
}

/// A guard that detects the next fork. The handler is installed at the first call.
fn guard() -> Option<Guard> {
    static INSTALLED: OnceBox<Guard> = OnceBox::new();
    static INSTALLING: AtomicU32 = AtomicU32::new(0);
    if INSTALLED.get().is_none() {
        // Behind `try_new` is a lock. In a child that was forked while another thread held it, it
        // stays locked for ever: only the process that began may wait for it.
        if !is_begun_by(process::id(), &INSTALLING) {
            return None;
        }
        let guard = Guard::try_new().ok()?;
        INSTALLED.get_or_init(|| Box::new(guard));
    }
    let mut guard = INSTALLED.get()?.clone();
    // From here on: earlier forks are not asked for.
    guard.detected_fork();
    Some(guard)
}

/// Whether this process is the one that began, as it does here where none did.
fn is_begun_by(pid: u32, begun_by: &AtomicU32) -> bool {
    (begun_by.compare_exchange(0, pid, Ordering::SeqCst, Ordering::SeqCst))
        .map_or_else(|by| by == pid, |_| true)
}
