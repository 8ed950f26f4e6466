//! A file that a setting names: it may be anything, and others may have rights to it.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(all(unix, any(feature = "mysql", feature = "postgres")))]
pub(crate) use unix::is_private;
#[cfg(unix)]
pub(crate) use unix::{open, other};
#[cfg(all(windows, any(feature = "mysql", feature = "postgres")))]
pub(crate) use windows::is_private;
#[cfg(windows)]
pub(crate) use windows::{open, other};
