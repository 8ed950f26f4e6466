//! A file that holds a password: opened without waiting, and read where its owner alone may use it.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(super) use unix::{is_private, open};
#[cfg(windows)]
pub(super) use windows::{is_private, open};
