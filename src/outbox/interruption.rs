//! Ends a run of the deliverer, on all of its threads, where its caller asks for it.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::client::Client;

/// Whom a run asks, and whether it shall end.
pub(super) struct Interruption {
    asked: fn() -> bool,
    has_come: AtomicBool,
}

thread_local! {
    /// That of the run which this thread works for. `ManuallyDrop` leaves it without a destructor, so
    /// that nothing is registered with the host's thread.
    static CURRENT: RefCell<ManuallyDrop<Option<Arc<Interruption>>>> =
        const { RefCell::new(ManuallyDrop::new(None)) };
}

impl Interruption {
    /// `None` where the client asks nobody.
    pub(super) fn of(client: &Client) -> Option<Arc<Interruption>> {
        client.interrupt().map(|asked| {
            Arc::new(Interruption {
                asked,
                has_come: AtomicBool::new(false),
            })
        })
    }

    /// Asks, until it has come once.
    pub(super) fn has_come(&self) -> bool {
        if !self.has_come.load(Ordering::SeqCst) && (self.asked)() {
            self.has_come.store(true, Ordering::SeqCst);
        }
        self.has_come.load(Ordering::SeqCst)
    }
}

/// Does `work` on this thread; what it sends asks by [`has_come`].
pub(super) fn heeding<T>(interruption: Option<&Arc<Interruption>>, work: impl FnOnce() -> T) -> T {
    let outer = replace(interruption.cloned());
    let _restored = Restored(outer);
    work()
}

/// Whether the run of this thread shall end. A client's calls ask it.
pub(super) fn has_come() -> bool {
    // The caller's function may start a run of its own, so nothing stays borrowed meanwhile.
    let current = CURRENT.with_borrow(|current| Option::clone(current));
    current.is_some_and(|interruption| interruption.has_come())
}

struct Restored(Option<Arc<Interruption>>);

impl Drop for Restored {
    fn drop(&mut self) {
        replace(self.0.take());
    }
}

fn replace(interruption: Option<Arc<Interruption>>) -> Option<Arc<Interruption>> {
    let before = CURRENT.replace(ManuallyDrop::new(interruption));
    ManuallyDrop::into_inner(before)
}
