//! The bytes of a connection. Nothing waits beyond a moment that is set before each call.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd, BorrowedFd};
use rustix::io::Errno;
use rustix::net::{RecvFlags, recv};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};

use super::failure::Failed;
use crate::transport::dial;
use crate::transport::local::{self, LocalStream};

/// A connection's socket, with TLS around it once that is begun.
#[derive(Debug)]
pub(super) struct Wire {
    plain: Plain,
    tls: Option<Box<ClientConnection>>,
}

#[derive(Debug)]
struct Plain {
    socket: Socket,
    until: Instant,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpStream),
    Local(LocalStream),
}

impl Wire {
    pub(super) fn to_host(
        host: &str,
        port: u16,
        until: Instant,
        patience: Duration,
    ) -> Result<Wire, Failed> {
        let stream = dial::dial(host, port, until).map_err(|why| late_or(until, why))?;
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        dial::limit_silence(&stream, patience)?;
        Ok(Wire::new(Socket::Tcp(stream), until))
    }

    pub(super) fn to_socket(path: &Path, until: Instant) -> Result<Wire, Failed> {
        let stream = local::connect(path, until)?.ok_or(Failed::Late)?;
        Ok(Wire::new(Socket::Local(stream), until))
    }

    fn new(socket: Socket, until: Instant) -> Wire {
        Wire {
            plain: Plain { socket, until },
            tls: None,
        }
    }

    /// Everything from here on ends by this moment.
    pub(super) fn set_deadline(&mut self, until: Instant) {
        self.plain.until = until;
    }

    /// Encrypts, where the server proves that it has this name.
    pub(super) fn encrypt(&mut self, config: Arc<ClientConfig>, host: &str) -> Result<(), Failed> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| Failed::Refused(format!("{host} is not a name a certificate can have")))?;
        let explained = |error: &rustls::Error| Failed::Refused(explained(host, error));
        let mut tls =
            Box::new(ClientConnection::new(config, name).map_err(|error| explained(&error))?);
        while tls.is_handshaking() {
            tls.complete_io(&mut self.plain).map_err(|error| {
                let cause = error.get_ref().and_then(|inner| inner.downcast_ref());
                cause.map_or_else(|| Failed::from(error.kind()), explained)
            })?;
        }
        self.tls = Some(tls);
        Ok(())
    }

    /// Whether nobody but the two ends can read what is sent.
    pub(super) fn is_private(&self) -> bool {
        self.tls.is_some() || matches!(self.plain.socket, Socket::Local(_))
    }

    /// An idle connection is open where a look at it would wait: no end, and no unasked bytes.
    pub(super) fn is_open(&self) -> bool {
        let looked = recv(self.plain.descriptor(), &mut [0_u8], RecvFlags::PEEK);
        matches!(looked, Err(Errno::AGAIN))
    }
}

impl From<ErrorKind> for Failed {
    fn from(kind: ErrorKind) -> Failed {
        io::Error::from(kind).into()
    }
}

fn explained(host: &str, error: &rustls::Error) -> String {
    let told = dial::explain(host, error);
    if dial::is_of_unknown_issuer(error) {
        return format!("{told}: name the file of its authority in ssl_ca");
    }
    told
}

fn late_or(until: Instant, why: String) -> Failed {
    if Instant::now() >= until {
        Failed::Late
    } else {
        Failed::Lost(why)
    }
}

impl Plain {
    /// Does `action` once the socket is ready for it.
    fn ready<T>(
        &mut self,
        flags: PollFlags,
        mut action: impl FnMut(&mut Socket) -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            // A server that sends without end must not hold the call.
            if Instant::now() >= self.until {
                return Err(ErrorKind::TimedOut.into());
            }
            match action(&mut self.socket) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.wait(flags)?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }

    fn wait(&self, flags: PollFlags) -> io::Result<()> {
        let left = self.until.saturating_duration_since(Instant::now());
        let timeout = Timespec::try_from(left).ok();
        match poll(
            &mut [PollFd::from_borrowed_fd(self.descriptor(), flags)],
            timeout.as_ref(),
        ) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        match &self.socket {
            Socket::Tcp(stream) => stream.as_fd(),
            Socket::Local(stream) => stream.as_fd(),
        }
    }
}

impl Read for Plain {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.ready(PollFlags::IN, |socket| match socket {
            Socket::Tcp(stream) => stream.read(buffer),
            Socket::Local(stream) => (&*stream).read(buffer),
        })
    }
}

impl Write for Plain {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.ready(PollFlags::OUT, |socket| match socket {
            Socket::Tcp(stream) => stream.write(bytes),
            Socket::Local(stream) => (&*stream).write(bytes),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.tls {
            Some(tls) => rustls::Stream::new(tls.as_mut(), &mut self.plain).read(buffer),
            None => self.plain.read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.tls {
            Some(tls) => rustls::Stream::new(tls.as_mut(), &mut self.plain).write(bytes),
            None => self.plain.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.tls {
            Some(tls) => rustls::Stream::new(tls.as_mut(), &mut self.plain).flush(),
            None => Ok(()),
        }
    }
}
