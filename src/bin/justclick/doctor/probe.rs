//! A look at whoever answers at the service's address: the certificate and the time. Whoever it is is
//! asked, so nothing is sent that matters: neither username nor hash.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use justclick::Route;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme, StreamOwned,
};

const PATIENCE: Duration = Duration::from_secs(5);
const HEAD_LIMIT: usize = 16 * 1024;
const HEADERS: usize = 100;

/// What was seen; each may be missing.
#[derive(Default)]
pub struct Seen {
    pub certificate: Option<Vec<u8>>,
    /// The time that was told, and when it was here.
    pub date: Option<(SystemTime, SystemTime)>,
}

/// Looks, and leaves out what cannot be seen.
pub fn look(route: &Route) -> Seen {
    let mut seen = Seen::default();
    // The rest is left out, and nothing hangs on it.
    let _ = see(route, &mut seen);
    seen
}

fn see(route: &Route, seen: &mut Seen) -> io::Result<()> {
    let host = &route.host;
    let end = Instant::now() + PATIENCE;
    let mut stream = match &route.proxy {
        None => connected(host, route.port)?,
        // A plain request through a proxy would tell the proxy's time.
        Some(_) if !route.is_encrypted => return Ok(()),
        Some((proxy, port)) => tunnel(connected(proxy, *port)?, route, end)?,
    };
    let named = authority(route);
    let request = format!("HEAD / HTTP/1.1\r\nHost: {named}\r\nConnection: close\r\n\r\n");
    let head = if route.is_encrypted {
        let recorder = Arc::new(Recorder::default());
        let mut stream = encrypted(host, stream, Arc::clone(&recorder))?;
        let head = answered(&mut stream, &request, end);
        seen.certificate = (recorder.seen.lock())
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        head?
    } else {
        answered(&mut stream, &request, end)?
    };
    seen.date = header(&head, "date")
        .and_then(|date| httpdate::parse_http_date(&date).ok())
        .map(|date| (date, SystemTime::now()));
    Ok(())
}

fn authority(route: &Route) -> String {
    let (host, port) = (&route.host, route.port);
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

fn connected(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(stream) => {
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn tunnel(mut stream: TcpStream, route: &Route, end: Instant) -> io::Result<TcpStream> {
    let named = authority(route);
    let request = format!("CONNECT {named} HTTP/1.1\r\nHost: {named}\r\n\r\n");
    let head = answered(&mut stream, &request, end)?;
    let status = head.split(|byte| *byte == b' ').nth(1);
    match status {
        Some([b'2', ..]) => Ok(stream),
        _ => Err(io::ErrorKind::ConnectionRefused.into()),
    }
}

/// Sends a request, and reads the head of the answer.
fn answered(stream: &mut (impl Read + Write), request: &str, end: Instant) -> io::Result<Vec<u8>> {
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > HEAD_LIMIT || Instant::now() > end {
            return Err(io::ErrorKind::TimedOut.into());
        }
        // One at a time, since what follows in a tunnel is TLS.
        stream.read_exact(&mut byte)?;
        head.extend_from_slice(&byte);
    }
    Ok(head)
}

fn header(head: &[u8], name: &str) -> Option<String> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut parsed = httparse::Response::new(&mut headers);
    parsed.parse(head).ok()?;
    let found = (parsed.headers.iter()).find(|header| header.name.eq_ignore_ascii_case(name))?;
    String::from_utf8(found.value.to_vec()).ok()
}

fn encrypted(
    host: &str,
    stream: TcpStream,
    recorder: Arc<Recorder>,
) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(recorder)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
    Ok(StreamOwned::new(connection, stream))
}

/// Keeps the certificate, whoever signed it: it is looked at, and not believed.
#[derive(Debug)]
struct Recorder {
    provider: CryptoProvider,
    seen: Mutex<Option<Vec<u8>>>,
}

impl Default for Recorder {
    fn default() -> Recorder {
        Recorder {
            provider: ring::default_provider(),
            seen: Mutex::default(),
        }
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = Some(certificate.to_vec());
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let known = &self.provider.signature_verification_algorithms;
        known.supported_schemes()
    }
}
