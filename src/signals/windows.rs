//! Windows has no signals that come to threads.

/// Runs `action`.
pub(crate) fn blocked<T>(action: impl FnOnce() -> T) -> T {
    action()
}
