//! Answers whose body is not the service's.

use justclick::ErrorKind::*;
use md5::{Digest, Md5};

use super::SECRET;
use super::fault::Stage::*;
use super::fault::{Fault, Reaction};
use super::row::*;

pub fn rows() -> Vec<Row> {
    let no_hash = "0".repeat(32);
    let foreign = hash(0, "OK", "another account's secret");
    let keys =
        |count: usize| -> String { (0..count).map(|key| format!(r#""k{key}":0,"#)).collect() };
    let unsigned = json(0, "OK", &no_hash);
    let mut rows = vec![
        last("a wrong hash", ok(&unsigned), BadSignature, true),
        last(
            "the hash of another secret",
            ok(json(0, "OK", &foreign)),
            BadSignature,
            true,
        ),
        last(
            "the hash of another text",
            ok(json(0, "OK", &hash(0, "ok", SECRET))),
            BadSignature,
            true,
        ),
        last(
            "as many keys as fit",
            ok(unsigned.replace('{', &format!("{{{}", keys(5_000)))),
            BadSignature,
            true,
        ),
        harmless(
            "a byte-order mark",
            ok_applied(
                [
                    b"\xef\xbb\xbf",
                    json(0, "OK", &hash(0, "OK", SECRET)).as_bytes(),
                ]
                .concat(),
            ),
        ),
        harmless(
            "blanks around",
            ok_applied(format!(" \r\n{}\n", json(0, "OK", &hash(0, "OK", SECRET)))),
        ),
    ];
    let signed = json(0, "OK", &hash(0, "OK", SECRET));
    for (name, body) in [
        ("no body", Vec::new()),
        (
            "a page of HTML",
            b"<!DOCTYPE html><title>Parking</title>".to_vec(),
        ),
        ("NUL bytes", vec![0; 300]),
        ("a NUL byte behind the answer", format!("{signed}\0").into()),
        (
            "a NUL byte within a string",
            signed.replace("OK", "O\0K").into(),
        ),
        (
            "invalid UTF-8",
            [
                b"{\"error_code\":0,\"error_text\":\"\xff\xfe\",\"hash\":\"".as_slice(),
                no_hash.as_bytes(),
                b"\"}",
            ]
            .concat(),
        ),
        (
            "UTF-16",
            signed.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        ("compressed bytes", b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec()),
        ("two answers in one", signed.repeat(2).into()),
        ("a list of answers", format!("[{signed}]").into()),
        ("nested arrays", b"[".repeat(60_000)),
        ("nested objects", b"{\"a\":".repeat(10_000)),
        (
            "a nested result",
            signed
                .replace(
                    '{',
                    &format!("{{\"result\":{}{},", "[".repeat(20_000), "]".repeat(20_000)),
                )
                .into(),
        ),
        (
            "a million keys",
            signed
                .replace('{', &format!("{{{}", keys(1_000_000)))
                .into(),
        ),
        (
            "a body just too long",
            signed
                .replace('{', &format!("{{{}", " ".repeat(65_536)))
                .into(),
        ),
    ] {
        rows.push(last(name, ok(body), BadResponse, true));
    }
    rows.push(last(
        "10 GiB",
        endless(
            "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n",
            &b"x".repeat(65_536),
        ),
        BadResponse,
        true,
    ));
    rows.push(last(
        "chunks without end",
        endless(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            format!("400\r\n{}\r\n", "x".repeat(1024)).as_bytes(),
        ),
        BadResponse,
        true,
    ));
    rows
}

fn ok(body: impl AsRef<[u8]>) -> Fault {
    Fault::answer("200 OK", "", body)
}

fn ok_applied(body: impl AsRef<[u8]>) -> Fault {
    Fault {
        stage: Applied,
        ..ok(body)
    }
}

pub fn endless(head: &str, chunk: &[u8]) -> Fault {
    Fault::new(Received, Reaction::Endless(head.into(), chunk.to_vec()))
}

pub fn json(code: i32, text: &str, hash: &str) -> String {
    format!(r#"{{"error_code":{code},"error_text":"{text}","hash":"{hash}"}}"#)
}

pub fn hash(code: i32, text: &str, secret: &str) -> String {
    let digest = Md5::digest(format!("{code}::{text}::{secret}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
