//! The outermost link of the connector chain: it sees what the request itself puts on the wire.
//!
//! ureq hands a request's head and its body over one after the other. Sent like that they are two
//! packets, and two records of TLS, and wake the server twice: so they are gathered here.

use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport,
};

use super::call;

/// Wraps a connector chain and watches the connections it makes.
#[derive(Debug)]
pub(super) struct Observed<C>(pub(super) C);

impl<C: Connector> Connector for Observed<C> {
    type Out = Either<C::Out, ObservedTransport<C::Out>>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        let (made, outermost) =
            call::connecting(*details.timeout.after, || self.0.connect(details, chained));
        let made = made?;
        if !outermost {
            // What goes to a proxy to open the tunnel is not the request.
            return Ok(made.map(Either::A));
        }
        call::record(|call| call.fresh = true);
        Ok(made.map(|transport| Either::B(ObservedTransport::new(transport))))
    }
}

/// A connection above TLS: its bytes are those of requests and answers.
#[derive(Debug)]
pub(super) struct ObservedTransport<T> {
    inner: T,
    /// Output that goes out with the next, or before the answer is waited for.
    gathered: Vec<u8>,
}

impl<T: Transport> ObservedTransport<T> {
    fn new(inner: T) -> ObservedTransport<T> {
        ObservedTransport {
            inner,
            gathered: Vec::new(),
        }
    }

    fn send(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        // Before the write: one that fails may have sent a part.
        if amount > 0 {
            call::record(|call| call.sent = true);
        }
        self.inner.transmit_output(amount, timeout)
    }

    fn send_gathered(&mut self, timeout: NextTimeout) -> Result<(), Error> {
        let amount = self.gathered.len();
        if amount == 0 {
            return Ok(());
        }
        if let Some(output) = self.inner.buffers().output().get_mut(..amount) {
            output.copy_from_slice(&self.gathered);
        }
        self.gathered.clear();
        self.send(amount, timeout)
    }
}

impl<T: Transport> Transport for ObservedTransport<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let output = self.inner.buffers().output();
        if self.gathered.len() + amount <= output.len() {
            let output = output.get(..amount).unwrap_or_default();
            self.gathered.extend_from_slice(output);
            return Ok(());
        }
        // Both together are too much for the buffer, so what was gathered goes ahead of the rest.
        let rest = output.get(..amount).unwrap_or_default().to_vec();
        self.send_gathered(timeout)?;
        self.gathered = rest;
        self.send_gathered(timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.send_gathered(timeout)?;
        // A read into no room would look like the peer's end.
        if self.inner.buffers().input_append_buf().is_empty() {
            let size = self.inner.buffers().input().len();
            return Err(Error::LargeResponseHeader(size, size));
        }
        let progressed = self.inner.await_input(timeout)?;
        if progressed {
            call::record(|call| call.received = true);
        }
        Ok(progressed)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
