//! The message of a thread's last failure.

use std::cell::UnsafeCell;

use libc::c_char;

const SIZE: usize = 512;

thread_local! {
    /// One buffer of constant size, without a destructor: a pointer into it stays good for as long
    /// as the thread lives, where a string that is replaced would leave it dangling.
    static LAST_ERROR: UnsafeCell<[u8; SIZE]> = const { UnsafeCell::new([0; SIZE]) };
}

/// The message of this thread's last failure, "" if there was none. A success leaves it as it is.
///
/// It is valid UTF-8, cut to 511 bytes where it is longer. The buffer belongs to the thread and
/// is written again by its next failure: copy what you want to keep. Never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn jc_last_error() -> *const c_char {
    LAST_ERROR
        .try_with(|buffer| buffer.get().cast::<c_char>().cast_const())
        .unwrap_or(c"".as_ptr())
}

pub(super) fn set(message: &str) {
    let mut end = message.len().min(SIZE - 1);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    let kept = message.as_bytes().get(..end).unwrap_or_default();
    // A thread that is ending has no buffer any more, and nobody to read it.
    let _ = LAST_ERROR.try_with(|buffer| {
        // SAFETY: the buffer is this thread's own, and no reference into it outlives this closure;
        // callers in C hold a plain pointer, which they may read between two calls of theirs.
        let buffer = unsafe { &mut *buffer.get() };
        buffer.fill(0);
        for (place, byte) in buffer.iter_mut().zip(kept) {
            *place = if *byte == 0 { b' ' } else { *byte };
        }
    });
}
