//! A connection to a server of this host that has no port: by the path of its socket.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{LocalStream, connect};
#[cfg(windows)]
pub(crate) use windows::{LocalStream, connect};
