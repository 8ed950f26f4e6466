//! Forms are read and rebuilt as PHP does, and so every hash is judged as there.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::sandbox::php_form::{self, POST_VARIABLES};
use crate::sandbox::{Account, GroupKind};
use crate::talk::{
    PATH, asked, demo, demo_secret, head, md5_hex, posted, rows, started, text, verdict,
};

const REQUESTS: &str = include_str!("../../../tests/vectors/requests.jsonl");
const BROKEN: &str = include_str!("../../../tests/vectors/broken.jsonl");
/// What `http_build_query($_POST)` of PHP 8.2.36 answered to each body.
const PHP_CASES: &str = include_str!("php_cases.jsonl");

fn rebuilt(body: &str) -> String {
    let form = php_form::parse(body.as_bytes(), POST_VARIABLES);
    String::from_utf8(php_form::build_query(&form)).unwrap()
}

#[test]
fn forms_are_read_and_rebuilt_as_php_does() {
    let cases = rows(PHP_CASES);
    for case in &cases {
        let body = text(case, "body");
        assert_eq!(rebuilt(body), text(case, "rebuilt"), "{body}");
    }
    assert_eq!(cases.len(), 90);
}

#[test]
fn a_golden_query_is_rebuilt_into_itself() {
    for row in rows(REQUESTS) {
        assert_eq!(rebuilt(text(&row, "query")), text(&row, "query"));
    }
}

#[test]
fn variables_beyond_the_limit_are_cut_off() {
    let pairs: Vec<String> = (1..=1100).map(|number| format!("a{number}=x")).collect();
    let body = pairs.join("&");
    let read = |body: &str, variables| php_form::parse(body.as_bytes(), variables).entries().len();
    assert_eq!(read(&body, POST_VARIABLES), 1001);
    assert_eq!(read(&body, 1000), 1000);
    // A pair without a name is counted too.
    assert_eq!(
        read(&format!("{}{body}", "&".repeat(1000)), POST_VARIABLES),
        1
    );
}

#[test]
fn every_golden_request_is_accepted() {
    let rows = rows(REQUESTS);
    let mut accounts: BTreeMap<(&str, &str), Vec<&Value>> = BTreeMap::new();
    for row in &rows {
        let key = (text(row, "username"), text(row, "secret"));
        accounts.entry(key).or_default().push(row);
    }
    for ((username, secret), rows) in accounts {
        let mut account = Account::new(username, secret);
        for pair in rows
            .iter()
            .flat_map(|row| row["params"].as_array().unwrap())
        {
            if pair[0].as_str().unwrap().starts_with("rid[") {
                account = account.with_group(pair[1].as_str().unwrap(), GroupKind::Open);
            }
        }
        let sandbox = started(vec![Account::new("first", "unused"), account]);
        let path = format!("/{username}{PATH}");
        for row in rows {
            let body = format!("{}&hash={}", text(row, "query"), text(row, "hash"));
            let answer = asked(&sandbox, &head("POST", &path, "127.0.0.1:80"), &body);
            let (code, text) = verdict(&answer, secret);
            match row["params"].as_array().unwrap().len() {
                0 => assert_eq!(code, 2),
                // A row may repeat another's contact.
                _ => assert!(code == 0 || code == 102, "{code} {text}: {row}"),
            }
        }
        let added = sandbox.contacts().len();
        assert!(added > 0 && added <= sandbox.requests());
    }
}

#[test]
fn every_broken_request_is_refused() {
    let sandbox = demo();
    for row in rows(BROKEN) {
        let body = text(&row, "body");
        let (code, _) = posted(&sandbox, body);
        assert_eq!(code, if row["kind"] == "too-many" { 1 } else { 4 }, "{row}");
        if let Some(expected) = row["rebuilt"].as_str() {
            let mut form = php_form::parse(body.as_bytes(), POST_VARIABLES);
            form.remove(b"hash");
            let query = String::from_utf8(php_form::build_query(&form)).unwrap();
            assert_eq!(query, expected);
            let hash = md5_hex(&format!("{query}::username::{}", demo_secret()));
            assert_eq!(hash, text(&row, "server_hash"));
        }
    }
    assert!(sandbox.contacts().is_empty());
}
