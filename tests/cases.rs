//! The table of cases that all languages share, through Rust, C and C++.
#![cfg(target_os = "linux")]

mod c_programs;
mod judge;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;

use base64::Engine;
use c_programs::{Workshop, fed, root};
use judge::Judge;
use justclick::outbox::Limits;
use justclick::{Client, Disposition, Error, ErrorKind, Lead, Outbox, Outcome, Receipt};
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

    /// The settings of a case, with those that say where its lead goes.
    fn settings(&self, case: &Value) -> Vec<(String, String)> {
        let base = text(case, "base", "");
        let url = match base {
            "off" => self.off.clone(),
            "judge" => self.judge.url().to_owned(),
            "trusted" | "untrusted" => self.encrypted.base_url(),
            _ => base.replacen("sandbox", &self.plain.base_url(), 1),
        };
        let mut settings = vec![("base_url".to_owned(), url)];
        if base == "trusted" {
            let ca_file = self.ca_file.path().to_str().expect("UTF-8");
            settings.push(("ca_file".to_owned(), ca_file.to_owned()));
        }
        for (name, value) in case["settings"].as_object().into_iter().flatten() {
            settings.push((name.clone(), value.as_str().expect("a text").to_owned()));
        }
        settings
    }
}

/// What a language shows of a call's end.
#[derive(Debug, PartialEq)]
struct Seen {
    status: String,
    outcome: i64,
    disposition: i64,
    code: i64,
    attempts: u64,
    may_have_arrived: bool,
    text: String,
    message: String,
    /// The request's body, or the answer's member `result`.
    body: String,
}

fn table() -> Value {
    serde_json::from_str(include_str!("cases.json")).expect("the table")
}

fn leads(table: &Value) -> &Vec<Value> {
    table["leads"].as_array().expect("leads")
}

fn answers(table: &Value) -> &Vec<Value> {
    table["answers"].as_array().expect("answers")
}

fn text<'a>(case: &'a Value, name: &str, otherwise: &'a str) -> &'a str {
    case[name].as_str().unwrap_or(otherwise)
}

fn username(case: &Value) -> &str {
    text(case, "username", "username")
}

fn secret(case: &Value) -> &str {
    text(case, "secret", "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX")
}

fn fields(case: &Value) -> Vec<(&str, Vec<u8>)> {
    (case["fields"].as_array().expect("fields").iter())
        .map(|field| (field[0].as_str().expect("a name"), bytes(&field[1])))
        .collect()
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

fn check(case: &Value, seen: &Seen) {
    let outcome = match text(case, "outcome", "") {
        "JC_OUTCOME_NONE" => 0,
        "JC_ADDED" => 1,
        "JC_ACTIVATION_SENT" => 2,
        "JC_ALREADY_REGISTERED" => 3,
        "JC_OUTCOME_REJECTED" => 10,
        other => panic!("{other}"),
    };
    assert_eq!(seen.status, text(case, "status", ""), "{case} {seen:?}");
    assert_eq!(seen.outcome, outcome, "{case}");
    let disposition = match text(case, "disposition", "") {
        "JC_DONE" => 1,
        "JC_REFUSED" => 2,
        "JC_LATER" => 3,
        "JC_HOLD" => 4,
        other => panic!("{other}"),
    };
    assert_eq!(seen.disposition, disposition, "{case}");
    assert_eq!(seen.code, case["code"].as_i64().expect("a code"), "{case}");
    if let Some(expected) = case["text"].as_str() {
        assert_eq!(seen.text, expected, "{case}");
    }
    if let Some(expected) = case["attempts"].as_u64() {
        assert_eq!(seen.attempts, expected, "{case}");
    }
    if let Some(expected) = case["may_have_arrived"].as_bool() {
        assert_eq!(seen.may_have_arrived, expected, "{case}");
    }
    for part in case["says"].as_array().into_iter().flatten() {
        let part = part.as_str().expect("a text");
        assert!(seen.message.contains(part), "{case}: {}", seen.message);
    }
    if let Some(expected) = case["body"].as_str().filter(|_| case["fields"].is_array()) {
        assert_eq!(seen.body, expected, "{case}");
    }
    if let Some(expected) = case["result"].as_str() {
        assert_eq!(seen.body, expected, "{case}");
    }
}

/// What became of a lead that was kept, rather than sent, and then delivered.
fn check_kept(case: &Value, status: &str, [delivered, dead, waiting]: [i64; 3]) {
    let expected = text(case, "status", "");
    if matches!(expected, "JC_INVALID_ARGUMENT" | "JC_UNKNOWN_NAME") {
        return assert_eq!(status, expected, "{case}");
    }
    assert_eq!(status, "JC_OK", "{case}");
    let counts = match text(case, "disposition", "") {
        "JC_DONE" => [1, 0, 0],
        "JC_REFUSED" => [0, 1, 0],
        _ => [0, 0, 1],
    };
    assert_eq!([delivered, dead, waiting], counts, "{case}");
}

mod rust {
    use super::*;

    #[test]
    fn every_lead_of_the_table_ends_as_it_says() {
        let places = Places::new();
        for case in leads(&table()) {
            let mut body = String::new();
            let result = send(case, &places, &mut body);
            check(case, &seen(result, body));
        }
    }

    #[test]
    fn every_answer_of_the_table_is_judged_as_it_says() {
        let client = Client::new("username", "secret").expect("a client");
        for case in answers(&table()) {
            let result = client.verify_answer(text(case, "body", "").as_bytes());
            let body = match &result {
                Ok(receipt) => receipt.answer().result().unwrap_or_default().to_owned(),
                Err(_) => String::new(),
            };
            check(case, &seen(result, body));
        }
    }

    #[test]
    fn every_lead_of_the_table_ends_in_the_outbox_as_it_says() {
        let places = Places::new();
        for case in leads(&table()) {
            let (status, counts) = match kept(case, &places) {
                Ok(status) => (
                    "JC_OK",
                    [status.delivered, status.dead, status.waiting].map(|count| count as i64),
                ),
                Err(error) => (self::status(error.kind()), [0; 3]),
            };
            check_kept(case, status, counts);
        }
    }

    fn kept(case: &Value, places: &Places) -> Result<justclick::outbox::row::Status, Error> {
        let (client, lead) = prepared(case, places)?;
        let outbox = Outbox::open(":memory:")?;
        outbox.add(&client, &lead, None)?;
        outbox.deliver(&client, &Limits::default())?;
        outbox.status()
    }

    fn prepared(case: &Value, places: &Places) -> Result<(Client, Lead), Error> {
        let mut client = Client::new(username(case), secret(case))?;
        for (name, value) in places.settings(case) {
            client.set(&name, value)?;
        }
        let mut lead = Lead::new();
        for (name, value) in fields(case) {
            lead.set(name, value)?;
        }
        Ok((client, lead))
    }

    fn send(case: &Value, places: &Places, body: &mut String) -> Result<Receipt, Error> {
        let (client, lead) = prepared(case, places)?;
        *body = client.sign_lead(&lead)?.body().to_owned();
        client.add_lead(&lead)
    }

    fn seen(result: Result<Receipt, Error>, body: String) -> Seen {
        let answer = match &result {
            Ok(receipt) => Some(receipt.answer()),
            Err(error) => error.answer(),
        };
        let code = answer.map_or(-1, |answer| i64::from(answer.code()));
        let text = answer.map_or("", |answer| answer.text());
        let text = text.replace('\0', "\u{fffd}");
        match &result {
            Ok(receipt) => Seen {
                status: "JC_OK".to_owned(),
                outcome: match receipt.outcome() {
                    Outcome::Added => 1,
                    Outcome::ActivationSent => 2,
                    Outcome::AlreadyRegistered => 3,
                    other => panic!("{other:?}"),
                },
                disposition: 1,
                code,
                attempts: receipt.attempts().len() as u64,
                may_have_arrived: true,
                text,
                message: receipt.message().to_owned(),
                body,
            },
            Err(error) => Seen {
                status: status(error.kind()).to_owned(),
                outcome: match error.kind() {
                    ErrorKind::Rejected => 10,
                    _ => 0,
                },
                disposition: match error.disposition() {
                    Disposition::Done => 1,
                    Disposition::Refused => 2,
                    Disposition::Later => 3,
                    Disposition::Hold => 4,
                },
                code,
                attempts: error.attempts().len() as u64,
                may_have_arrived: error.may_have_arrived(),
                text,
                message: error.to_string(),
                body,
            },
        }
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
            ErrorKind::NotStored => "JC_NOT_STORED",
            _ => "JC_INTERNAL",
        }
    }
}

/// C and C++ read the cases from their standard input and write what they saw.
mod compiled {
    use super::*;

    #[test]
    fn c_sees_what_the_table_says() {
        let workshop = Workshop::new();
        let source = root().join("tests/c/cases.c");
        drive(&workshop.compile("cc", &source, &["-std=c99"]));
    }

    #[test]
    fn cpp_sees_what_the_table_says_under_the_sanitizers() {
        let workshop = Workshop::new();
        let source = root().join("tests/cpp/cases.cpp");
        let flags = [
            "-std=c++17",
            "-g",
            "-fsanitize=address,undefined",
            "-fno-sanitize-recover=all",
        ];
        drive(&workshop.compile("c++", &source, &flags));
    }

    fn drive(program: &Path) {
        let places = Places::new();
        let table = table();
        let mut input = Vec::new();
        for case in leads(&table) {
            push_lead(&mut input, "lead", case, &places);
        }
        for case in leads(&table) {
            push_lead(&mut input, "kept", case, &places);
        }
        for case in answers(&table) {
            push(&mut input, b"answer");
            push(&mut input, text(case, "body", "").as_bytes());
        }
        let printed = fed(program, input);
        let mut printed = printed.as_str();
        for case in leads(&table) {
            check(case, &seen(&mut printed));
        }
        for case in leads(&table) {
            let status = next(&mut printed).to_owned();
            let counts: Value = serde_json::from_str(next(&mut printed)).unwrap_or_default();
            let counts = ["delivered", "dead", "waiting"].map(|name| counts[name].as_i64());
            check_kept(case, &status, counts.map(Option::unwrap_or_default));
        }
        for case in answers(&table) {
            check(case, &seen(&mut printed));
        }
        assert_eq!(printed, "");
    }

    fn push_lead(input: &mut Vec<u8>, kind: &str, case: &Value, places: &Places) {
        push(input, kind.as_bytes());
        push(input, username(case).as_bytes());
        push(input, secret(case).as_bytes());
        let settings = places.settings(case);
        push(input, settings.len().to_string().as_bytes());
        for (name, value) in settings {
            push(input, name.as_bytes());
            push(input, value.as_bytes());
        }
        let fields = fields(case);
        push(input, fields.len().to_string().as_bytes());
        for (name, value) in fields {
            push(input, name.as_bytes());
            push(input, &value);
        }
    }

    fn push(input: &mut Vec<u8>, text: &[u8]) {
        input.extend(format!("{}:", text.len()).bytes());
        input.extend(text);
    }

    fn seen(printed: &mut &str) -> Seen {
        let status = next(printed).to_owned();
        Seen {
            status,
            outcome: next(printed).parse().expect("a number"),
            disposition: next(printed).parse().expect("a number"),
            code: next(printed).parse().expect("a number"),
            attempts: next(printed).parse().expect("a number"),
            may_have_arrived: next(printed) == "1",
            text: next(printed).to_owned(),
            message: next(printed).to_owned(),
            body: next(printed).to_owned(),
        }
    }

    fn next<'a>(printed: &mut &'a str) -> &'a str {
        let (length, rest) = printed.split_once(':').expect("a length");
        let (text, rest) = rest.split_at(length.parse().expect("a number"));
        *printed = rest;
        text
    }
}
