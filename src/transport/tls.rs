//! TLS by rustls, with its cryptography chosen here and not from the process's default.

use std::fmt;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use once_cell::race::OnceBox;
use rustls::pki_types::ServerName;
use rustls::{AlertDescription, CertificateError, ClientConfig, ClientConnection, StreamOwned};
use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport,
    TransportAdapter,
};

use super::call;
use super::failure::{FailureKind, Refusal, bare_host};
use super::roots;

/// What every TLS connection of a process shares; made at the first that is needed.
#[derive(Debug)]
pub(super) struct TlsSettings {
    ca_file: Option<PathBuf>,
    config: OnceBox<Arc<ClientConfig>>,
}

impl TlsSettings {
    pub(super) fn new(ca_file: Option<PathBuf>) -> TlsSettings {
        TlsSettings {
            ca_file,
            config: OnceBox::new(),
        }
    }

    /// Fails where the trusted certificates cannot be read.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, String> {
        self.config
            .get_or_try_init(|| self.build().map(|config| Box::new(Arc::new(config))))
            .map(Arc::clone)
    }

    fn build(&self) -> Result<ClientConfig, String> {
        verifying("ca_file", self.ca_file.as_deref())
    }
}

/// `label` names the file of trusted certificates in messages.
pub(super) fn verifying(label: &str, ca_file: Option<&Path>) -> Result<ClientConfig, String> {
    let roots = roots::trusted(label, ca_file)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Wraps a connection in TLS where the scheme is `https`.
#[derive(Debug)]
pub(super) struct TlsLink(pub(super) Arc<TlsSettings>);

impl<In: Transport> Connector<In> for TlsLink {
    type Out = Either<In, TlsTransport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        match chained {
            Some(transport) if details.needs_tls() => {
                let transport = self.handshake(details, transport)?;
                Ok(Some(Either::B(transport)))
            }
            plain => Ok(plain.map(Either::A)),
        }
    }
}

impl TlsLink {
    fn handshake(
        &self,
        details: &ConnectionDetails,
        transport: impl Transport,
    ) -> Result<TlsTransport, Error> {
        let host = bare_host(details.uri);
        let config = self
            .0
            .config()
            .map_err(|detail| Refusal::error(FailureKind::Tls, detail))?;
        let name = ServerName::try_from(host.to_owned()).map_err(|_| {
            Refusal::error(
                FailureKind::Tls,
                format!("{host} is not a name a certificate can have"),
            )
        })?;
        let mut conn = ClientConnection::new(config, name)
            .map_err(|error| Refusal::error(FailureKind::Tls, explain(host, &error)))?;
        let mut sock = TransportAdapter::new(transport.boxed(), details.current_time.clone());
        sock.set_timeout(within_call(details.timeout)?);
        conn.complete_io(&mut sock)
            .map_err(|error| handshake_error(host, error))?;
        let buffers = LazyBuffers::new(
            details.config.input_buffer_size(),
            details.config.output_buffer_size(),
        );
        Ok(TlsTransport {
            stream: StreamOwned { conn, sock },
            buffers,
        })
    }
}

fn within_call(timeout: NextTimeout) -> Result<NextTimeout, Error> {
    let after = call::left(&timeout)?.into();
    Ok(NextTimeout { after, ..timeout })
}

/// Only what the peer is is a TLS failure; a garbled handshake may be tried again, as a lost
/// connection may.
fn handshake_error(host: &str, error: io::Error) -> Error {
    let cause = error.get_ref().and_then(|inner| inner.downcast_ref());
    match cause {
        Some(cause) if is_of_the_peer(cause) => {
            Refusal::error(FailureKind::Tls, explain(host, cause))
        }
        Some(cause) => Refusal::error(
            FailureKind::Unreachable,
            format!("the TLS handshake with {host} went wrong: {cause}"),
        ),
        None => match Error::from(error) {
            Error::Io(cause) => Refusal::error(
                FailureKind::Unreachable,
                format!("the connection to {host} was lost in the TLS handshake: {cause}"),
            ),
            other => other,
        },
    }
}

/// Whether the peer has a wrong certificate, or none, or says that it shares no version or cipher
/// with us. That stays so until somebody changes it.
fn is_of_the_peer(error: &rustls::Error) -> bool {
    use rustls::Error::{
        AlertReceived, InvalidCertificate, NoCertificatesPresented, PeerIncompatible,
    };
    match error {
        InvalidCertificate(_) | NoCertificatesPresented | PeerIncompatible(_) => true,
        AlertReceived(alert) => matches!(
            alert,
            AlertDescription::HandshakeFailure
                | AlertDescription::ProtocolVersion
                | AlertDescription::InsufficientSecurity
        ),
        _ => false,
    }
}

pub(super) fn explain(host: &str, error: &rustls::Error) -> String {
    use CertificateError::*;
    let rustls::Error::InvalidCertificate(cause) = error else {
        return format!("TLS with {host} failed: {error}");
    };
    let cause = match cause {
        Expired | ExpiredContext { .. } => "it has expired",
        NotValidYet | NotValidYetContext { .. } => {
            "it is not valid yet; is this machine's clock right?"
        }
        UnknownIssuer => "unknown issuer",
        NotValidForName | NotValidForNameContext { .. } => "it is for another name",
        Revoked => "it has been revoked",
        other => return format!("the certificate of {host} was not accepted: {other}"),
    };
    format!("the certificate of {host} was not accepted: {cause}")
}

pub(super) struct TlsTransport {
    stream: StreamOwned<ClientConnection, TransportAdapter>,
    buffers: LazyBuffers,
}

impl Transport for TlsTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        self.stream.write_all(output)?;
        // rustls passes over an error of the write itself; the flush meets it.
        self.stream.flush()?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.get_mut().set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

impl fmt::Debug for TlsTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsTransport").finish_non_exhaustive()
    }
}
