//! Signals, and the threads of ours that must not get any.

#[cfg(unix)]
use nix::sys::signal::{SigSet, SigmaskHow};

/// Runs `action` with all signals blocked on this thread. A thread that it starts begins so and
/// stays so: a signal of the process always goes to a thread of the host's own.
#[cfg(unix)]
pub(crate) fn blocked<T>(action: impl FnOnce() -> T) -> T {
    let _restored = SigSet::all()
        .thread_swap_mask(SigmaskHow::SIG_SETMASK)
        .map(Restored);
    action()
}

/// Windows has no signals that come to threads.
#[cfg(windows)]
pub(crate) fn blocked<T>(action: impl FnOnce() -> T) -> T {
    action()
}

/// What was blocked before.
#[cfg(unix)]
struct Restored(SigSet);

#[cfg(unix)]
impl Drop for Restored {
    fn drop(&mut self) {
        // It cannot fail: the mask and the way to set it are valid.
        let _ = self.0.thread_set_mask();
    }
}
