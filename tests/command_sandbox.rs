//! `justclick sandbox`, as people without Rust run it.

#![cfg(all(feature = "cli", target_os = "linux"))]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};

use tempfile::tempdir;

const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

/// A sandbox that ends with its value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_justclick"));
    command.env_clear().env("HOME", env!("CARGO_TARGET_TMPDIR"));
    command
}

fn post(url: &str, body: &str) -> String {
    let host = url.strip_prefix("http://").expect("a URL");
    let mut stream = TcpStream::connect(host).expect("a connection");
    let length = body.len();
    let request = format!(
        "POST /sandbox HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

fn groups(url: &str) -> Output {
    command()
        .arg("groups")
        .env("JUSTCLICK_USERNAME", "username")
        .env("JUSTCLICK_SECRET", SECRET)
        .env("JUSTCLICK_BASE_URL", url)
        .env("JUSTCLICK_MAX_ATTEMPTS", "1")
        .output()
        .expect("the command")
}

#[test]
fn it_tells_its_address_and_is_switched_while_it_runs() {
    let folder = tempdir().expect("a folder");
    let file = folder.path().join("url");
    let child = command()
        .args(["sandbox", "--group", "own:activation", "--url-file"])
        .arg(&file)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command");
    let mut running = Running(child);
    let mut lines = BufReader::new(running.0.stdout.take().expect("its output")).lines();
    let url = lines.next().expect("a line").expect("UTF-8");
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");

    let told = groups(&url);
    assert_eq!(told.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&told.stdout).contains("own"));
    let line = lines.next().expect("a line").expect("UTF-8");
    assert_eq!(line, "GetAllGroups username -> 0 OK");

    assert!(post(&url, r#"{"service": 503}"#).starts_with("HTTP/1.1 200 "));
    assert_eq!(groups(&url).status.code(), Some(3));
    let disabled = r#"{"service": "on", "accounts": {"username": {"disabled": true}}}"#;
    assert!(post(&url, disabled).starts_with("HTTP/1.1 200 "));
    assert_eq!(groups(&url).status.code(), Some(4));
    assert!(post(&url, r#"{"service": "of"}"#).starts_with("HTTP/1.1 400 "));
    while !file.exists() {
        std::thread::yield_now();
    }
    assert_eq!(fs::read_to_string(&file).expect("a file"), url);
}

#[test]
fn wrong_use_is_told() {
    for (words, why) in [
        (&["sandbox", "--json"][..], "GET /sandbox tells its books"),
        (&["sandbox", "--ca-file", "x"], "--tls"),
        (&["sandbox", "--account", "Geheimnis17"], "NAME:SECRET"),
    ] {
        // One that is taken for right would run for ever.
        let output = Command::new("/usr/bin/timeout")
            .args(["60", env!("CARGO_BIN_EXE_justclick")])
            .args(words)
            .env_clear()
            .output()
            .expect("timeout, of coreutils");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(why), "{told}");
        assert!(!told.contains("Geheimnis17"), "{told}");
    }
}
