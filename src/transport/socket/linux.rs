//! Sockets of Linux, and of systems that know its flags.

use std::io;

use rustix::fd::OwnedFd;
use rustix::net::{AddressFamily, SendFlags, SocketFlags, SocketType, socket_with};

pub(in crate::transport) const SEND_AT_ONCE: SendFlags =
    SendFlags::DONTWAIT.union(SendFlags::NOSIGNAL);

/// One whose connection is begun without waiting, and that no program which this one starts inherits.
pub(in crate::transport) fn new(family: AddressFamily) -> io::Result<OwnedFd> {
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    Ok(socket_with(family, SocketType::STREAM, flags, None)?)
}
