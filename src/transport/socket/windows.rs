//! Sockets of Windows: no call of one waits, since none can be told not to.

use std::io;
use std::net::TcpStream;

use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::net::{AddressFamily, RecvFlags, SendFlags};
use socket2::{Domain, Socket, Type};

pub(in crate::transport) const RECEIVE_AT_ONCE: RecvFlags = RecvFlags::empty();
pub(in crate::transport) const SEND_AT_ONCE: SendFlags = SendFlags::empty();

/// One whose connection is begun without waiting, and that no program which this one starts inherits.
pub(in crate::transport) fn new(family: AddressFamily) -> io::Result<OwnedFd> {
    let domain = Domain::from(i32::from(family.as_raw()));
    let socket = Socket::new(domain, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// Whether a connection is on its way.
pub(in crate::transport) fn is_begun(errno: Errno) -> bool {
    matches!(errno, Errno::WOULDBLOCK | Errno::INPROGRESS | Errno::INTR)
}

/// A made connection, whose reads find nothing in place of waiting.
pub(in crate::transport) fn made(socket: OwnedFd) -> io::Result<TcpStream> {
    Ok(TcpStream::from(socket))
}

/// Whether the peer takes nothing more.
pub(in crate::transport) fn is_refusal(errno: Errno) -> bool {
    matches!(
        errno,
        Errno::CONNRESET | Errno::CONNABORTED | Errno::SHUTDOWN
    )
}
