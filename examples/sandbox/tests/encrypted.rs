//! TLS with the sandbox's own certificate authority.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::sandbox::{Behaviour, Options, Sandbox};
use crate::talk::{LEAD, PATH, demo_secret, head, signed, verdict};

fn encrypted() -> Sandbox {
    Sandbox::start(Options {
        tls: true,
        ..Options::demo()
    })
    .unwrap()
}

fn connected(
    sandbox: &Sandbox,
    ca_pem: &str,
    name: &'static str,
) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap())
        .unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let url = sandbox.base_url();
    let port = url.strip_prefix("https://localhost:").unwrap();
    let stream = TcpStream::connect(("127.0.0.1", port.parse().unwrap())).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let name = ServerName::try_from(name).unwrap();
    StreamOwned::new(
        ClientConnection::new(Arc::new(config), name).unwrap(),
        stream,
    )
}

#[test]
fn each_of_its_names_is_proven_to_who_trusts_its_authority() {
    let sandbox = encrypted();
    let body = signed(LEAD);
    let head = head("POST", PATH, "localhost");
    let request = format!(
        "{head}Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    for (name, code) in [("localhost", 0), ("127.0.0.1", 102), ("::1", 102)] {
        let mut stream = connected(&sandbox, sandbox.ca_pem().unwrap(), name);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        // An end without the farewell of TLS would be an error here.
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(verdict(&answer, &demo_secret()).0, code);
    }
    let other = encrypted();
    for (ca_pem, name) in [
        (sandbox.ca_pem().unwrap(), "example.com"),
        (other.ca_pem().unwrap(), "localhost"),
    ] {
        let mut stream = connected(&sandbox, ca_pem, name);
        let refused = stream.write_all(request.as_bytes()).unwrap_err();
        assert!(
            refused.to_string().contains("invalid peer certificate"),
            "{refused}"
        );
    }
    assert_eq!(sandbox.requests(), 3);
}

#[test]
fn dropping_cuts_encrypted_connections_too() {
    let sandbox = encrypted();
    let mut silent =
        TcpStream::connect(sandbox.base_url().replace("https://localhost", "127.0.0.1")).unwrap();
    let mut trickling = connected(&sandbox, sandbox.ca_pem().unwrap(), "localhost");
    sandbox.next(Behaviour::TrickleForever);
    let request = format!("{}\r\n", head("GET", PATH, "localhost"));
    trickling.write_all(request.as_bytes()).unwrap();
    trickling.read_exact(&mut [0; 90]).unwrap();
    let start = Instant::now();
    drop(sandbox);
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!(trickling.read_to_end(&mut Vec::new()).is_err());
    silent.read_to_end(&mut Vec::new()).unwrap();
}
