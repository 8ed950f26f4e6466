use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::NamedTempFile;

use super::server::{Server, ok};
use super::{TIMEOUT, settings, transport};
use crate::transport::{FailureKind, Transport, TransportSettings};

/// A server with a certificate of its own for `name`, and that certificate in a file.
fn server_for(name: &str) -> (Server, NamedTempFile) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), made.cert.pem()).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let server = Server::start(move |peer| {
        let tls = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut peer = peer.wrapped(|stream| StreamOwned::new(tls, stream));
        while peer.request() {
            peer.send(ok("{}").as_bytes());
        }
    });
    (server, file)
}

fn url(server: &Server, host: &str) -> String {
    format!("https://{host}:{}/", server.address.port())
}

fn trusting(ca_file: PathBuf) -> Transport {
    Transport::new(TransportSettings {
        ca_file: Some(ca_file),
        ..settings()
    })
}

#[test]
fn a_server_of_ca_file_is_trusted_and_its_connection_kept() {
    let (server, file) = server_for("localhost");
    let transport = trusting(file.path().to_owned());
    for _ in 0..3 {
        let reply = transport
            .post(&url(&server, "localhost"), "a=1", TIMEOUT)
            .unwrap();
        assert_eq!((reply.status, reply.body.as_slice()), (200, &b"{}"[..]));
    }
    assert_eq!(server.connections(), 1);
    assert!(server.requests()[0].ends_with("a=1"));
}

#[test]
fn a_server_of_an_unknown_issuer_is_refused() {
    let (server, _file) = server_for("localhost");
    let failure = transport()
        .post(&url(&server, "localhost"), "a=1", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls);
    assert!(!failure.may_have_arrived);
    assert_eq!(
        failure.detail,
        "the certificate of localhost was not accepted: unknown issuer"
    );
    assert!(server.requests().is_empty());
}

#[test]
fn ca_file_replaces_the_other_certificates() {
    let (server, _file) = server_for("localhost");
    let (_, other) = server_for("localhost");
    let failure = trusting(other.path().to_owned())
        .post(&url(&server, "localhost"), "a=1", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls);
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let (server, file) = server_for("other.example");
    let failure = trusting(file.path().to_owned())
        .post(&url(&server, "localhost"), "a=1", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls);
    assert_eq!(
        failure.detail,
        "the certificate of localhost was not accepted: it is for another name"
    );
    assert!(server.requests().is_empty());
}

#[test]
fn a_ca_file_that_cannot_be_used_is_told_before_anything_is_connected_to() {
    let (server, _file) = server_for("localhost");
    let empty = NamedTempFile::new().unwrap();
    for path in ["/nonexistent/ca.pem".into(), empty.path().to_owned()] {
        let failure = trusting(path)
            .post(&url(&server, "localhost"), "a=1", TIMEOUT)
            .unwrap_err();
        assert_eq!(failure.kind, FailureKind::Settings);
        assert!(failure.detail.starts_with("ca_file "), "{}", failure.detail);
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_server_that_speaks_no_tls_is_told_as_that() {
    let server = Server::start(|mut peer| peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    let failure = transport()
        .post(&url(&server, "127.0.0.1"), "a=1", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls, "{}", failure.detail);
    assert!(!failure.may_have_arrived);
}

#[test]
fn a_connection_lost_in_the_handshake_may_be_tried_again() {
    let server = Server::start(drop);
    let failure = transport()
        .post(&url(&server, "127.0.0.1"), "a=1", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable, "{}", failure.detail);
    assert!(!failure.may_have_arrived);
}
