//! The outermost link of the connector chain: it sees what the request itself puts on the wire.
//!
//! ureq hands a request's head and its body over one after the other. Sent like that they are two
//! packets, and two records of TLS, and wake the server twice: so they are gathered here.

use std::mem;
use std::sync::Arc;
use std::time::Instant;

use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
};

use super::call;
use super::pool::{Kept, Pool};

/// Takes a kept connection, or has a connector chain make one.
#[derive(Debug)]
pub(super) struct Link<C> {
    pub(super) chain: C,
    pub(super) pool: Arc<Pool>,
}

impl<C: Connector> Connector for Link<C> {
    type Out = Either<C::Out, Connection>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        if call::is_to_proxy() {
            // What goes to a proxy to open the tunnel is not the request.
            return Ok(self.chain.connect(details, chained)?.map(Either::A));
        }
        call::left(&details.timeout)?;
        let terms = call::terms();
        let began = terms.map_or_else(Instant::now, |terms| terms.began);
        let after_loss = terms.and_then(|terms| terms.after_loss);
        let kept = match self.pool.take(details.uri, began, after_loss) {
            Some(kept) => {
                call::record(|progress| progress.address = kept.address);
                Some(kept)
            }
            None => self.make(details, chained)?,
        };
        call::record(|progress| progress.connected = true);
        Ok(kept.map(|kept| Either::B(Connection::new(kept, Arc::clone(&self.pool)))))
    }
}

impl<C: Connector> Link<C> {
    fn make(
        &self,
        details: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<Kept>, Error> {
        let opened = Instant::now();
        let made = call::connecting(|| self.chain.connect(details, chained))?;
        call::record(|progress| progress.fresh = true);
        let address = call::progress().address;
        Ok(made.and_then(|made| Kept::new(details.uri, made.boxed(), address, opened)))
    }
}

/// A connection above TLS: its bytes are those of one request and its answer.
#[derive(Debug)]
pub(super) struct Connection {
    /// Nothing where it went back to the pool.
    kept: Option<Kept>,
    pool: Arc<Pool>,
    /// Output that goes out with the next, or before the answer is waited for.
    gathered: Vec<u8>,
    /// What is read and written after it went back, which nobody does.
    nothing: LazyBuffers,
}

impl Connection {
    fn new(kept: Kept, pool: Arc<Pool>) -> Connection {
        Connection {
            kept: Some(kept),
            pool,
            gathered: Vec::new(),
            nothing: LazyBuffers::new(1, 1),
        }
    }

    fn inner(&mut self) -> Result<&mut dyn Transport, Error> {
        match &mut self.kept {
            Some(kept) => Ok(&mut *kept.transport),
            None => Err(Error::ConnectionFailed),
        }
    }

    fn send(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        // Before the write: one that fails may have sent a part.
        if amount > 0 {
            call::record(|progress| progress.sent = true);
        }
        self.inner()?.transmit_output(amount, timeout)
    }

    fn send_gathered(&mut self, timeout: NextTimeout) -> Result<(), Error> {
        let gathered = mem::take(&mut self.gathered);
        if gathered.is_empty() {
            return Ok(());
        }
        if let Some(output) = self.buffers().output().get_mut(..gathered.len()) {
            output.copy_from_slice(&gathered);
        }
        self.send(gathered.len(), timeout)
    }
}

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        match &mut self.kept {
            Some(kept) => kept.transport.buffers(),
            None => &mut self.nothing,
        }
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let mut gathered = mem::take(&mut self.gathered);
        let output = self.buffers().output();
        let is_too_much = gathered.len() + amount > output.len();
        let output = output.get(..amount).unwrap_or_default();
        if !is_too_much {
            gathered.extend_from_slice(output);
            self.gathered = gathered;
            return Ok(());
        }
        // Both together are too much for the buffer, so what was gathered goes ahead of the rest.
        let rest = output.to_vec();
        self.gathered = gathered;
        self.send_gathered(timeout)?;
        self.gathered = rest;
        self.send_gathered(timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.send_gathered(timeout)?;
        // A read into no room would look like the peer's end.
        if self.buffers().input_append_buf().is_empty() {
            let size = self.buffers().input().len();
            return Err(Error::LargeResponseHeader(size, size));
        }
        let progressed = self.inner()?.await_input(timeout)?;
        if progressed {
            call::record(|progress| progress.received = true);
        }
        Ok(progressed)
    }

    /// ureq asks when an answer was read to its end and the connection can serve again. It then
    /// goes back to our pool, and ureq is told that it has none.
    fn is_open(&mut self) -> bool {
        if let Some(kept) = self.kept.take()
            && self.gathered.is_empty()
            && !call::progress().cut_short
        {
            self.pool.put(kept, Instant::now());
        }
        false
    }

    fn is_tls(&self) -> bool {
        self.kept
            .as_ref()
            .is_some_and(|kept| kept.transport.is_tls())
    }
}
