//! What a server can do, the call ends. The bounds on time are generous: the machine may be busy.

use std::thread;
use std::time::{Duration, Instant};

use super::server::{Server, ok};
use super::{PostUrl, settings, transport};
use crate::transport::{Failure, FailureKind, Transport, TransportSettings};

const SHORT: Duration = Duration::from_millis(300);
const PAUSE: Duration = Duration::from_millis(50);

/// Runs a call that must fail for lack of time, and not long after it.
fn late(transport: &Transport, url: &str, body: &str, limit: Duration, call: Duration) -> Failure {
    let started = Instant::now();
    let failure = transport.post_url(url, body, call).unwrap_err();
    let took = started.elapsed();
    println!("limit {limit:?}, took {took:?}: {}", failure.detail);
    assert!(took >= limit - Duration::from_millis(20), "{took:?}");
    assert!(took < limit * 3, "{took:?}");
    failure
}

#[test]
fn a_head_that_trickles() {
    let server = Server::start(|mut peer| {
        peer.request();
        peer.trickle(ok("{}").repeat(9).as_bytes(), PAUSE);
    });
    let failure = late(&transport(), &server.url(), "a=1", SHORT, SHORT);
    assert_eq!(failure.kind, FailureKind::Lost);
    assert!(failure.may_have_arrived);
    assert_eq!(failure.detail, "no answer from 127.0.0.1 within 0.3 s");
}

#[test]
fn a_body_that_trickles() {
    let server = Server::start(|mut peer| {
        peer.request();
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n");
        peer.trickle(&[b'x'; 999], PAUSE);
    });
    let failure = late(&transport(), &server.url(), "a=1", SHORT, SHORT);
    assert_eq!(failure.kind, FailureKind::Lost);
}

#[test]
fn silence_on_a_kept_connection_is_not_answered_by_a_second_copy() {
    let server = Server::start(|mut peer| {
        peer.request();
        peer.send(ok("{}").as_bytes());
        peer.request();
        thread::sleep(SHORT * 10);
    });
    let transport = transport();
    transport.post_url(&server.url(), "a=1", SHORT).unwrap();
    let failure = late(&transport, &server.url(), "a=1", SHORT, SHORT);
    assert_eq!(failure.kind, FailureKind::Lost);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_server_that_reads_slowly() {
    let server = Server::start(|mut peer| {
        use std::io::Read;
        let mut some = [0; 64 * 1024];
        while peer.stream.read(&mut some).is_ok_and(|count| count > 0) {
            thread::sleep(PAUSE);
        }
    });
    let body = "x".repeat(64 * 1024 * 1024);
    let failure = late(&transport(), &server.url(), &body, SHORT, SHORT);
    assert_eq!(failure.kind, FailureKind::Lost);
    assert!(failure.may_have_arrived);
}

#[test]
fn a_tls_handshake_that_stalls_or_trickles() {
    let hello = [22, 3, 3, 0x40, 0];
    for answer in [vec![], [hello.as_slice(), &[0; 99]].concat()] {
        let server = Server::start(move |mut peer| {
            peer.trickle(&answer, PAUSE);
            thread::sleep(SHORT * 10);
        });
        let transport = Transport::new(TransportSettings {
            connect_timeout: SHORT,
            ..settings()
        });
        let url = server.url().replace("http:", "https:");
        let failure = late(&transport, &url, "a=1", SHORT, SHORT * 20);
        assert_eq!(failure.kind, FailureKind::Unreachable, "{}", failure.detail);
        assert!(!failure.may_have_arrived);
    }
}

#[test]
fn a_proxy_that_stalls_or_trickles() {
    for answer in ["", "HTTP/1.1 200 Connection established, some day\r\n\r\n"] {
        let proxy = Server::start(move |mut peer| {
            peer.request();
            peer.trickle(answer.as_bytes(), PAUSE);
            thread::sleep(SHORT * 10);
        });
        let transport = Transport::new(TransportSettings {
            connect_timeout: SHORT,
            proxy: Some(format!("http://{}", proxy.address)),
            ..settings()
        });
        let failure = late(&transport, "https://far.example/", "a=1", SHORT, SHORT * 20);
        assert_eq!(failure.kind, FailureKind::Unreachable);
        assert!(!failure.may_have_arrived);
    }
}

#[test]
fn no_time_at_all() {
    let server = Server::answering(ok("{}"));
    let failure = transport()
        .post_url(&server.url(), "a=1", Duration::ZERO)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable);
    assert!(!failure.may_have_arrived);
    assert!(server.requests().is_empty());
}
