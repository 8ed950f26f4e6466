//! One request and its answer.

use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use super::server::{Server, answer, ok};
use super::{BODY_LIMIT, PostUrl, TIMEOUT, settings, transport, within};
use crate::transport::{FailureKind, Sending, Target, TransportSettings};

#[test]
fn posts_the_form_with_its_headers_and_no_others() {
    let server = Server::answering(ok("{}"));
    let reply = transport()
        .post_url(&server.url(), "a=1&b=%20", TIMEOUT)
        .unwrap();
    assert_eq!((reply.status, reply.body.as_slice()), (200, &b"{}"[..]));
    let request = server.requests().remove(0);
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, "a=1&b=%20");
    let mut lines = head.lines().map(str::to_ascii_lowercase);
    assert_eq!(lines.next().unwrap(), "post /api/addleadtogroup http/1.1");
    let mut headers: Vec<String> = lines.collect();
    headers.sort();
    let expected = [
        "accept: application/json".to_owned(),
        "content-length: 9".to_owned(),
        "content-type: application/x-www-form-urlencoded".to_owned(),
        format!("host: {}", server.address),
        "user-agent: justclick-test/1".to_owned(),
    ];
    assert_eq!(headers, expected);
}

#[test]
fn a_kept_connection_is_used_again() {
    let server = Server::answering(ok("{}"));
    let transport = transport();
    for _ in 0..3 {
        let reply = transport.post_url(&server.url(), "a=1", TIMEOUT).unwrap();
        assert_eq!(reply.address, Some(server.address));
    }
    assert_eq!(server.connections(), 1);
    assert_eq!(server.requests().len(), 3);
}

/// Answers the first request of each connection, and closes without a word on the second.
fn closing_on_the_second_request() -> Server {
    Server::start(|mut peer| {
        if peer.request() {
            peer.send(ok("{}").as_bytes());
        }
        peer.request();
    })
}

#[test]
fn a_kept_connection_lost_before_the_answer_is_stale_and_nothing_is_sent_again() {
    let server = closing_on_the_second_request();
    let transport = transport();
    transport.post_url(&server.url(), "a=1", TIMEOUT).unwrap();
    let failure = transport
        .post_url(&server.url(), "a=2", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Stale);
    assert!(failure.may_have_arrived);
    assert_eq!(failure.address, Some(server.address));
    assert_eq!(server.connections(), 1);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[1].ends_with("a=2"));
}

#[test]
fn a_fresh_connection_that_is_lost_is_not_tried_again() {
    let server = Server::start(|mut peer| {
        peer.request();
    });
    let failure = transport()
        .post_url(&server.url(), "a=1", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Lost);
    assert!(failure.may_have_arrived);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_kept_connection_lost_within_the_answer_is_not_tried_again() {
    let server = Server::start(|mut peer| {
        peer.request();
        peer.send(ok("{}").as_bytes());
        peer.request();
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
    });
    let transport = transport();
    transport.post_url(&server.url(), "a=1", TIMEOUT).unwrap();
    let failure = transport
        .post_url(&server.url(), "a=2", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Lost);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_redirect_is_returned_and_not_followed() {
    let target = "Location: https://elsewhere.example/api\r\n";
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        for body in ["", "<html>moved</html>"] {
            let server = Server::answering(answer(status, target, body));
            let reply = transport().post_url(&server.url(), "a=1", TIMEOUT).unwrap();
            assert_eq!(reply.status.to_string(), status[..3]);
            assert_eq!(
                reply.location.as_deref(),
                Some("https://elsewhere.example/api")
            );
            assert_eq!(reply.body, body.as_bytes());
            assert_eq!(server.requests().len(), 1);
        }
    }
}

#[test]
fn an_error_status_is_an_answer_with_its_wait() {
    let server = Server::answering(answer("503 Busy", "Retry-After: 7\r\n", "later"));
    let reply = transport().post_url(&server.url(), "a=1", TIMEOUT).unwrap();
    assert_eq!(reply.status, 503);
    assert_eq!(reply.retry_after, Some(Duration::from_secs(7)));
    assert_eq!(reply.body, b"later");
}

#[test]
fn a_body_may_fill_the_limit_and_no_more() {
    let server = Server::answering(ok(&"x".repeat(BODY_LIMIT)));
    let reply = transport().post_url(&server.url(), "a=1", TIMEOUT).unwrap();
    assert_eq!(reply.body.len(), BODY_LIMIT);
    let server = Server::answering(ok(&"x".repeat(BODY_LIMIT + 1)));
    let failure = transport()
        .post_url(&server.url(), "a=1", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::TooLarge);
    assert!(failure.may_have_arrived);
}

#[test]
fn an_answer_that_is_not_http_is_told_as_that() {
    let server = Server::answering("220 mail.example ESMTP\r\n\r\n");
    let failure = transport()
        .post_url(&server.url(), "a=1", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::BadAnswer);
    assert!(failure.may_have_arrived);
}

#[test]
fn a_refused_connection_is_unreachable() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let failure = transport()
        .post_url(&format!("http://{address}/"), "a=1", TIMEOUT)
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable);
    assert!(!failure.may_have_arrived);
    assert_eq!(
        failure.detail,
        "cannot connect to 127.0.0.1: connection refused"
    );
}

#[test]
fn a_target_is_an_address_of_http() {
    for url in [
        "http://a b/",
        "/path",
        "ftp://a.example/",
        "https:///path",
        "",
    ] {
        assert!(Target::parse(url).is_err(), "{url}");
    }
    let target = Target::parse("https://a.example:8443/api/x").unwrap();
    assert_eq!(target.url(), "https://a.example:8443/api/x");
}

#[test]
fn a_connection_that_is_seen_to_be_closed_or_to_hold_unasked_bytes_is_not_used_again() {
    for unasked in ["", "HTTP/1.1 408 Request Timeout\r\n\r\n"] {
        let (done, closed) = channel();
        let server = Server::start(move |mut peer| {
            peer.request();
            peer.send(ok("{}").as_bytes());
            // The answer is taken before anything follows it.
            thread::sleep(Duration::from_millis(100));
            peer.send(unasked.as_bytes());
            let is_kept = !unasked.is_empty();
            let kept = is_kept.then(|| peer.stream.try_clone().unwrap());
            drop(peer);
            let _ = done.send(kept);
        });
        let transport = transport();
        transport.post_url(&server.url(), "a=1", TIMEOUT).unwrap();
        let _kept = closed.recv().unwrap();
        thread::sleep(Duration::from_millis(50));
        let reply = transport.post_url(&server.url(), "a=2", TIMEOUT).unwrap();
        assert_eq!(reply.status, 200);
        assert_eq!(server.connections(), 2);
        assert_eq!(server.requests().len(), 2);
    }
}

#[test]
fn after_a_loss_no_older_connection_is_taken_and_the_others_stay() {
    let server = Server::answering(ok("{}"));
    let transport = transport();
    let target = Target::parse(&server.url()).unwrap();
    let at_once = |count: usize| {
        thread::scope(|scope| {
            for _ in 0..count {
                scope.spawn(|| transport.post(&target, "a=1", &within(TIMEOUT)).unwrap());
            }
        });
    };
    while server.connections() < 2 {
        at_once(2);
    }
    let before = server.connections();
    let sending = Sending {
        after_loss: Some(Instant::now()),
        ..within(TIMEOUT)
    };
    // The first makes a connection, which the second may use: it is younger than the loss.
    for _ in 0..2 {
        transport.post(&target, "a=1", &sending).unwrap();
        assert_eq!(server.connections(), before + 1);
    }
    for _ in 0..3 {
        transport.post(&target, "a=1", &within(TIMEOUT)).unwrap();
    }
    assert_eq!(server.connections(), before + 1);
}

#[test]
fn a_clone_and_changed_limits_keep_the_connections() {
    let server = Server::answering(ok("{}"));
    let first = transport();
    let mut second = first.clone();
    first.post_url(&server.url(), "a=1", TIMEOUT).unwrap();
    second.change(TransportSettings {
        connect_timeout: Duration::from_secs(1),
        ..settings()
    });
    second.post_url(&server.url(), "a=1", TIMEOUT).unwrap();
    assert_eq!(server.connections(), 1);
    for changed in [
        TransportSettings {
            user_agent: "another/1".to_owned(),
            ..settings()
        },
        TransportSettings {
            ca_file: Some("/nonexistent".into()),
            ..settings()
        },
    ] {
        let before = server.connections();
        let mut third = first.clone();
        third.change(changed);
        third.post_url(&server.url(), "a=1", TIMEOUT).unwrap();
        assert_eq!(server.connections(), before + 1);
        first.post_url(&server.url(), "a=1", TIMEOUT).unwrap();
        assert_eq!(server.connections(), before + 1);
    }
}
