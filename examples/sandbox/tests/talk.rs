//! How the tests speak to a sandbox: by plain TCP, with hashes of their own.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use md5::{Digest, Md5};
use serde_json::Value;

use crate::sandbox::{Account, Options, Sandbox};

pub const LEAD: &str = "rid%5B0%5D=super&lead_email=a%40b.ru";
pub const PATH: &str = "/api/AddLeadToGroup";

pub fn rows(lines: &str) -> Vec<Value> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap()
}

pub fn demo_secret() -> String {
    "X".repeat(40)
}

pub fn md5_hex(text: &str) -> String {
    let digest = Md5::digest(text);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn signed(query: &str) -> String {
    let hash = md5_hex(&format!("{query}::username::{}", demo_secret()));
    format!("{query}&hash={hash}")
}

pub fn started(accounts: Vec<Account>) -> Sandbox {
    Sandbox::start(Options {
        accounts,
        keep_bodies: true,
        ..Options::default()
    })
    .unwrap()
}

pub fn demo() -> Sandbox {
    started(Options::demo().accounts)
}

pub fn connected(sandbox: &Sandbox) -> TcpStream {
    let url = sandbox.base_url();
    let stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    let patience = Some(Duration::from_secs(10));
    stream.set_read_timeout(patience).unwrap();
    stream
}

pub fn head(method: &str, path: &str, host: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n"
    )
}

/// Sends the bytes on a connection of their own and reads until it is closed.
pub fn talk(sandbox: &Sandbox, request: &str) -> String {
    let mut stream = connected(sandbox);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

pub fn asked(sandbox: &Sandbox, head: &str, body: &str) -> String {
    let length = body.len();
    let request = format!("{head}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    talk(sandbox, &request)
}

/// The code and text of an answer whose hash is right for the secret.
pub fn verdict(answer: &str, secret: &str) -> (i64, String) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(head.contains("Content-Type: text/html; charset=utf-8"));
    let body: Value = serde_json::from_str(body).unwrap();
    let (code, text) = (
        body["error_code"].as_i64().unwrap(),
        text(&body, "error_text"),
    );
    assert_eq!(body["hash"], md5_hex(&format!("{code}::{text}::{secret}")));
    (code, text.to_owned())
}

pub fn posted(sandbox: &Sandbox, body: &str) -> (i64, String) {
    let answer = asked(sandbox, &head("POST", PATH, "localhost"), body);
    verdict(&answer, &demo_secret())
}

/// Calls a function of the account, and returns its code and text with what it answered.
pub fn called(sandbox: &Sandbox, function: &str, query: &str) -> (i64, String, Value) {
    let head = head("POST", &format!("/api/{function}"), "localhost");
    // Without parameters the hash is all that is sent.
    let body = signed(query);
    let answer = asked(sandbox, &head, body.trim_start_matches('&'));
    let (code, text) = verdict(&answer, &demo_secret());
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    (code, text, body["result"].clone())
}
