//! Thousands of connections, and the end by SIGTERM.

use std::io::Write;
use std::net::TcpStream;
use std::process::Command;
use std::time::Instant;

use nix::sys::signal::Signal;

use super::bridge::{FORM, Site, TOKEN, route};
use super::http::{PATIENCE, answer, connect, request};

const MANY: usize = 10_000;
const MEMORY_KIB: u64 = 100 * 1024;

#[test]
fn ten_thousand_idle_connections_keep_nobody_out() {
    may_open(MANY + 1_000);
    let site = Site::new(&route("tilda"));
    let bridge = site.start();
    let mut idle: Vec<TcpStream> = Vec::new();
    for number in 0..MANY {
        let mut stream = connect(bridge.address);
        if number % 2 == 0 {
            // It may be cut already.
            let _ = stream.write_all(b"POST /hook/x HTTP/1.1\r\nX: ");
        }
        idle.push(stream);
        if number % 1_000 == 999 {
            let body = format!("Email=lead{number}@example.com");
            assert_eq!(bridge.hook(FORM, body.as_bytes()).status, 200);
        }
    }
    let memory = bridge.memory();
    assert!(memory < MEMORY_KIB, "{memory} KiB");
    site.delivered(10);
    drop(idle);
    assert_eq!(bridge.stop(), Some(0));
}

/// The test's own descriptors, as far as the system lets it.
fn may_open(number: usize) {
    let process = std::process::id().to_string();
    let limit = format!("--nofile={number}:");
    let raised = Command::new("prlimit")
        .args(["--pid", &process, &limit])
        .status();
    assert!(
        raised.expect("prlimit").success(),
        "the system has too few descriptors"
    );
}

#[test]
fn a_connection_serves_many_webhooks() {
    let site = Site::new(&route("tilda"));
    let bridge = site.start();
    let mut stream = connect(bridge.address);
    for number in 0..50 {
        let body = format!("Email=lead{number}@example.com");
        let request = request("POST", &format!("/hook/{TOKEN}"), &[FORM], body.as_bytes());
        stream.write_all(&request).expect("a request");
        assert_eq!(answer(&mut stream).expect("an answer").status, 200);
    }
    site.delivered(50);
    assert_eq!(site.sandbox.contacts().len(), 50);
}

#[test]
fn sigterm_answers_what_is_being_read_and_ends_with_0() {
    let site = Site::new(&route("tilda"));
    let mut bridge = site.start();
    let request = request(
        "POST",
        &format!("/hook/{TOKEN}"),
        &[FORM],
        b"Email=last@example.com",
    );
    let mut stream = connect(bridge.address);
    let (first, rest) = request.split_at(request.len() - 4);
    stream.write_all(first).expect("a part");
    let idle = connect(bridge.address);
    // Its own answer says that the part before it was read.
    assert_eq!(bridge.hook(FORM, b"test=test").status, 200);
    bridge.signal(Signal::SIGTERM);
    let began = Instant::now();
    while TcpStream::connect(bridge.address).is_ok() {
        assert!(began.elapsed() < PATIENCE, "it still takes connections");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    stream.write_all(rest).expect("the rest");
    assert_eq!(answer(&mut stream).expect("an answer").status, 200);
    assert_eq!(bridge.wait().code(), Some(0));
    drop(idle);
    let status = site.status();
    assert_eq!(status.waiting + status.leased + status.delivered, 1);
}
