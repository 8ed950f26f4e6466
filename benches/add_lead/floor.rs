//! The least that a lead over TLS can take: the same bytes written, and the same answer read, with
//! nothing looked at.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

pub struct Loop {
    stream: StreamOwned<ClientConnection, TcpStream>,
    request: Vec<u8>,
    answer: [u8; 4096],
}

impl Loop {
    pub fn connect(url: &str, ca_file: &str, body: &str) -> Loop {
        let host = url.strip_prefix("https://").expect("TLS");
        let tcp = TcpStream::connect(host).expect("a connection");
        tcp.set_nodelay(true).expect("a connection");
        let tls = ClientConnection::new(
            Arc::new(config(ca_file)),
            ServerName::try_from("localhost").expect("a name"),
        );
        let request = format!(
            "POST /api/AddLeadToGroup HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\nhost: {host}\r\n\
             user-agent: justclick/{}\r\naccept: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            env!("CARGO_PKG_VERSION"),
            body.len()
        );
        Loop {
            stream: StreamOwned::new(tls.expect("a connection"), tcp),
            request: request.into_bytes(),
            answer: [0; 4096],
        }
    }

    pub fn send(&mut self) {
        self.stream.write_all(&self.request).expect("a request");
        self.stream.flush().expect("a request");
        let mut length = 0;
        // The answer is one object of JSON, and nothing before its end closes a brace.
        while self.answer[..length].last() != Some(&b'}') {
            let count = self
                .stream
                .read(&mut self.answer[length..])
                .expect("an answer");
            assert!(count > 0, "the answer ends too early");
            length += count;
        }
    }
}

fn config(ca_file: &str) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(ca_file).expect("a file");
    roots.add_parsable_certificates(certificates.flatten());
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("protocols")
        .with_root_certificates(roots)
        .with_no_client_auth()
}
