//! TLS with a certificate authority of the test.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::NamedTempFile;

use super::server::{Peer, Server, ok};
use super::{PostUrl, TIMEOUT, settings, transport};
use crate::transport::{Failure, FailureKind, Transport, TransportSettings};

type TlsPeer = Peer<StreamOwned<ServerConnection, TcpStream>>;

/// A server with a certificate of its own for `name`, and that certificate in a file.
fn server_with(
    name: &str,
    behave: impl Fn(TlsPeer) + Send + Sync + 'static,
) -> (Server, NamedTempFile) {
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
        behave(peer.wrapped(|stream| StreamOwned::new(tls, stream)));
    });
    (server, file)
}

fn server_for(name: &str) -> (Server, NamedTempFile) {
    server_with(name, |mut peer| {
        while peer.request() {
            peer.send(ok("{}").as_bytes());
        }
    })
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
            .post_url(&url(&server, "localhost"), "a=1", TIMEOUT)
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
        .post_url(&url(&server, "localhost"), "a=1", TIMEOUT)
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
        .post_url(&url(&server, "localhost"), "a=1", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls);
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let (server, file) = server_for("other.example");
    let failure = trusting(file.path().to_owned())
        .post_url(&url(&server, "localhost"), "a=1", TIMEOUT)
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
            .post_url(&url(&server, "localhost"), "a=1", TIMEOUT)
            .unwrap_err();
        assert_eq!(failure.kind, FailureKind::Tls);
        assert!(failure.detail.starts_with("ca_file "), "{}", failure.detail);
    }
    let long = format!("/nonexistent/a\r\nb{}", "x".repeat(600));
    let failure = trusting(long.into())
        .post_url(&url(&server, "localhost"), "a=1", TIMEOUT)
        .unwrap_err();
    let shown = &failure.detail;
    assert!(shown.contains("a\\r\\nb") && shown.len() < 512, "{shown}");
    // A proxy reached by TLS needs them as well, whatever the target.
    let behind_proxy = Transport::new(TransportSettings {
        ca_file: Some("/nonexistent/ca.pem".into()),
        proxy: Some(url(&server, "localhost")),
        ..settings()
    });
    let failure = behind_proxy
        .post_url("http://far.example/", "a=1", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Tls);
    assert_eq!(server.connections(), 0);
}

/// The failure of a handshake to which a server answers with these bytes.
fn answered_with(bytes: &'static [u8]) -> Failure {
    let server = Server::start(move |mut peer| {
        let mut hello = [0; 5];
        let _ = peer.stream.read_exact(&mut hello);
        peer.send(bytes);
        // The end comes from the client: a reset could overtake the bytes.
        let _ = peer.stream.read_to_end(&mut Vec::new());
    });
    let failure = transport()
        .post_url(&url(&server, "127.0.0.1"), "a=1", TIMEOUT)
        .unwrap_err();
    assert!(!failure.may_have_arrived);
    failure
}

#[test]
fn a_garbled_handshake_may_be_tried_again() {
    for bytes in [
        b"HTTP/1.1 400 Bad Request\r\n\r\n".as_slice(),
        b"\x16\x03\x03\xff\xff",
        b"\x16\x03\x03\x00\x04\x63\x00\x00\x00",
        // The alert internal_error.
        b"\x15\x03\x03\0\x02\x02\x50",
    ] {
        let failure = answered_with(bytes);
        assert_eq!(failure.kind, FailureKind::Unreachable, "{}", failure.detail);
        assert!(failure.detail.contains("TLS handshake with 127.0.0.1"));
    }
}

#[test]
fn a_server_that_shares_no_version_or_cipher_with_us_is_told_as_that() {
    for alert in [
        b"\x15\x03\x03\0\x02\x02\x28".as_slice(),
        b"\x15\x03\x03\0\x02\x02\x46",
        b"\x15\x03\x03\0\x02\x02\x47",
    ] {
        let failure = answered_with(alert);
        assert_eq!(failure.kind, FailureKind::Tls, "{}", failure.detail);
    }
}

#[test]
fn a_connection_lost_in_the_handshake_may_be_tried_again() {
    let server = Server::start(drop);
    let failure = transport()
        .post_url(&url(&server, "127.0.0.1"), "a=1", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable, "{}", failure.detail);
    assert!(!failure.may_have_arrived);
}

#[test]
fn a_kept_connection_lost_before_the_answer_is_told_as_stale() {
    for says_goodbye in [true, false] {
        let (server, file) = server_with("localhost", move |mut peer| {
            if peer.request() {
                peer.send(ok("{}").as_bytes());
            }
            if peer.request() && peer.number > 1 {
                peer.send(ok("{}").as_bytes());
            } else if says_goodbye {
                peer.stream.conn.send_close_notify();
                let _ = peer.stream.flush();
            }
        });
        let transport = trusting(file.path().to_owned());
        let url = url(&server, "localhost");
        transport.post_url(&url, "a=1", TIMEOUT).unwrap();
        let failure = transport.post_url(&url, "a=2", TIMEOUT).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Stale, "{}", failure.detail);
        transport.post_url(&url, "a=2", TIMEOUT).unwrap();
        assert_eq!(server.connections(), 2);
    }
}

#[test]
fn a_proxy_may_be_reached_by_tls() {
    let (proxy, file) = server_with("localhost", |mut peer| {
        peer.request();
        peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n");
        // What comes through the tunnel is answered here.
        while peer.request() {
            peer.send(ok("{}").as_bytes());
        }
    });
    let transport = Transport::new(TransportSettings {
        ca_file: Some(file.path().to_owned()),
        proxy: Some(url(&proxy, "localhost")),
        ..settings()
    });
    let reply = transport
        .post_url("http://far.example/", "a=1", TIMEOUT)
        .unwrap();
    assert_eq!(reply.status, 200);
    let requests = proxy.requests();
    assert!(requests[0].starts_with("CONNECT far.example:80 "));
    assert!(requests[1].starts_with("POST / ") && requests[1].ends_with("a=1"));
}
