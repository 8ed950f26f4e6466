//! A server that gives each request the same answer, encrypted or not, until the test ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The port of a server; its thread ends with the test's process.
pub fn start(answer: impl Into<String>, tls: Option<Arc<ServerConfig>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let answer = answer.into();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            let tls = tls.clone();
            std::thread::spawn(move || serve(stream, tls, &answer));
        }
    });
    port
}

/// A whole HTTP answer, after which the connection is closed.
pub fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} Answer\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// TLS for `localhost` with a certificate that is valid in these years, and the authority's certificate.
pub fn tls(years: [i32; 2]) -> (Arc<ServerConfig>, String) {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "test authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key"));
    let ca = ca.expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    [params.not_before, params.not_after] = years.map(|year| rcgen::date_time_ymd(year, 1, 1));
    let certificate = params.signed_by(&key, &ca).expect("a certificate");
    let secret = PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], secret.into())
        .expect("a certificate and its key");
    (Arc::new(config), ca.pem())
}

fn serve(stream: TcpStream, tls: Option<Arc<ServerConfig>>, answer: &str) {
    match tls {
        None => respond(&stream, &stream, answer),
        Some(config) => {
            let Ok(connection) = ServerConnection::new(config) else {
                return;
            };
            let mut stream = StreamOwned::new(connection, stream);
            // A client that refuses the certificate closes here.
            if stream.flush().is_err() {
                return;
            }
            let mut reader = BufReader::new(&mut stream);
            if read(&mut reader).is_some() {
                let _ = stream.write_all(answer.as_bytes());
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    }
}

fn respond(reader: impl Read, mut writer: impl Write, answer: &str) {
    if read(&mut BufReader::new(reader)).is_some() {
        let _ = writer.write_all(answer.as_bytes());
    }
}

/// Reads a request whole, so that closing the connection does not take the answer with it.
fn read(reader: &mut impl BufRead) -> Option<()> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some(number) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = number.trim().parse().ok()?;
        }
    }
    reader.read_exact(&mut vec![0; length]).ok()
}
