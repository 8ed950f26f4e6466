//! Values that try to lead a request astray: only the account's own host ever hears from us.
#![cfg(target_os = "linux")]

mod c_programs;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::net::TcpListener;
use std::process::Command;

use c_programs::{Workshop, root, succeeded};
use justclick::field::FIELDS;
use justclick::{Client, Error, ErrorKind, Lead};
use sandbox::{Options, Sandbox};

const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

fn lead() -> Lead {
    let mut lead = Lead::new();
    lead.group("super")
        .and_then(|lead| lead.email("lead@email.com"))
        .expect("a lead");
    lead
}

#[test]
fn a_username_is_one_label_or_it_is_refused() {
    for username in [
        "",
        " ",
        ".",
        "..",
        "a.b",
        "evil.example/",
        "evil.example#",
        "evil.example?",
        "a@b",
        "a:b@c",
        "a:1",
        "a/b",
        "a\\b",
        "a%2eb",
        "a b",
        "a\tb",
        "a\r\nHost: evil.example",
        "a\0b",
        "A",
        "User",
        "-a",
        "a-",
        "_a",
        "почта",
        "ｅvil",
        "a\u{2024}b",
        "a\u{ff0e}b",
        "[::1]",
        "a[]",
        "\u{feff}a",
    ] {
        let error = Client::new(username, SECRET).map(drop).expect_err(username);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().starts_with("username"), "{error}");
        assert_eq!(error.message().contains("xn--"), !username.is_ascii());
    }
    let long = "a".repeat(64);
    assert!(Client::new(&long, SECRET).is_err());
    for username in ["a", "7", "my-shop", "xn--80a1acny", &long[1..]] {
        let client = Client::new(username, SECRET).expect(username);
        let request = client.sign_lead(&lead()).expect("a request");
        let url = format!("https://{username}.justclick.ru/api/AddLeadToGroup");
        assert_eq!(request.url(), url);
    }
}

/// Where the client would send, or why it would not.
fn url_with(setting: &str, value: &str) -> Result<String, Error> {
    let mut client = Client::new("username", SECRET)?;
    client.set(setting, value)?;
    Ok(client.sign_lead(&lead())?.url().to_owned())
}

#[test]
fn a_setting_leads_to_the_host_that_it_names_or_it_is_refused() {
    for (setting, values) in [
        (
            "service",
            [
                "evil.example",
                "justclick.ru.evil.example",
                "justclick.ru/",
                "justclick.ru#",
                "justclick.ru@evil.example",
                "x@justclick.ru",
                "justclick.ru:443",
                ".justclick.ru",
                "justclick.ru\r\n",
                "",
                "justclick.ru\0",
                "justclick.ru.",
            ]
            .as_slice(),
        ),
        (
            "base_url",
            [
                "https://",
                "https:///",
                "evil.example",
                "//evil.example",
                "ftp://a.example",
                "javascript:alert(1)",
                "file:///etc/passwd",
                "https://user@evil.example",
                "https://user:password@evil.example",
                "https://a.example\r\nHost: evil.example",
                "https://a.example\\@evil.example",
                "https://a.example/?x=",
                "https://a.example/#x",
                "https://a.example:99999",
                "https://a.example:0",
                "https://a.example:",
                "https://[::1]:99999",
                "https://a.example:x",
                "https://a b",
                "https://a.example\0",
            ]
            .as_slice(),
        ),
        (
            "user_agent",
            ["a\r\nX-Header: 1", "a\nb", "a\0b", "a\rb"].as_slice(),
        ),
        (
            "proxy",
            [
                "http://p:1\r\nX: 1",
                "p p",
                "http://",
                "socks9://p:1",
                "http://p:99999",
            ]
            .as_slice(),
        ),
        ("ca_file", ["a\0b"].as_slice()),
    ] {
        for value in values {
            let error = url_with(setting, value).expect_err(value);
            assert_eq!(
                error.kind(),
                ErrorKind::InvalidArgument,
                "{value:?}: {error}"
            );
            assert!(error.message().starts_with(setting), "{value:?}: {error}");
        }
    }
}

#[test]
fn line_ends_in_any_value_stay_in_that_value() {
    const INJECTED: &str = "x\r\nHost: evil.example\r\n\r\nGET / HTTP/1.1\r\n&rid[0]=news&hash=1";
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let mut client = Client::new("username", SECRET).expect("a client");
    client.set("base_url", sandbox.base_url()).expect("set");
    let mut lead = lead();
    let mut expected = Vec::new();
    for parameter in FIELDS {
        if !matches!(parameter.name, "lead_email" | "activation") {
            lead.set(parameter.name, INJECTED).expect(parameter.name);
            expected.push((parameter.name.to_owned(), INJECTED.to_owned()));
        }
    }
    lead.set_extra("note", INJECTED).expect("an extra");
    expected.push(("note".to_owned(), INJECTED.to_owned()));
    client.add_lead(&lead).expect("a receipt");

    let contact = sandbox.contact("lead@email.com").expect("the contact");
    assert_eq!(contact.groups(), ["super"]);
    for field in expected {
        assert!(contact.fields.contains(&field), "{}", field.0);
    }
    assert_eq!((sandbox.requests(), sandbox.connections()), (1, 1));
    for name in ["a\r\nb", "a&b=c", "a=b\n"] {
        let request = lead.set_extra(name, "1").map(drop);
        if request.is_ok() {
            let body = client.sign_lead(&lead).expect("a request");
            assert!(!body.body().contains(['\r', '\n']), "{name:?}");
        }
    }
    for email in ["a@b.ru\r\nX: 1", "a@b.ru\0", "a@b.ru\nc@d.ru"] {
        assert!(Lead::new().email(email).is_err(), "{email:?}");
    }
}

/// How a program with this environment ended, and whether the listener heard of it.
fn hears(variables: &[(&str, &str)], base_url: &str, listener: &TcpListener) -> bool {
    let workshop = Workshop::new();
    let program = workshop.compile("cc", &root().join("tests/c/environment.c"), &["-std=c99"]);
    let output = Command::new(program)
        .arg(base_url)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("the program");
    assert_ne!(succeeded(&output), "JC_OK\n");
    let mut heard = false;
    while listener.accept().is_ok() {
        heard = true;
    }
    heard
}

/// A visitor of a CGI site sets `HTTP_PROXY` by a header of the request.
#[test]
fn a_visitor_s_http_proxy_is_ignored() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("set");
    let proxy = format!("http://{}", listener.local_addr().expect("an address"));
    let proxy = proxy.as_str();
    for base_url in ["http://far.invalid", "https://far.invalid"] {
        for variables in [
            [("HTTP_PROXY", proxy), ("A", "B")],
            [("HTTP_PROXY", proxy), ("REQUEST_METHOD", "POST")],
        ] {
            assert!(
                !hears(&variables, base_url, &listener),
                "{base_url} {variables:?}"
            );
        }
    }
    // So that the silence above says something.
    assert!(hears(
        &[("HTTPS_PROXY", proxy)],
        "https://far.invalid",
        &listener
    ));
}
