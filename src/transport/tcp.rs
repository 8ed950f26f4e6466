//! TCP connections whose every step ends by the call's deadline.
//!
//! ureq's own grants a whole second where nothing is left, gives each partial write the full
//! time-out again, and counts a connection's time from the start of each address's turn.

use std::io::{self, ErrorKind, Read, Write};
use std::mem;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::{RecvFlags, recv};
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};

use super::call;

/// Connects where no earlier link has made a connection.
#[derive(Debug)]
pub(super) struct TcpLink;

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
        let stream = connect_any(&details.addrs, &details.timeout)?;
        stream.set_nodelay(true)?;
        let buffers = LazyBuffers::new(
            details.config.input_buffer_size(),
            details.config.output_buffer_size(),
        );
        Ok(Some(Either::B(TcpTransport::new(stream, buffers))))
    }
}

/// Tries the addresses in turn; each but the last has half of the time that is left.
fn connect_any(addresses: &[SocketAddr], timeout: &NextTimeout) -> Result<TcpStream, Error> {
    let mut failed = Error::HostNotFound;
    for (position, address) in addresses.iter().enumerate() {
        let left = call::left(timeout)?;
        let is_last = position + 1 == addresses.len();
        let share = if is_last { left } else { left / 2 };
        match TcpStream::connect_timeout(address, share.max(Duration::from_millis(1))) {
            Ok(stream) => return Ok(stream),
            Err(error) => failed = interpreted(error, timeout),
        }
    }
    Err(failed)
}

fn interpreted(error: io::Error, timeout: &NextTimeout) -> Error {
    match error.kind() {
        ErrorKind::TimedOut => Error::Timeout(timeout.reason),
        _ => Error::Io(error),
    }
}

/// How much later than it should a step may end, so that a time-out of the socket serves more than
/// one: to set it anew is a call of the system.
const SLACK: Duration = Duration::from_millis(5);

/// A connection whose reads and writes block, at most as long as the call has time left.
#[derive(Debug)]
pub(super) struct TcpTransport {
    stream: TcpStream,
    buffers: LazyBuffers,
    read_timeout: SocketTimeout,
    write_timeout: SocketTimeout,
    /// Input came since the connection was last asked whether it is open.
    has_read: bool,
}

impl TcpTransport {
    fn new(stream: TcpStream, buffers: LazyBuffers) -> TcpTransport {
        TcpTransport {
            stream,
            buffers,
            read_timeout: SocketTimeout::default(),
            write_timeout: SocketTimeout::default(),
            has_read: false,
        }
    }
}

/// How long the socket blocks in one direction; for ever where nothing was set.
#[derive(Debug, Default)]
struct SocketTimeout(Option<Duration>);

impl SocketTimeout {
    /// Sees to it that the next step ends with the time that is left.
    fn fit(
        &mut self,
        left: Duration,
        set: impl FnOnce(Option<Duration>) -> io::Result<()>,
    ) -> io::Result<()> {
        let longest = left.saturating_add(SLACK);
        if self.0.is_none_or(|timeout| timeout > longest) {
            set(Some(left))?;
            self.0 = Some(left);
        }
        Ok(())
    }

    /// Decides whether a step that failed is to be made again. A time-out of the socket that came
    /// before the call's own was set for an earlier step, and a signal ends a step as well.
    fn after(&mut self, error: io::Error, timeout: &NextTimeout) -> Result<(), Error> {
        match error.kind() {
            ErrorKind::Interrupted => Ok(()),
            ErrorKind::WouldBlock => {
                self.0 = None;
                Ok(())
            }
            _ => Err(interpreted(error, timeout)),
        }
    }
}

impl Transport for TcpTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let mut written = 0;
        while written < amount {
            let left = call::left(&timeout)?;
            self.write_timeout
                .fit(left, |new| self.stream.set_write_timeout(new))?;
            let output = self
                .buffers
                .output()
                .get(written..amount)
                .unwrap_or_default();
            match self.stream.write(output) {
                Ok(0) => return Err(Error::Io(ErrorKind::WriteZero.into())),
                Ok(count) => written += count,
                Err(error) => self.write_timeout.after(error, &timeout)?,
            }
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        loop {
            let left = call::left(&timeout)?;
            self.read_timeout
                .fit(left, |new| self.stream.set_read_timeout(new))?;
            match self.stream.read(self.buffers.input_append_buf()) {
                Ok(amount) => {
                    self.has_read = true;
                    self.buffers.input_appended(amount);
                    return Ok(amount > 0);
                }
                Err(error) => self.read_timeout.after(error, &timeout)?,
            }
        }
    }

    /// An idle connection is open where a look at it would wait: no end, and no unasked bytes. ureq
    /// asks when an answer was read and before the next request; the latter look sees all.
    fn is_open(&mut self) -> bool {
        if mem::take(&mut self.has_read) {
            return true;
        }
        let look = recv(
            &self.stream,
            &mut [0],
            RecvFlags::PEEK | RecvFlags::DONTWAIT,
        );
        matches!(look, Err(Errno::AGAIN))
    }
}
