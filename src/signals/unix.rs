//! Signals of Unix, each of which goes to some thread of the process.

use nix::sys::signal::{SigSet, SigmaskHow};

/// Runs `action` with all signals blocked on this thread. A thread that it starts begins so and
/// stays so: a signal of the process always goes to a thread of the host's own.
pub(crate) fn blocked<T>(action: impl FnOnce() -> T) -> T {
    let _restored = SigSet::all()
        .thread_swap_mask(SigmaskHow::SIG_SETMASK)
        .map(Restored);
    action()
}

/// What was blocked before.
struct Restored(SigSet);

impl Drop for Restored {
    fn drop(&mut self) {
        // It cannot fail: the mask and the way to set it are valid.
        let _ = self.0.thread_set_mask();
    }
}
