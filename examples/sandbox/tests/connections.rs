//! HTTP in its less usual forms, answers gone wrong, and the end of it all.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use crate::sandbox::Behaviour;
use crate::talk::{
    LEAD, PATH, asked, connected, demo, demo_secret, head, md5_hex, signed, talk, verdict,
};

#[test]
fn http_is_spoken_in_its_less_usual_forms() {
    let sandbox = demo();
    let start = head("POST", PATH, "localhost");
    let body = signed(LEAD);
    let (first, second) = body.split_at(10);
    let size = second.len();
    let chunked = format!(
        "{start}Transfer-Encoding: chunked\r\n\r\na\r\n{first}\r\n{size:X};x=y\r\n{second}\r\n0\r\nX: y\r\n\r\n"
    );
    let plain = format!(
        "{start}Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    // Both requests arrive at once, on one connection.
    let answers = talk(&sandbox, &format!("{chunked}{plain}"));
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2);
    assert!(answers.contains(r#"{"error_code":0,"#) && answers.contains(r#"{"error_code":102,"#));
    assert_eq!((sandbox.connections(), sandbox.requests()), (1, 2));
    let mut stream = connected(&sandbox);
    let expecting = format!(
        "{start}Expect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(expecting.as_bytes()).unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(body.as_bytes()).unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 200");
    for (request, status) in [
        (format!("{start}Content-Length: 8388609\r\n\r\nunread"), 413),
        (
            format!("{start}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
            400,
        ),
        (format!("{start}Content-Length: -1\r\n\r\n"), 400),
        (
            format!("{start}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
            400,
        ),
        (
            format!("{start}Transfer-Encoding: chunked\r\n\r\n1\r\naXX0\r\n\r\n"),
            400,
        ),
        (
            format!("{start}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"),
            413,
        ),
        (format!("{start}X: {}\r\n\r\n", "y".repeat(70_000)), 431),
        ("nonsense\r\n\r\n".to_owned(), 400),
    ] {
        let mut stream = connected(&sandbox);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(answer, *format!("HTTP/1.1 {status}").as_bytes());
    }
    // The answer reaches a client that is still sending.
    let sending = format!(
        "{start}Content-Length: 8388609\r\n\r\n{}",
        "x".repeat(8_000_000)
    );
    assert!(talk(&sandbox, &sending).starts_with("HTTP/1.1 413 "));
    assert_eq!(sandbox.requests(), 3);
}

#[test]
fn a_queued_behaviour_takes_the_place_of_the_answer() {
    let sandbox = demo();
    let request = |body: &str| asked(&sandbox, &head("POST", PATH, "localhost"), body);
    let delay = Duration::from_millis(200);
    sandbox.next(Behaviour::Answer {
        status: 503,
        headers: vec![("Retry-After".to_owned(), "7".to_owned())],
        body: b"busy".to_vec(),
        delay,
    });
    sandbox.next(Behaviour::CloseWithoutAnswer);
    sandbox.next(Behaviour::ApplyThenClose);
    let start = Instant::now();
    let busy = request(&signed(LEAD));
    assert!(start.elapsed() >= delay);
    assert!(
        busy.starts_with("HTTP/1.1 503 ") && busy.ends_with("\r\n\r\nbusy"),
        "{busy}"
    );
    assert!(busy.contains("Retry-After: 7\r\n") && busy.contains("Content-Length: 4\r\n"));
    assert_eq!(request(&signed(LEAD)), "");
    assert!(sandbox.contacts().is_empty());
    assert_eq!(request(&signed(LEAD)), "");
    assert_eq!(sandbox.contacts().len(), 1);
    sandbox.next(Behaviour::CloseAfterAnswer);
    let body = signed(LEAD);
    let start = head("POST", PATH, "localhost");
    // Kept alive as far as the client knows, and closed all the same.
    let closed = talk(
        &sandbox,
        &format!("{start}Content-Length: {}\r\n\r\n{body}", body.len()),
    );
    assert!(!closed.contains("Connection:"), "{closed}");
    assert_eq!(verdict(&closed, &demo_secret()).0, 102);
}

#[test]
fn dropping_cuts_every_connection_at_once() {
    let sandbox = demo();
    let mut trickling = connected(&sandbox);
    let mut idle = connected(&sandbox);
    let mut delayed = connected(&sandbox);
    let request = format!(
        "{}Content-Length: 0\r\n\r\n",
        head("POST", PATH, "localhost")
    );
    sandbox.next(Behaviour::TrickleForever);
    trickling.write_all(request.as_bytes()).unwrap();
    let mut begun = [0; 90];
    trickling.read_exact(&mut begun).unwrap();
    assert!(begun.ends_with(b"  "));
    sandbox.next(Behaviour::Answer {
        status: 200,
        headers: Vec::new(),
        body: Vec::new(),
        delay: Duration::from_secs(3600),
    });
    delayed.write_all(request.as_bytes()).unwrap();
    while sandbox.requests() < 2 {
        std::thread::yield_now();
    }
    let start = Instant::now();
    drop(sandbox);
    assert!(start.elapsed() < Duration::from_secs(10));
    for stream in [&mut trickling, &mut idle, &mut delayed] {
        stream.read_to_end(&mut Vec::new()).unwrap();
    }
}

#[test]
fn a_silent_account_takes_the_lead_and_closes_without_a_word() {
    let sandbox = demo();
    let hash = md5_hex(&format!("{LEAD}::silent::{}", demo_secret()));
    let body = format!("{LEAD}&hash={hash}");
    let path = format!("/silent{PATH}");
    assert_eq!(
        asked(&sandbox, &head("POST", &path, "localhost"), &body),
        ""
    );
    assert_eq!(sandbox.contacts().len(), 1);
}

#[test]
fn the_books_are_a_page_of_json_that_does_not_count() {
    let sandbox = demo();
    let body = signed(LEAD);
    asked(&sandbox, &head("POST", PATH, "localhost"), &body);
    let answer = asked(&sandbox, &head("GET", "/sandbox", "localhost"), "");
    let page = answer.split_once("\r\n\r\n").unwrap().1;
    let page: serde_json::Value = serde_json::from_str(page).unwrap();
    assert_eq!(page["requests"], 1);
    assert_eq!(page["bodies"], serde_json::json!([body]));
    assert_eq!(page["contacts"][0]["email"], "a@b.ru");
    assert_eq!(page["contacts"][0]["groups"], serde_json::json!(["super"]));
    assert_eq!(page["contacts"][0]["statuses"]["super"], "STATUS_SUBSCRIBE");
}
