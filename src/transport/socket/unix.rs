//! Sockets of Unix: each call can say that it shall not wait.

use std::io;
use std::net::TcpStream;

use rustix::fd::OwnedFd;
use rustix::io::{Errno, ioctl_fionbio};
use rustix::net::RecvFlags;

pub(in crate::transport) const RECEIVE_AT_ONCE: RecvFlags = RecvFlags::DONTWAIT;

/// Whether a connection is on its way.
pub(in crate::transport) fn is_begun(errno: Errno) -> bool {
    matches!(errno, Errno::INPROGRESS | Errno::INTR)
}

/// A made connection. Its reads block, but for those that say otherwise.
pub(in crate::transport) fn made(socket: OwnedFd) -> io::Result<TcpStream> {
    ioctl_fionbio(&socket, false)?;
    Ok(TcpStream::from(socket))
}

/// Whether the peer takes nothing more.
pub(in crate::transport) fn is_refusal(errno: Errno) -> bool {
    matches!(errno, Errno::PIPE | Errno::CONNRESET)
}
