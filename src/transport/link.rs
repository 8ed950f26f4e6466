//! The outermost link of the connector chain: it sees what the request itself puts on the wire.

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
        Ok(made.map(|transport| Either::B(ObservedTransport(transport))))
    }
}

/// A connection above TLS: its bytes are those of requests and answers.
#[derive(Debug)]
pub(super) struct ObservedTransport<T>(T);

impl<T: Transport> Transport for ObservedTransport<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        // Before the write: one that fails may have sent a part.
        if amount > 0 {
            call::record(|call| call.sent = true);
        }
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let progressed = self.0.await_input(timeout)?;
        if progressed {
            call::record(|call| call.received = true);
        }
        Ok(progressed)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}
