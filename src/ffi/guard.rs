//! The one place where a panic ends. Out of an `extern "C"` function it would abort the program.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::last_error;

/// Runs `work`; after a panic the caller gets `otherwise`, and the last error says so.
pub(super) fn guard<T>(otherwise: T, work: impl FnOnce() -> T) -> T {
    let work = || {
        #[cfg(feature = "intended-panic")]
        panic_where_intended();
        work()
    };
    // What was half changed by a panic is a lead, a client or an outbox, and each stays whole: their
    // setters check first and assign last.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        last_error::set("a fault of the library was caught; please report it with the version");
        otherwise
    })
}

/// Lets a test see what becomes of a fault of the library.
#[cfg(feature = "intended-panic")]
#[allow(clippy::panic)]
fn panic_where_intended() {
    if std::env::var_os("JUSTCLICK_PANIC").is_some() {
        panic!("intended");
    }
}
