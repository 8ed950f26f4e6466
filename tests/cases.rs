//! The table of cases that all languages share, through the Rust interface.

mod judge;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::io::Write;
use std::net::TcpListener;

use base64::Engine;
use judge::Judge;
use justclick::{Client, Error, ErrorKind, Lead, Outcome, Receipt};
use sandbox::{Options, Sandbox};
use serde_json::Value;

/// Where the leads of the table go.
struct Places {
    plain: Sandbox,
    encrypted: Sandbox,
    ca_file: tempfile::NamedTempFile,
    off: String,
    judge: Judge,
}

impl Places {
    fn new() -> Places {
        let plain = Sandbox::start(Options::demo()).expect("a sandbox");
        let encrypted = Sandbox::start(Options {
            tls: true,
            ..Options::demo()
        })
        .expect("a sandbox");
        let mut ca_file = tempfile::NamedTempFile::new().expect("a file");
        let ca_pem = encrypted.ca_pem().expect("a CA");
        ca_file.write_all(ca_pem.as_bytes()).expect("written");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let off = format!("http://{}", listener.local_addr().expect("an address"));
        Places {
            plain,
            encrypted,
            ca_file,
            off,
            judge: Judge::start(),
        }
    }

    fn lead_to(&self, client: &mut Client, base: &str) -> Result<(), Error> {
        let url = match base {
            "off" => self.off.clone(),
            "judge" => self.judge.url().to_owned(),
            "trusted" | "untrusted" => self.encrypted.base_url(),
            _ => base.replacen("sandbox", &self.plain.base_url(), 1),
        };
        client.set("base_url", url)?;
        if base == "trusted" {
            client.set("ca_file", self.ca_file.path().to_str().expect("UTF-8"))?;
        }
        Ok(())
    }
}

fn table() -> Value {
    serde_json::from_str(include_str!("cases.json")).expect("the table")
}

fn text<'a>(case: &'a Value, name: &str, otherwise: &'a str) -> &'a str {
    case[name].as_str().unwrap_or(otherwise)
}

fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.clone().into_bytes(),
        value => {
            let text = value["base64"].as_str().expect("bytes");
            base64::engine::general_purpose::STANDARD
                .decode(text)
                .expect("base64")
        }
    }
}

fn send(case: &Value, places: &Places) -> Result<(Receipt, String), Error> {
    let username = text(case, "username", "username");
    let secret = text(case, "secret", "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX");
    let mut client = Client::new(username, secret)?;
    places.lead_to(&mut client, text(case, "base", ""))?;
    for (name, value) in case["settings"].as_object().into_iter().flatten() {
        client.set(name, value.as_str().expect("a text"))?;
    }
    let mut lead = Lead::new();
    for field in case["fields"].as_array().expect("fields") {
        lead.set(field[0].as_str().expect("a name"), bytes(&field[1]))?;
    }
    let body = client.sign_lead(&lead)?.body().to_owned();
    Ok((client.add_lead(&lead)?, body))
}

fn status(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Rejected => "JC_REJECTED",
        ErrorKind::NotAccepted => "JC_NOT_ACCEPTED",
        ErrorKind::InvalidArgument => "JC_INVALID_ARGUMENT",
        ErrorKind::UnknownName => "JC_UNKNOWN_NAME",
        ErrorKind::Unreachable => "JC_UNREACHABLE",
        ErrorKind::Tls => "JC_TLS",
        ErrorKind::OutcomeUnknown => "JC_OUTCOME_UNKNOWN",
        ErrorKind::Http => "JC_HTTP",
        ErrorKind::BadResponse => "JC_BAD_RESPONSE",
        ErrorKind::BadSignature => "JC_BAD_SIGNATURE",
        _ => "JC_INTERNAL",
    }
}

fn outcome(result: &Result<Receipt, Error>) -> &'static str {
    match result {
        Ok(receipt) => match receipt.outcome() {
            Outcome::Added => "JC_ADDED",
            Outcome::ActivationSent => "JC_ACTIVATION_SENT",
            Outcome::AlreadyRegistered => "JC_ALREADY_REGISTERED",
            _ => "another",
        },
        Err(error) if error.kind() == ErrorKind::Rejected => "JC_OUTCOME_REJECTED",
        Err(_) => "JC_OUTCOME_NONE",
    }
}

fn check(case: &Value, result: &Result<Receipt, Error>) {
    let (found, code, answer) = match result {
        Ok(receipt) => ("JC_OK", receipt.answer().code(), Some(receipt.answer())),
        Err(error) => {
            let code = error.answer().map_or(-1, |answer| answer.code());
            (status(error.kind()), code, error.answer())
        }
    };
    assert_eq!(found, text(case, "status", ""), "{case} {result:?}");
    assert_eq!(outcome(result), text(case, "outcome", ""), "{case}");
    assert_eq!(
        i64::from(code),
        case["code"].as_i64().expect("a code"),
        "{case}"
    );
    if let Some(expected) = case["text"].as_str() {
        let found = answer
            .map_or("", |answer| answer.text())
            .replace('\0', "\u{fffd}");
        assert_eq!(found, expected, "{case}");
    }
}

#[test]
fn every_lead_of_the_table_ends_as_it_says() {
    let places = Places::new();
    for case in table()["leads"].as_array().expect("leads") {
        let sent = send(case, &places);
        if let (Ok((_, body)), Some(expected)) = (&sent, case["body"].as_str()) {
            assert_eq!(body, expected);
        }
        let result = sent.map(|(receipt, _)| receipt);
        check(case, &result);
        let (attempts, arrived, message) = match &result {
            Ok(receipt) => (receipt.attempts(), true, receipt.message()),
            Err(error) => (
                error.attempts(),
                error.may_have_arrived(),
                error.to_string(),
            ),
        };
        if let Some(expected) = case["attempts"].as_u64() {
            assert_eq!(u64::from(attempts), expected, "{case}");
        }
        if let Some(expected) = case["may_have_arrived"].as_bool() {
            assert_eq!(arrived, expected, "{case}");
        }
        for part in case["says"].as_array().into_iter().flatten() {
            assert!(
                message.contains(part.as_str().expect("a text")),
                "{case}: {message}"
            );
        }
    }
}

#[test]
fn every_answer_of_the_table_is_judged_as_it_says() {
    let client = Client::new("username", "secret").expect("a client");
    for case in table()["answers"].as_array().expect("answers") {
        let result = client.verify_answer(text(case, "body", "").as_bytes());
        check(case, &result);
        if let Some(expected) = case["result"].as_str() {
            let receipt = result.expect("a success");
            assert_eq!(receipt.answer().result(), Some(expected));
        }
    }
}
