//! TCP connections whose every step ends by the call's deadline.
//!
//! ureq's own grants a whole second where nothing is left, gives each partial write the full
//! time-out again, and counts a connection's time from the start of each address's turn.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
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
        stream.set_nonblocking(true)?;
        let buffers = LazyBuffers::new(
            details.config.input_buffer_size(),
            details.config.output_buffer_size(),
        );
        Ok(Some(Either::B(TcpTransport { stream, buffers })))
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

/// A connection that never blocks: it is waited for, where it must be, with what time is left.
/// That takes fewer calls of the system than to set a time-out of the socket for each step.
#[derive(Debug)]
pub(super) struct TcpTransport {
    stream: TcpStream,
    buffers: LazyBuffers,
}

impl TcpTransport {
    /// Waits until the connection is ready, or an error of its own can be read off it.
    fn wait(&self, readiness: PollFlags, timeout: &NextTimeout) -> Result<(), Error> {
        let left = Timespec::try_from(call::left(timeout)?).ok();
        match poll(&mut [PollFd::new(&self.stream, readiness)], left.as_ref()) {
            Ok(0) => Err(Error::Timeout(timeout.reason)),
            // After a signal's handler the caller finds out that it must wait again.
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(Error::Io(error.into())),
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
            let output = self
                .buffers
                .output()
                .get(written..amount)
                .unwrap_or_default();
            match self.stream.write(output) {
                Ok(0) => return Err(Error::Io(ErrorKind::WriteZero.into())),
                Ok(count) => written += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.wait(PollFlags::OUT, &timeout)?;
                }
                Err(error) => return Err(interpreted(error, &timeout)),
            }
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        loop {
            self.wait(PollFlags::IN, &timeout)?;
            match self.stream.read(self.buffers.input_append_buf()) {
                Ok(amount) => {
                    self.buffers.input_appended(amount);
                    return Ok(amount > 0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(interpreted(error, &timeout)),
            }
        }
    }

    /// An idle connection is open where a look at it would wait: no end, and no unasked bytes.
    fn is_open(&mut self) -> bool {
        let look = self.stream.peek(&mut [0]);
        matches!(look, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }
}
