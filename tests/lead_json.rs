//! A whole lead as one JSON object.

#[allow(dead_code)]
mod golden;

use justclick::field::FIELDS;
use justclick::{Client, Error, ErrorKind, Lead};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn body(lead: &Lead) -> String {
    let client = Client::new("username", "secret").expect("a client");
    client.sign_lead(lead).expect("a request").body().to_owned()
}

fn refused(json: impl AsRef<[u8]>) -> Error {
    Lead::from_json(json).expect_err("no lead")
}

#[track_caller]
fn says(json: &str, kind: ErrorKind, parts: &[&str]) {
    let error = refused(json);
    assert_eq!(error.kind(), kind, "{json}: {error}");
    for part in parts {
        assert!(error.message().contains(part), "{json}: {error}");
    }
}

#[test]
fn every_golden_lead_gives_the_same_bytes_flat_and_nested() {
    for lead in golden::leads() {
        let client = Client::new(&lead.username, &lead.secret).expect("a client");
        for json in [lead.flat(), lead.nested()] {
            let read = Lead::from_json(json).expect("a lead");
            assert_eq!(
                client.sign_lead(&read).expect("a request").body(),
                lead.body
            );
        }
    }
}

#[test]
fn values_are_written_as_php_writes_them() {
    let lead = Lead::from_json(
        r#" {"rid": [1578515091, "1578515091.9668659223", null], "lead_email": " a@b.ru ",
            "activation": true, "lead_name": "", "tag": null, "lead_phone": 79161234567890123456789,
            "lead_city": -0, "utm": {"utm_source": "\u0418мя", "utm_term": false}, "utm[aff_term]": "x",
            "aff": [], "ad": {}} "#,
    );
    // A list where one value belongs is refused even if it is empty.
    assert!(lead.is_err());
    let lead = Lead::from_json(
        r#" {"rid": [1578515091, "1578515091.9668659223", null], "lead_email": " a@b.ru ",
            "activation": true, "lead_name": "", "tag": null, "lead_phone": 79161234567890123456789,
            "lead_city": -0, "utm": {"utm_source": "\u0418мя", "utm_term": false}, "utm[aff_term]": "x"} "#,
    )
    .expect("a lead");
    assert!(body(&lead).starts_with(
        "rid%5B0%5D=1578515091&rid%5B1%5D=1578515091.9668659223&lead_name=&lead_email=a%40b.ru&lead_phone=79161234567890123456789&lead_city=-0&activation=1&utm%5Butm_source%5D=%D0%98%D0%BC%D1%8F&utm%5Butm_term%5D=0&utm%5Baff_term%5D=x&hash="
    ));
}

#[test]
fn empty_arrays_and_null_leave_nothing_out_that_is_not_named() {
    for json in [
        r#"{"rid": ["a"], "lead_email": "a@b.ru", "utm": []}"#,
        r#"{"rid": ["a"], "lead_email": "a@b.ru", "utm": {}}"#,
        r#"{"rid": {"0": "a"}, "lead_email": "a@b.ru", "utm": null}"#,
        r#"{"rid": {"7": "a"}, "lead_email": "a@b.ru", "lead_name": null}"#,
    ] {
        let lead = Lead::from_json(json).expect(json);
        assert!(
            body(&lead).starts_with("rid%5B0%5D=a&lead_email=a%40b.ru&hash="),
            "{json}"
        );
    }
    assert_eq!(
        Lead::from_json("[]").expect("PHP's empty array"),
        Lead::new()
    );
}

#[test]
fn null_takes_a_field_back() {
    let mut lead = Lead::from_json(r#"{"rid": ["a", "b"], "lead_email": "a@b.ru", "tag": "x"}"#)
        .expect("a lead");
    lead.set_json(r#"{"tag": null, "rid[0]": null}"#)
        .expect("taken back");
    assert!(body(&lead).starts_with("rid%5B0%5D=b&lead_email=a%40b.ru&hash="));
}

#[test]
fn what_cannot_be_is_refused_by_name_and_reason() {
    use ErrorKind::{InvalidArgument, UnknownName};
    for (json, kind, parts) in [
        (
            r#"{"rid": [1578515091.9668659223]}"#,
            InvalidArgument,
            &["rid[0]", "fraction", "string"][..],
        ),
        (
            r#"{"lead_phone": 1e5}"#,
            InvalidArgument,
            &["lead_phone", "exponent"],
        ),
        (
            r#"{"lead_name": ["x"]}"#,
            UnknownName,
            &["lead_name", "one value, not a list"],
        ),
        (
            r#"{"utm": {"utm_source": {"x": 1}}}"#,
            UnknownName,
            &["utm[utm_source]", "one value"],
        ),
        (r#"{"rid": "super"}"#, UnknownName, &["rid", "list"]),
        (r#"{"utm": "x"}"#, UnknownName, &["utm", "utm[utm_medium]"]),
        (r#"{"rid": {"x": "super"}}"#, UnknownName, &["rid[x]"]),
        (
            r#"{"lead_mail": "a@b.ru"}"#,
            UnknownName,
            &["lead_mail", "lead_email"],
        ),
        (
            r#"{"lead_name": "a", "lead_name": "a"}"#,
            InvalidArgument,
            &["lead_name", "twice"],
        ),
        (
            r#"{"utm": {"utm_term": "a", "utm_term": null}}"#,
            InvalidArgument,
            &["utm_term", "twice", "utm"],
        ),
        (
            r#"{"utm": {"utm_term": "a"}, "utm[utm_term]": "b"}"#,
            InvalidArgument,
            &["utm[utm_term]", "twice"],
        ),
        (
            r#"{"utm": {"utm_term": "a"}, "utm": {"utm_source": "b"}}"#,
            InvalidArgument,
            &["utm", "twice"],
        ),
        (
            r#"{"rid": ["a"], "rid[0]": "b"}"#,
            InvalidArgument,
            &["rid[0]", "twice"],
        ),
        (
            r#"{"activation": "False?"}"#,
            InvalidArgument,
            &["activation"],
        ),
        (r#"{"lead_email": "a b"}"#, InvalidArgument, &["lead_email"]),
        (
            r#"{"lead_name": "a\u0000b"}"#,
            InvalidArgument,
            &["lead_name", "NUL"],
        ),
        (
            r#"{"lead_name": "\ud800"}"#,
            InvalidArgument,
            &["lead_name", "surrogate"],
        ),
        (
            r#"{"lead_name": "a"#,
            InvalidArgument,
            &["JSON", "ends too early"],
        ),
        (
            "{\"lead_name\": \"a\nb\"}",
            InvalidArgument,
            &["JSON", "line"],
        ),
        (r#"{"lead_name": 01}"#, InvalidArgument, &["JSON"]),
        (r#"{"lead_name": "a"} x"#, InvalidArgument, &["JSON"]),
        (r#"{"lead_name": "a",}"#, InvalidArgument, &["JSON"]),
        (r#"["lead_name"]"#, InvalidArgument, &["object"]),
        ("\"lead_name\"", InvalidArgument, &["JSON"]),
        ("", InvalidArgument, &["JSON"]),
    ] {
        says(json, kind, parts);
    }
    says(
        &format!("{{\"lead_name\": {}1{}}}", "[".repeat(70), "]".repeat(70)),
        InvalidArgument,
        &["within each other"],
    );
    let error = refused(b"{\"lead_name\": \"\xcf\"}");
    assert!(error.message().contains("UTF-8"), "{error}");
    assert!(
        !refused(r#"{"lead_email": "personal data"}"#)
            .message()
            .contains("personal")
    );
}

#[test]
fn a_lead_that_is_refused_is_as_it_was() {
    let mut lead = Lead::from_json(r#"{"rid": ["a"], "lead_email": "a@b.ru"}"#).expect("a lead");
    let before = lead.clone();
    for json in [
        r#"{"lead_name": "set", "no_such_field": 1}"#,
        r#"{"rid": ["x", "y"], "lead_email": "none"}"#,
        r#"{"lead_email": null, "lead_name": 1.5}"#,
    ] {
        lead.set_json(json).expect_err(json);
        assert_eq!(lead, before, "{json}");
    }
}

#[test]
fn a_lead_in_all_is_bounded_before_it_grows() {
    let mut lead = Lead::new();
    lead.group("super")
        .and_then(|lead| lead.email("a@b.ru"))
        .expect("a lead");
    let long = "я".repeat(128 * 1024);
    let mut refused = None;
    for (number, field) in FIELDS
        .iter()
        .filter(|field| field.short.contains("m_"))
        .enumerate()
    {
        match lead.set(field.name, &long) {
            Ok(_) => assert!(number < 4, "{number}"),
            Err(error) => {
                refused = Some(error);
                break;
            }
        }
    }
    let error = refused.expect("too long in all");
    assert!(error.message().contains("1048576"), "{error}");
    // What was taken is 1 MiB of text, which is three times as much once it is encoded.
    let client = Client::new("username", "secret").expect("a client");
    let error = client.sign_lead(&lead).expect_err("too long");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.message().contains("1048576"), "{error}");
}

proptest! {
    #[test]
    fn field_by_field_and_json_give_the_same_bytes(
        values in proptest::collection::vec(proptest::option::of("\\PC*"), FIELDS.len()),
        groups in proptest::collection::vec("[a-zЯ. ]{1,9}x", 1..5),
        escaped in any::<bool>(),
    ) {
        let mut lead = Lead::new();
        let mut object = Map::new();
        for group in &groups {
            lead.group(group).expect("a group");
        }
        object.insert("rid".into(), json!(groups));
        for (field, value) in FIELDS.iter().zip(&values) {
            let value = match (field.short, value) {
                ("email", _) => Some("a@b.ru"),
                ("activation", value) => value.as_ref().map(|_| "1"),
                ("utm_medium", _) => None,
                (_, value) => value.as_deref(),
            };
            if let Some(value) = value {
                lead.set(field.name, value).expect("a value");
            }
            object.insert(field.name.into(), json!(value));
        }
        let mut text = Value::from(object).to_string();
        if escaped {
            text = text.chars().map(|letter| match letter {
                ' '..='~' => letter.to_string(),
                letter => {
                    let mut units = [0; 2];
                    letter.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
                }
            }).collect();
        }
        prop_assert_eq!(body(&Lead::from_json(&text).expect("a lead")), body(&lead));
    }
}
