//! Who else has an outbox's file open.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub use unix::judge;
#[cfg(windows)]
pub use windows::judge;
