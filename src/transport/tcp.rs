//! TCP connections whose every step ends by the call's deadline.
//!
//! ureq's own grants a whole second where nothing is left, gives each partial write the full
//! time-out again, and counts a connection's time from the start of each address's turn.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

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

/// The system's two words for an expired socket time-out become ureq's one.
fn interpreted(error: io::Error, timeout: &NextTimeout) -> Error {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Error::Timeout(timeout.reason),
        _ => Error::Io(error),
    }
}

#[derive(Debug)]
pub(super) struct TcpTransport {
    stream: TcpStream,
    buffers: LazyBuffers,
}

impl Transport for TcpTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let mut output = self.buffers.output().get(..amount).unwrap_or_default();
        while !output.is_empty() {
            self.stream.set_write_timeout(Some(call::left(&timeout)?))?;
            match self.stream.write(output) {
                Ok(0) => return Err(Error::Io(ErrorKind::WriteZero.into())),
                Ok(written) => output = output.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(interpreted(error, &timeout)),
            }
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let input = self.buffers.input_append_buf();
        loop {
            self.stream.set_read_timeout(Some(call::left(&timeout)?))?;
            match self.stream.read(input) {
                Ok(amount) => {
                    self.buffers.input_appended(amount);
                    return Ok(amount > 0);
                }
                // Linux does not restart a read with a time-out after a signal's handler.
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(interpreted(error, &timeout)),
            }
        }
    }

    /// An idle connection is open where a look at it would wait: no end, and no unasked bytes.
    fn is_open(&mut self) -> bool {
        let mut byte = [0];
        let would_wait = self.stream.set_nonblocking(true).is_ok()
            && matches!(self.stream.peek(&mut byte), Err(error) if error.kind() == ErrorKind::WouldBlock);
        self.stream.set_nonblocking(false).is_ok() && would_wait
    }
}
