//! TLS around a connection.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};

use super::wire::{Wire, polled, polled_read};

/// TLS with a server of this name.
pub(super) struct Encryption {
    pub(super) config: Arc<ClientConfig>,
    pub(super) name: ServerName<'static>,
}

/// A handshake that goes on.
pub(super) struct Handshake(Option<Begun>);

/// A connection under TLS.
pub(super) struct Encrypted(StreamOwned<ClientConnection, Wire>);

enum Begun {
    Failed(rustls::Error),
    Stream(Box<StreamOwned<ClientConnection, Wire>>),
}

impl TlsConnect<Wire> for Encryption {
    type Stream = Encrypted;
    type Error = io::Error;
    type Future = Handshake;

    fn connect(self, wire: Wire) -> Handshake {
        let begun = match ClientConnection::new(self.config, self.name) {
            Ok(connection) => Begun::Stream(Box::new(StreamOwned::new(connection, wire))),
            Err(error) => Begun::Failed(error),
        };
        Handshake(Some(begun))
    }
}

impl Future for Handshake {
    type Output = io::Result<Encrypted>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<Encrypted>> {
        let mut stream = match self.0.take() {
            Some(Begun::Stream(stream)) => stream,
            Some(Begun::Failed(error)) => return Poll::Ready(Err(io::Error::other(error))),
            None => return Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        };
        let StreamOwned { conn, sock } = &mut *stream;
        match polled(|| conn.complete_io(sock)) {
            Poll::Ready(Ok(_)) => Poll::Ready(Ok(Encrypted(*stream))),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                self.0 = Some(Begun::Stream(stream));
                Poll::Pending
            }
        }
    }
}

impl TlsStream for Encrypted {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        polled_read(&mut self.0, buffer)
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        polled(|| match self.0.write(bytes)? {
            // What is buffered already goes first.
            0 if !bytes.is_empty() => {
                self.0.flush()?;
                self.0.write(bytes)
            }
            written => Ok(written),
        })
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        polled(|| self.0.flush())
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.conn.send_close_notify();
        polled(|| self.0.flush())
    }
}

/// No TLS, where none is needed.
pub(super) struct Absent;

impl TlsConnect<Wire> for Absent {
    type Stream = Encrypted;
    type Error = io::Error;
    type Future = std::future::Ready<io::Result<Encrypted>>;

    fn connect(self, _: Wire) -> Self::Future {
        std::future::ready(Err(io::ErrorKind::Unsupported.into()))
    }
}
