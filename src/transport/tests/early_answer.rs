//! Servers that answer before they have read the request.

use std::io::Read;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use super::server::{Server, answer};
use super::{PostUrl, TIMEOUT, transport};

/// More than the buffers of both sockets hold.
fn large() -> String {
    "x".repeat(16 * 1024 * 1024)
}

fn too_large() -> String {
    answer(
        "413 Content Too Large",
        "Connection: close\r\n",
        "too large",
    )
}

#[test]
fn an_answer_to_an_upload_that_the_server_reads_no_more_of_is_reported() {
    let (done, wait) = channel::<()>();
    let wait = Arc::new(std::sync::Mutex::new(wait));
    let server = Server::start(move |mut peer| {
        let _ = peer.stream.read(&mut [0; 1024]);
        peer.send(too_large().as_bytes());
        // It neither reads nor closes.
        let _ = wait.lock().unwrap().recv();
    });
    let reply = transport()
        .post_url(&server.url(), &large(), TIMEOUT)
        .unwrap();
    assert_eq!(
        (reply.status, reply.body.as_slice()),
        (413, &b"too large"[..])
    );
    drop(done);
}

#[test]
fn an_answer_that_lies_behind_a_reset_is_reported() {
    let server = Server::start(|mut peer| {
        let _ = peer.stream.read(&mut [0; 1024]);
        peer.send(too_large().as_bytes());
        // Closed with unread bytes, which resets the connection.
    });
    let reply = transport()
        .post_url(&server.url(), &large(), TIMEOUT)
        .unwrap();
    assert_eq!(
        (reply.status, reply.body.as_slice()),
        (413, &b"too large"[..])
    );
}

#[test]
fn a_connection_whose_request_was_not_written_to_its_end_is_not_used_again() {
    let server = Server::start(|mut peer| {
        let _ = peer.stream.read(&mut [0; 1024]);
        peer.send(answer("413 Content Too Large", "", "").as_bytes());
        thread::sleep(Duration::from_millis(300));
    });
    let transport = transport();
    for connections in 1..=2 {
        let reply = transport
            .post_url(&server.url(), &large(), TIMEOUT)
            .unwrap();
        assert_eq!(reply.status, 413);
        assert_eq!(server.connections(), connections);
    }
}

#[test]
fn a_reset_without_an_answer_is_a_loss() {
    let server = Server::start(|mut peer| {
        let _ = peer.stream.read(&mut [0; 1024]);
    });
    let failure = transport()
        .post_url(&server.url(), &large(), TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, crate::transport::FailureKind::Lost);
    assert!(failure.may_have_arrived);
    let lost = "the connection to 127.0.0.1 was lost: ";
    assert!(failure.detail.starts_with(lost), "{}", failure.detail);
}
