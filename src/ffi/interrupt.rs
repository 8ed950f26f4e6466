//! The caller's function that is asked where a signal ends a wait.

use std::cell::Cell;

pub(super) type Check = unsafe extern "C" fn() -> i32;

thread_local! {
    // Constant and without a destructor: nothing is registered with the host's thread.
    static CHECK: Cell<Option<Check>> = const { Cell::new(None) };
}

/// Runs a call whose waits ask `check`, where a signal ends them.
pub(super) fn asking<T>(check: Option<Check>, call: impl FnOnce() -> T) -> T {
    let outer = CHECK.replace(check);
    let result = call();
    CHECK.set(outer);
    result
}

/// What the core asks on the thread of a call.
pub(super) fn is_interrupted() -> bool {
    // SAFETY: the caller of jc_client_interrupt promises a function that may be called as long as
    // the client is in use.
    CHECK.get().is_some_and(|check| unsafe { check() } != 0)
}
