//! The one place where a panic ends. Out of an `extern "C"` function it would abort the program.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::last_error;
use super::status::{jc_status, jc_status_code};
use crate::Error;

/// Runs `work`; after a panic the caller gets `otherwise`, and the last error says so.
pub(super) fn guard<T>(otherwise: T, work: impl FnOnce() -> T) -> T {
    let work = || {
        #[cfg(feature = "intended-panic")]
        panic_where_intended();
        work()
    };
    // What was half changed by a panic is a lead or a client, and both stay whole: their setters
    // check first and assign last.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        last_error::set("a fault of the library was caught; please report it with the version");
        otherwise
    })
}

/// As [`guard`], for work whose failure becomes a status and this thread's last error.
pub(super) fn guard_status(work: impl FnOnce() -> Result<(), Error>) -> jc_status {
    guard(jc_status_code::JC_INTERNAL as jc_status, || match work() {
        Ok(()) => jc_status_code::JC_OK as jc_status,
        Err(error) => {
            last_error::set(error.message());
            super::status::of(error.kind()) as jc_status
        }
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
