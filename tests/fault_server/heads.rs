//! Answers whose head is not the service's: other protocols, statuses, redirects.

use justclick::ErrorKind::*;

use super::SECRET;
use super::bodies::{endless, hash, json};
use super::fault::Reaction::*;
use super::fault::Stage::*;
use super::fault::{Fault, answer, raw};
use super::row::*;

/// A redirect to another host names `stranger`, who must never hear of us.
pub fn rows(stranger: &str) -> Vec<Row> {
    [odd_answers(), statuses(), redirects(stranger)]
        .into_iter()
        .flatten()
        .collect()
}

fn odd_answers() -> Vec<Row> {
    let signed = json(0, "OK", &hash(0, "OK", SECRET));
    let mut rows = vec![
        harmless("continue first", Fault::new(Applied, After(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec()))),
        harmless(
            "HTTP/1.0 without a length",
            Fault::new(Applied, Bytes(format!("HTTP/1.0 200 OK\r\n\r\n{signed}").into())),
        ),
        harmless(
            "chunks",
            Fault::new(
                Applied,
                Bytes(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{signed}\r\n0\r\n\r\n", signed.len()).into()),
            ),
        ),
        harmless("a second answer behind it", Fault::new(Applied, Bytes([answer("200 OK", "", &signed), answer("200 OK", "", "x")].concat()))),
        last("a head without end", endless("HTTP/1.1 200 OK\r\n", b"X-Header: 1\r\n"), BadResponse, true),
        last("one header without end", endless("HTTP/1.1 200 OK\r\nX-Header: ", &b"1".repeat(4096)), BadResponse, true),
    ];
    for (name, text) in [
        ("another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        ("HTTP/2", "\0\0\x12\x04\0\0\0\0\0\r\n\r\n"),
        ("a version that is not there", "HTTP/9.9 200 OK\r\n\r\n"),
        ("no status", "HTTP/1.1\r\n\r\n"),
        (
            "a status that is none",
            "HTTP/1.1 9999 What\r\nContent-Length: 0\r\n\r\n",
        ),
        (
            "a header with a NUL byte",
            "HTTP/1.1 200 OK\r\nX: \0\r\nContent-Length: 0\r\n\r\n",
        ),
        (
            "a negative length",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        ),
        (
            "a chunk that is none",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ),
        (
            "a chunk too large to count",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        ),
    ] {
        rows.push(last(name, raw(text), BadResponse, true));
    }
    rows
}

fn statuses() -> Vec<Row> {
    let page = "<h1>Sorry</h1>";
    let status = |status: &str, headers: &str| Fault::answer(status, headers, page);
    let mut rows = vec![
        again("500", status("500 Internal Server Error", ""), Http, true),
        again("502", status("502 Bad Gateway", ""), Http, true),
        again("504", status("504 Gateway Timeout", ""), Http, true),
        again("a status above 599", status("999 Denied", ""), Http, true),
        again(
            "500 with a signed no",
            Fault::answer("500 Oops", "", "{\"error_code\":"),
            Http,
            true,
        ),
        last(
            "204",
            Fault::answer("204 No Content", "", ""),
            BadResponse,
            true,
        ),
    ];
    // At least a second passes between the attempts after these two.
    for (code, may_have_arrived) in [
        ("429 Too Many Requests", false),
        ("503 Service Unavailable", true),
    ] {
        for (name, header) in [
            ("no wait", ""),
            ("no seconds", "Retry-After: 0\r\n"),
            ("a second", "Retry-After: 1\r\n"),
            (
                "a date that is past",
                "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n",
            ),
            ("words", "Retry-After: soon\r\n"),
            ("less than none", "Retry-After: -5\r\n"),
        ] {
            let name = format!("{code}, {name}");
            rows.push(
                again(&name, status(code, header), Http, may_have_arrived).within(2000 + AT_ONCE),
            );
        }
        for (name, header) in [
            ("an hour", "Retry-After: 3600\r\n"),
            (
                "a date that is far",
                "Retry-After: Wed, 21 Oct 2099 07:28:00 GMT\r\n",
            ),
            (
                "more seconds than can be counted",
                "Retry-After: 99999999999999999999999\r\n",
            ),
        ] {
            let name = format!("{code}, {name}");
            rows.push(last(&name, status(code, header), Http, may_have_arrived));
        }
        let attempts = row(
            &format!("{code} at each of many attempts"),
            Peer::Faulty(status(code, "")),
            fails(Http, may_have_arrived, 3),
            added(2),
        );
        rows.push(attempts.setting("max_attempts", 10).deadline(2500));
    }
    for code in [
        "304 Not Modified",
        "400 Bad Request",
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "407 Proxy",
        "413 Too Large",
    ] {
        rows.push(last(code, status(code, ""), Http, false));
    }
    rows
}

fn redirects(stranger: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for code in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        for target in [
            "/api/AddLeadToGroup",
            "https://localhost/api/AddLeadToGroup",
            stranger,
            "//[",
            "",
        ] {
            let header = format!("Location: {target}\r\n");
            let name = format!("{code} to \"{target}\"");
            rows.push(last(&name, Fault::answer(code, &header, ""), Http, false));
        }
    }
    rows
}
