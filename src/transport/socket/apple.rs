//! Sockets of Apple's systems, where a socket is told once that it sends no signal.

use std::io;

use rustix::fd::OwnedFd;
use rustix::net::{AddressFamily, SendFlags};
use socket2::{Domain, Socket, Type};

pub(in crate::transport) const SEND_AT_ONCE: SendFlags = SendFlags::DONTWAIT;

/// One whose connection is begun without waiting, and that no program which this one starts inherits.
pub(in crate::transport) fn new(family: AddressFamily) -> io::Result<OwnedFd> {
    let domain = Domain::from(i32::from(family.as_raw()));
    let socket = Socket::new(domain, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}
