//! The golden data, made by PHP itself, through the public interface.

#[allow(dead_code)]
mod golden;

use serde_json::Value;

fn rows(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap()
}

#[test]
fn every_request_is_encoded_and_signed_as_php_does() {
    for golden in golden::leads() {
        let client = justclick::Client::new(&golden.username, &golden.secret).unwrap();
        let mut lead = justclick::Lead::new();
        // Backwards, since the order of filling in must not matter.
        for (name, value) in golden.fields().into_iter().rev() {
            lead.set(name, value).unwrap();
        }
        assert_eq!(client.sign_lead(&lead).unwrap().body(), golden.body);
    }
}

#[test]
fn an_answer_is_believed_only_with_its_hash() {
    for row in rows(include_str!("vectors/answers.jsonl")) {
        let client = justclick::Client::new("username", text(&row, "secret")).unwrap();
        let code = row["error_code"].as_i64().unwrap();
        let kind = match client.verify_answer(text(&row, "body").as_bytes()) {
            Ok(_) => None,
            Err(error) => Some(error.kind()),
        };
        let registered = text(&row, "error_text")
            .to_lowercase()
            .contains("already registered");
        let expected = match (code, row["valid"].as_bool().unwrap()) {
            (4 | 5, _) => Some(justclick::ErrorKind::NotAccepted),
            (_, false) => Some(justclick::ErrorKind::BadSignature),
            (0 | 102, true) => None,
            (_, true) if registered => None,
            (_, true) => Some(justclick::ErrorKind::Rejected),
        };
        assert_eq!(kind, expected, "{row}");
    }
}
