//! The socket of a connection, which never blocks, and the wait for it, which ends on time.
//!
//! The protocol's crate asks for a runtime. This one is a loop around `poll`: it has no threads and no
//! descriptors of its own that a child of fork would share.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd, BorrowedFd};
use rustix::io::Errno;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::failure::Failed;
use crate::transport::local::LocalStream;

/// A socket that does not block.
#[derive(Debug)]
pub(super) enum Socket {
    Tcp(TcpStream),
    Local(LocalStream),
}

/// A socket as the protocol's crate takes it. A clone is the same socket.
#[derive(Debug, Clone)]
pub(super) struct Wire(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    socket: Socket,
    /// A write waits for room.
    is_full: AtomicBool,
}

impl Wire {
    pub(super) fn new(socket: Socket) -> io::Result<Wire> {
        match &socket {
            Socket::Tcp(stream) => stream.set_nonblocking(true)?,
            Socket::Local(stream) => stream.set_nonblocking(true)?,
        }
        Ok(Wire(Arc::new(Shared {
            socket,
            is_full: AtomicBool::new(false),
        })))
    }

    /// Runs a task until it is done, with another one that moves its bytes.
    pub(super) fn run<T>(
        &self,
        until: Instant,
        mut moves: impl FnMut(&mut Context<'_>),
        task: impl Future<Output = T>,
    ) -> Result<T, Failed> {
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        let mut task = pin!(task);
        loop {
            woken.0.store(false, Ordering::SeqCst);
            moves(&mut context);
            if let Poll::Ready(done) = task.as_mut().poll(&mut context) {
                return Ok(done);
            }
            if !woken.0.load(Ordering::SeqCst) {
                self.wait(until)?;
            }
        }
    }

    fn wait(&self, until: Instant) -> Result<(), Failed> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Failed::Late);
        }
        let mut flags = PollFlags::IN;
        if self.0.is_full.load(Ordering::SeqCst) {
            flags |= PollFlags::OUT;
        }
        let timeout = Timespec::try_from(left).ok();
        match poll(
            &mut [PollFd::from_borrowed_fd(self.descriptor(), flags)],
            timeout.as_ref(),
        ) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(errno) => Err(Failed::Lost(errno.to_string())),
        }
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        match &self.0.socket {
            Socket::Tcp(stream) => stream.as_fd(),
            Socket::Local(stream) => stream.as_fd(),
        }
    }
}

/// What a task was told by another.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.0.socket {
            Socket::Tcp(stream) => (&mut &*stream).read(buffer),
            Socket::Local(stream) => (&mut &*stream).read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match &self.0.socket {
            Socket::Tcp(stream) => (&mut &*stream).write(bytes),
            Socket::Local(stream) => (&mut &*stream).write(bytes),
        };
        let is_full = matches!(&written, Err(error) if error.kind() == io::ErrorKind::WouldBlock);
        self.0.is_full.store(is_full, Ordering::SeqCst);
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a socket or TLS said, as a task takes it: not yet is no error.
pub(super) fn polled<T>(mut action: impl FnMut() -> io::Result<T>) -> Poll<io::Result<T>> {
    loop {
        match action() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Poll::Pending,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return Poll::Ready(done),
        }
    }
}

/// Reads into a task's buffer.
pub(super) fn polled_read(from: &mut impl Read, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
    let read = polled(|| from.read(buffer.initialize_unfilled()));
    read.map_ok(|count| buffer.advance(count))
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        polled_read(&mut *self, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        polled(|| self.write(bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
