//! TCP connections whose every step ends by the call's deadline.
//!
//! ureq's own grants a whole second where nothing is left, gives each partial write the full
//! time-out again, and counts a connection's time from the start of each address's turn.

use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags};
use rustix::io::Errno;
use rustix::net::{RecvFlags, recv, send};
use ureq::Error;
use ureq::unversioned::resolver::Resolver;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};

use super::addresses::Addresses;
use super::resolver::RememberingResolver;
use super::target::{bare_host, port};
use super::{call, race, socket, wait};

/// Finds the addresses of a name and connects to one of them, where no earlier link has made a
/// connection.
#[derive(Debug)]
pub(super) struct TcpLink {
    pub(super) addresses: Arc<Addresses>,
    pub(super) resolver: RememberingResolver,
}

impl<In: Transport> Connector<In> for TcpLink {
    type Out = Either<In, TcpTransport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        if let Some(tunnel) = chained {
            return Ok(Some(Either::A(tunnel)));
        }
        let found = (self.resolver).resolve(details.uri, details.config, details.timeout)?;
        let made = race::run(&found, &details.timeout, &self.addresses);
        let stream = made.inspect_err(|_| {
            if !call::progress().interrupted {
                self.resolver
                    .expire(bare_host(details.uri), port(details.uri));
            }
        })?;
        let buffers = LazyBuffers::new(
            details.config.input_buffer_size(),
            details.config.output_buffer_size(),
        );
        Ok(Some(Either::B(TcpTransport::new(stream, buffers)?)))
    }
}

/// A connection whose reads and writes last at most as long as the call has time left.
#[derive(Debug)]
pub(super) struct TcpTransport {
    stream: TcpStream,
    buffers: LazyBuffers,
    /// How long a read blocks by itself.
    blocks: Duration,
    /// Why the peer takes nothing more; it may have answered all the same.
    refuses: Option<io::Error>,
}

impl TcpTransport {
    fn new(stream: TcpStream, buffers: LazyBuffers) -> io::Result<TcpTransport> {
        // A read that blocks finds its bytes with one call of the system, and would end late with
        // a time-out of its own. So it blocks for a part of the time, and `poll` waits for the rest.
        let blocks = (call::left_in_all() * 3 / 4).max(Duration::from_millis(1));
        stream.set_read_timeout(Some(blocks))?;
        Ok(TcpTransport {
            stream,
            buffers,
            blocks,
            refuses: None,
        })
    }

    /// Whether a read that blocks ends in time, though it ends up to an eighth late. It asks nobody
    /// whether the call shall end.
    fn may_block(&self, left: Duration) -> bool {
        !call::asks() && self.blocks + self.blocks / 8 + Duration::from_millis(20) < left
    }

    fn wait_for_input(&self, left: Duration) -> Result<(), Error> {
        wait::any(&mut [PollFd::new(&self.stream, PollFlags::IN)], left)
    }

    /// Waits until more can be written. Where the peer answers before it has read everything, the
    /// rest is not written.
    fn wait_for_room(&mut self, left: Duration) -> Result<(), Error> {
        let mut flags = PollFlags::OUT;
        // Under TLS there are bytes of other kinds as well, and an answer cannot be told from them.
        if call::takes_answers_early() {
            flags |= PollFlags::IN;
        }
        let mut waited_for = [PollFd::new(&self.stream, flags)];
        wait::any(&mut waited_for, left)?;
        let found = waited_for[0].revents();
        // Windows tells of one kind of input alone.
        if !found.is_empty() && PollFlags::IN.contains(found) {
            self.write_no_more(ErrorKind::BrokenPipe.into());
        }
        Ok(())
    }

    fn write_no_more(&mut self, error: io::Error) {
        self.refuses = Some(error);
        call::record(|progress| progress.cut_short = true);
    }
}

impl Transport for TcpTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let mut written = 0;
        while written < amount && self.refuses.is_none() {
            let output = self.buffers.output();
            let output = output.get(written..amount).unwrap_or_default();
            match send(&self.stream, output, socket::SEND_AT_ONCE) {
                Ok(0) => return Err(Error::Io(ErrorKind::WriteZero.into())),
                Ok(count) => written += count,
                Err(Errno::AGAIN) => self.wait_for_room(call::left(&timeout)?)?,
                Err(Errno::INTR) => call::after_signal()?,
                Err(errno) if socket::is_refusal(errno) => self.write_no_more(errno.into()),
                Err(errno) => return Err(Error::Io(errno.into())),
            }
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let mut has_blocked = false;
        loop {
            let left = call::left(&timeout)?;
            let mut flags = RecvFlags::empty();
            if has_blocked || !self.may_block(left) {
                self.wait_for_input(left)?;
                flags = socket::RECEIVE_AT_ONCE;
            }
            match recv(&self.stream, self.buffers.input_append_buf(), flags) {
                Ok((amount, _)) if amount > 0 => {
                    self.buffers.input_appended(amount);
                    return Ok(true);
                }
                Ok(_) => return self.ended(None),
                Err(Errno::AGAIN) => has_blocked = true,
                Err(Errno::INTR) => call::after_signal()?,
                Err(errno) => return self.ended(Some(errno.into())),
            }
        }
    }

    /// An idle connection is open where a look at it would wait: no end, and no unasked bytes.
    fn is_open(&mut self) -> bool {
        if !self.buffers.input().is_empty() {
            return false;
        }
        let flags = RecvFlags::PEEK | socket::RECEIVE_AT_ONCE;
        matches!(recv(&self.stream, &mut [0], flags), Err(Errno::AGAIN))
    }
}

impl TcpTransport {
    /// Without an answer, what the write met is the reason.
    fn ended(&mut self, error: Option<io::Error>) -> Result<bool, Error> {
        if let Some(refused) = self.refuses.take()
            && !call::progress().received
        {
            return Err(Error::Io(refused));
        }
        match error {
            Some(error) => Err(Error::Io(error)),
            None => Ok(false),
        }
    }
}
