//! Signals, and the threads of ours that must not get any.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::blocked;
#[cfg(windows)]
pub(crate) use windows::blocked;
