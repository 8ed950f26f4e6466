//! The golden data, made by PHP itself, through the public interface.

use serde_json::Value;

mod value {
    /// The data marks bytes that are not UTF-8; no lead can carry them.
    pub fn sent(value: &serde_json::Value) -> Option<String> {
        match value {
            serde_json::Value::Bool(flag) => Some(if *flag { "1" } else { "0" }.to_owned()),
            serde_json::Value::String(text) if !text.starts_with("base64:") => Some(text.clone()),
            _ => None,
        }
    }
}

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
    let mut built = 0;
    for row in rows(include_str!("vectors/requests.jsonl")) {
        if matches!(text(&row, "kind"), "bytes" | "empty") {
            continue;
        }
        let client = justclick::Client::new(text(&row, "username"), text(&row, "secret")).unwrap();
        let mut lead = justclick::Lead::new();
        // Backwards, since the order of filling in must not matter.
        for pair in row["params"].as_array().unwrap().iter().rev() {
            let value = value::sent(&pair[1]).unwrap();
            lead.set(pair[0].as_str().unwrap(), value).unwrap();
        }
        let request = client.sign_lead(&lead).unwrap();
        let expected = format!("{}&hash={}", text(&row, "query"), text(&row, "hash"));
        assert_eq!(request.body(), expected);
        built += 1;
    }
    assert_eq!(built, 1008);
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
