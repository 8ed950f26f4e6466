//! Sockets of Unix that have a path.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, connect as begin};

use crate::transport::socket;

/// How long a full queue of a server is left alone.
const PAUSE: Duration = Duration::from_millis(5);

/// A connection that does not block.
pub(crate) type LocalStream = UnixStream;

/// The queue of a server that does not move fills up, and to connect would wait without an end. Then it is
/// asked again; `None` where it took nobody until then.
pub(crate) fn connect(path: &Path, until: Instant) -> io::Result<Option<LocalStream>> {
    let address = SocketAddrUnix::new(path)?;
    let socket = socket::new(AddressFamily::UNIX)?;
    loop {
        match begin(&socket, &address) {
            Ok(()) => return Ok(Some(UnixStream::from(socket))),
            Err(Errno::AGAIN | Errno::INTR) if Instant::now() < until => std::thread::sleep(PAUSE),
            Err(Errno::AGAIN | Errno::INTR) => return Ok(None),
            Err(errno) => return Err(errno.into()),
        }
    }
}
