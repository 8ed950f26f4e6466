//! The sandbox: what it takes, what it refuses, and that PHP would read each request the same way.

#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use sandbox::php_form::{self, POST_VARIABLES};
use serde_json::Value;

fn rows(lines: &str) -> Vec<Value> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row[name].as_str().unwrap()
}

fn rebuilt(body: &str) -> String {
    let form = php_form::parse(body.as_bytes(), POST_VARIABLES);
    String::from_utf8(php_form::build_query(&form)).unwrap()
}

#[test]
fn forms_are_read_and_rebuilt_as_php_does() {
    // What `http_build_query($_POST)` of PHP 8.2.36 answered to each body.
    let cases = rows(include_str!("../examples/sandbox/php_cases.jsonl"));
    for case in &cases {
        let body = text(case, "body");
        assert_eq!(rebuilt(body), text(case, "rebuilt"), "{body}");
    }
    assert_eq!(cases.len(), 90);
}

#[test]
fn a_golden_query_is_rebuilt_into_itself() {
    for row in rows(include_str!("vectors/requests.jsonl")) {
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
