//! A connection to whichever address of a name answers first, as RFC 8305 describes it.
//!
//! No thread: the connections are begun one after the other without waiting, and one `poll` waits
//! for them all.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};
use rustix::fd::OwnedFd;
use rustix::net::sockopt::{set_tcp_nodelay, socket_error};
use rustix::net::{AddressFamily, connect};
use ureq::Error;
use ureq::unversioned::transport::NextTimeout;

use super::addresses::Addresses;
use super::{call, socket, wait};

/// The next address is tried after this time, beside the earlier ones.
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(250);

/// Connects to one of the addresses and remembers how it went with each.
pub(super) fn run(
    found: &[SocketAddr],
    timeout: &NextTimeout,
    known: &Addresses,
) -> Result<TcpStream, Error> {
    let race = Race {
        to_try: known.in_order(found, Instant::now()).into_iter(),
        begun: Vec::new(),
        known,
        failure: None,
    };
    race.run(timeout)
}

struct Race<'a> {
    to_try: std::vec::IntoIter<SocketAddr>,
    begun: Vec<(SocketAddr, OwnedFd)>,
    known: &'a Addresses,
    failure: Option<Error>,
}

impl Race<'_> {
    fn run(mut self, timeout: &NextTimeout) -> Result<TcpStream, Error> {
        let mut next_at = Instant::now();
        loop {
            let now = Instant::now();
            if self.begun.is_empty() || now >= next_at {
                let Some(address) = self.to_try.next() else {
                    if self.begun.is_empty() {
                        return Err(self.failure.take().unwrap_or(Error::HostNotFound));
                    }
                    next_at = now + Duration::from_secs(60 * 60);
                    continue;
                };
                next_at = now + BETWEEN_ATTEMPTS;
                if let Some(made) = self.begin(address) {
                    return Ok(made);
                }
                continue;
            }
            let left = call::left(timeout).inspect_err(|_| self.give_up(now))?;
            let ready = self.wait(left.min(next_at.saturating_duration_since(now)))?;
            if let Some(made) = self.finish(&ready) {
                return Ok(made);
            }
        }
    }

    fn begin(&mut self, address: SocketAddr) -> Option<TcpStream> {
        call::record(|progress| progress.address = Some(address));
        let socket = match new_socket(address) {
            Ok(socket) => socket,
            // The address is not to blame.
            Err(error) => {
                self.failure = Some(Error::Io(error));
                return None;
            }
        };
        match connect(&socket, &address) {
            Ok(()) => return self.made(address, socket),
            Err(errno) if socket::is_begun(errno) => self.begun.push((address, socket)),
            Err(errno) => self.failed(address, errno.into()),
        }
        None
    }

    /// Which connections are made or have failed.
    fn wait(&self, left: Duration) -> Result<Vec<bool>, Error> {
        let mut waited_for: Vec<PollFd<'_>> = (self.begun.iter())
            .map(|(_, socket)| PollFd::new(socket, PollFlags::OUT))
            .collect();
        wait::any(&mut waited_for, left)?;
        Ok((waited_for.iter())
            .map(|one| !one.revents().is_empty())
            .collect())
    }

    fn finish(&mut self, ready: &[bool]) -> Option<TcpStream> {
        let mut still_waiting = Vec::new();
        let mut made = None;
        let begun = std::mem::take(&mut self.begun);
        for ((address, socket), is_ready) in begun.into_iter().zip(ready) {
            if !is_ready || made.is_some() {
                still_waiting.push((address, socket));
                continue;
            }
            match socket_error(&socket) {
                Ok(Ok(())) => made = Some((address, socket)),
                Ok(Err(errno)) | Err(errno) => self.failed(address, errno.into()),
            }
        }
        self.begun = still_waiting;
        let (address, socket) = made?;
        self.made(address, socket)
    }

    /// Those that were begun earlier and are not there yet have lost.
    fn made(&mut self, address: SocketAddr, socket: OwnedFd) -> Option<TcpStream> {
        match without_delay(socket) {
            Ok(stream) => {
                self.give_up(Instant::now());
                self.known.note_good(address);
                call::record(|progress| progress.address = Some(address));
                Some(stream)
            }
            Err(error) => {
                self.failed(address, error);
                None
            }
        }
    }

    fn give_up(&mut self, now: Instant) {
        for (address, _) in self.begun.drain(..) {
            self.known.note_failed(address, now);
        }
    }

    fn failed(&mut self, address: SocketAddr, error: io::Error) {
        self.known.note_failed(address, Instant::now());
        call::record(|progress| progress.address = Some(address));
        self.failure = Some(Error::Io(error));
    }
}

fn new_socket(address: SocketAddr) -> io::Result<OwnedFd> {
    let family = if address.is_ipv4() {
        AddressFamily::INET
    } else {
        AddressFamily::INET6
    };
    socket::new(family)
}

fn without_delay(socket: OwnedFd) -> io::Result<TcpStream> {
    set_tcp_nodelay(&socket, true)?;
    socket::made(socket)
}
