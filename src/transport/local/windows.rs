//! Servers of databases have no such sockets on Windows.

use std::io::{self, ErrorKind, Read, Write};
use std::os::windows::io::{AsSocket, BorrowedSocket};
use std::path::Path;
use std::time::Instant;

/// There is none.
#[derive(Debug)]
pub(crate) enum LocalStream {}

/// # Errors
/// Always.
pub(crate) fn connect(_: &Path, _: Instant) -> io::Result<Option<LocalStream>> {
    let why = "on Windows a server is reached by its host and port alone: name 127.0.0.1";
    Err(io::Error::new(ErrorKind::Unsupported, why))
}

impl LocalStream {
    pub(crate) fn set_nonblocking(&self, _: bool) -> io::Result<()> {
        match *self {}
    }
}

impl AsSocket for LocalStream {
    fn as_socket(&self) -> BorrowedSocket<'_> {
        match *self {}
    }
}

impl Read for &LocalStream {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        match **self {}
    }
}

impl Write for &LocalStream {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        match **self {}
    }

    fn flush(&mut self) -> io::Result<()> {
        match **self {}
    }
}
