//! What to do with the lead: each kind, HTTP status and code against one table, in which nothing of
//! the library has a part.

#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::time::Duration;

use justclick::ffi::disposition::jc_status_disposition;
use justclick::ffi::status::jc_status_is_retryable;
use justclick::{Client, Disposition, Error, ErrorKind, Lead, Receipt};
use md5::{Digest, Md5};
use sandbox::{Behaviour, Options, Sandbox};
use serde_json::Value;

const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

const KINDS: [(&str, i32, ErrorKind); 12] = [
    ("JC_REJECTED", 1, ErrorKind::Rejected),
    ("JC_NOT_ACCEPTED", 2, ErrorKind::NotAccepted),
    ("JC_INVALID_ARGUMENT", -1, ErrorKind::InvalidArgument),
    ("JC_UNKNOWN_NAME", -2, ErrorKind::UnknownName),
    ("JC_UNREACHABLE", -10, ErrorKind::Unreachable),
    ("JC_TLS", -11, ErrorKind::Tls),
    ("JC_OUTCOME_UNKNOWN", -20, ErrorKind::OutcomeUnknown),
    ("JC_HTTP", -30, ErrorKind::Http),
    ("JC_BAD_RESPONSE", -31, ErrorKind::BadResponse),
    ("JC_BAD_SIGNATURE", -32, ErrorKind::BadSignature),
    ("JC_NOT_STORED", -40, ErrorKind::NotStored),
    ("JC_INTERNAL", -90, ErrorKind::Internal),
];

fn table() -> Value {
    serde_json::from_str(include_str!("dispositions.json")).expect("the table")
}

fn disposition(result: &Result<Receipt, Error>) -> Disposition {
    match result {
        Ok(_) => Disposition::Done,
        Err(error) => error.disposition(),
    }
}

fn number(disposition: Disposition) -> i32 {
    match disposition {
        Disposition::Done => 1,
        Disposition::Refused => 2,
        Disposition::Later => 3,
        Disposition::Hold => 4,
    }
}

fn client(base_url: &str) -> Client {
    let mut client = Client::new("username", SECRET).expect("a client");
    client.set("base_url", base_url).expect("a base URL");
    client.set_max_attempts(1).expect("one attempt");
    client
}

fn lead() -> Lead {
    Lead::from_json(r#"{"rid": ["super"], "lead_email": "a@b.ru"}"#).expect("a lead")
}

#[test]
fn each_kind_alone_tells_what_the_table_says_and_so_does_its_status() {
    let table = table();
    assert_eq!(
        table["kinds"].as_object().map(serde_json::Map::len),
        Some(KINDS.len())
    );
    for (name, status, kind) in KINDS {
        let expected = table["kinds"][name].as_str();
        assert_eq!(
            Some(kind.disposition().to_string().as_str()),
            expected,
            "{name}"
        );
        assert_eq!(
            jc_status_disposition(status),
            number(kind.disposition()),
            "{name}"
        );
        assert_eq!(
            jc_status_is_retryable(status),
            expected == Some("later"),
            "{name}"
        );
    }
    assert_eq!(jc_status_disposition(0), number(Disposition::Done));
    assert_eq!(
        jc_status_disposition(77),
        number(Disposition::Hold),
        "a newer no"
    );
    assert_eq!(
        jc_status_disposition(-77),
        number(Disposition::Later),
        "a newer failure"
    );
}

#[test]
fn each_code_tells_what_the_table_says() {
    let table = table();
    let client = Client::new("username", SECRET).expect("a client");
    for code in 0..1200 {
        let text = if code == 0 { "OK" } else { "no" };
        let digest = Md5::digest(format!("{code}::{text}::{SECRET}"));
        let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let body = serde_json::json!({"error_code": code, "error_text": text, "hash": hash});
        let result = client.verify_answer(body.to_string().as_bytes());
        let expected = table["codes"][code.to_string()]
            .as_str()
            .unwrap_or("refused");
        assert_eq!(disposition(&result).to_string(), expected, "{code}");
    }
}

#[test]
fn each_http_status_tells_what_the_table_says() {
    let table = table();
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let client = client(&sandbox.base_url());
    let mut expected = "";
    for status in 200..600_u16 {
        expected = table["http"][status.to_string()]
            .as_str()
            .unwrap_or(expected);
        // An answer with one of these has no body, and an upgrade changes the protocol.
        if matches!(status, 204 | 205 | 304) {
            continue;
        }
        sandbox.next(Behaviour::Answer {
            status,
            headers: Vec::new(),
            body: b"<html>a page</html>".to_vec(),
            delay: Duration::ZERO,
        });
        let result = client.add_lead(&lead());
        assert_eq!(
            disposition(&result).to_string(),
            expected,
            "{status}: {result:?}"
        );
    }
    assert_eq!(sandbox.contacts().len(), 0);
}

#[test]
fn what_is_wrong_with_the_account_or_the_set_up_keeps_the_lead() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let mut cases = Vec::new();

    let mut wrong_secret = Client::new("username", "rotated").expect("a client");
    wrong_secret
        .set("base_url", sandbox.base_url())
        .expect("a base URL");
    cases.push(("a rotated secret", wrong_secret));

    let mut no_ca_file = client("https://127.0.0.1:1");
    no_ca_file
        .set("ca_file", "/no/such/file.pem")
        .expect("a path");
    cases.push(("an unreadable ca_file", no_ca_file));

    let mut exposed = client("http://example.com");
    exposed.set("proxy", "none").expect("no proxy");
    cases.push(("an address without encryption", exposed));

    for (what, client) in cases {
        let error = client.add_lead(&lead()).expect_err(what);
        assert_eq!(error.disposition(), Disposition::Hold, "{what}: {error}");
        assert!(
            error.kind() != ErrorKind::InvalidArgument,
            "{what}: {error}"
        );
    }
}

#[test]
fn a_lead_that_breaks_a_rule_is_refused_alone() {
    let client = client("http://127.0.0.1:1");
    let error = client.add_lead(&Lead::new()).expect_err("no group");
    assert_eq!(error.disposition(), Disposition::Refused);
    let error = Lead::from_json(r#"{"lead_surname": "x"}"#).expect_err("no such field");
    assert_eq!(error.disposition(), Disposition::Refused);
}

/// The header's own table is what a C programmer decides by.
#[test]
fn the_header_s_table_of_statuses_says_the_same() {
    let header = include_str!("../include/justclick.h");
    let mut told = 0;
    for (disposition, names) in header.lines().filter_map(row) {
        for name in names {
            let kind = KINDS.iter().find(|(known, ..)| *known == name);
            let found = kind.map_or(Disposition::Done, |(.., kind)| kind.disposition());
            assert_eq!(
                format!("JC_{}", found.to_string().to_uppercase()),
                disposition,
                "{name}"
            );
            told += 1;
        }
    }
    assert_eq!(told, KINDS.len() + 1);
}

/// `JC_LATER    JC_UNREACHABLE, JC_HTTP` of the header's comment.
fn row(line: &str) -> Option<(&str, Vec<&str>)> {
    let (disposition, names) = line.trim().strip_prefix("*   JC_")?.split_once(' ')?;
    let disposition = line
        .split_whitespace()
        .nth(1)
        .filter(|name| name.ends_with(disposition))?;
    Some((disposition, names.split(',').map(str::trim).collect()))
}
