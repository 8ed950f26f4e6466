//! Sockets of Windows: no call of one waits, since none can be told not to.

use std::io;
use std::net::TcpStream;

use once_cell::sync::OnceCell;
use rustix::fd::OwnedFd;
use rustix::io::{Errno, ioctl_fionbio};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketType, WsaData, socket, wsa_startup};

pub(in crate::transport) const RECEIVE_AT_ONCE: RecvFlags = RecvFlags::empty();
pub(in crate::transport) const SEND_AT_ONCE: SendFlags = SendFlags::empty();

/// One whose connection is begun without waiting.
pub(in crate::transport) fn new(family: AddressFamily) -> Result<OwnedFd, Errno> {
    // Windows wants to be told once that a program has sockets. The system takes back what is left
    // when the program ends.
    static STARTED: OnceCell<WsaData> = OnceCell::new();
    STARTED.get_or_try_init(wsa_startup)?;
    let socket = socket(family, SocketType::STREAM, None)?;
    ioctl_fionbio(&socket, true)?;
    Ok(socket)
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
