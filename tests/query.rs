//! A request's parameters: PHP's encoding, its inverse, and what PHP would change.

use justclick::{Error, ErrorKind, Query};
use proptest::prelude::*;
use serde_json::Value;

fn rows(text: &str) -> impl Iterator<Item = Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a row"))
}

fn refused(result: Result<Query, Error>) -> String {
    let error = result.expect_err("no query");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    error.message().to_owned()
}

#[test]
fn every_golden_query_is_read_and_written_to_the_same_bytes() {
    let mut read = 0;
    for row in rows(include_str!("vectors/requests.jsonl")) {
        let text = row["query"].as_str().expect("a query");
        if row["kind"] == "bytes" {
            assert!(refused(Query::parse(text)).contains("UTF-8"));
            continue;
        }
        let query = match Query::parse(text) {
            Ok(query) => query,
            // PHP itself takes values of any length; a lead's end at 256 KiB.
            Err(error) => panic!("{}: {error}", row["kind"]),
        };
        assert_eq!(query.as_str(), text);
        let parameters = row["params"].as_array().expect("parameters");
        assert_eq!(query.pairs().len(), parameters.len());
        read += 1;
    }
    assert_eq!(read, 1009);
}

#[test]
fn every_query_that_php_would_rebuild_to_other_bytes_is_refused() {
    let mut seen = 0;
    for row in rows(include_str!("vectors/broken.jsonl")) {
        let text = row["query"].as_str().expect("a query");
        assert!(Query::parse(text).is_err(), "{row}");
        seen += 1;
    }
    assert_eq!(seen, 18);
}

#[test]
fn what_is_no_query_is_refused_with_the_parameter() {
    for (text, part) in [
        ("a", "parameter 1"),
        ("a=1&", "parameter 2"),
        ("a=1&b", "parameter 2"),
        ("a=%", "parameter 1"),
        ("a=%4", "parameter 1"),
        ("a=%zz", "parameter 1"),
        ("a=%FF", "UTF-8"),
        ("a=%00", "NUL"),
        ("a=%2a", "as PHP writes"),
        ("a=~", "as PHP writes"),
        ("a=%41", "as PHP writes"),
        ("a=1&a=2", "twice"),
        ("a=1&a%5Bb%5D=2", "both a value and an array"),
        ("rid%5B0%5D=a&tag=x&rid%5B1%5D=b", "apart"),
        ("hash=1", "hash"),
        ("hash%5Ba%5D=1", "hash"),
        ("a.b=1", "PHP would change"),
        ("a%5B%5D=1", "PHP would change"),
    ] {
        let message = refused(Query::parse(text));
        assert!(message.contains(part), "{text}: {message}");
    }
    let many: Vec<String> = (0..1001)
        .map(|number| format!("a%5B{number}%5D="))
        .collect();
    assert!(refused(Query::parse(&many.join("&"))).contains("1000"));
    assert!(Query::parse(&many[..1000].join("&")).is_ok());
    let long = "a".repeat(1024 * 1024);
    assert!(refused(Query::parse(&format!("a={long}"))).contains("1048576"));
}

#[test]
fn json_is_flattened_as_php_does_and_keeps_the_caller_s_order() {
    let query = Query::from_json(
        r#"{"z": 1, "a": {"y": [true, false, null], "x": {"k": "v"}}, "n": null, "e": [], "b": "я"}"#,
    )
    .expect("a query");
    assert_eq!(
        query.as_str(),
        "z=1&a%5By%5D%5B0%5D=1&a%5By%5D%5B1%5D=0&a%5Bx%5D%5Bk%5D=v&b=%D1%8F"
    );
    // Flat members of an array stand together, wherever they were given.
    let query = Query::from_json(r#"{"a[x]": 1, "b": 2, "a[y]": 3}"#).expect("a query");
    assert_eq!(query.as_str(), "a%5Bx%5D=1&a%5By%5D=3&b=2");
    for json in ["{}", "[]", r#"{"a": null}"#] {
        assert_eq!(Query::from_json(json).expect(json), Query::new());
    }
    for (json, part) in [
        (r#"{"a": 1.5}"#, "fraction"),
        (r#"{"a": 1, "a": 2}"#, "twice"),
        (r#"{"a[b]": 1, "a": {"b": 2}}"#, "twice"),
        (r#"{"a": 1, "a[b]": 2}"#, "both a value and an array"),
        (r#"{"hash": 1}"#, "hash"),
        (r#"{"a b": 1}"#, "PHP would change"),
        (r#"{"a": {"": 1}}"#, "PHP would change"),
        (r#"{"": 1}"#, "PHP would change"),
        (r#"{"": {"a": 1}}"#, "PHP would change"),
    ] {
        let message = refused(Query::from_json(json));
        assert!(message.contains(part), "{json}: {message}");
    }
}

#[test]
fn a_query_shows_no_personal_data() {
    let query = Query::from_json(r#"{"lead_email": "lead@email.com"}"#).expect("a query");
    assert_eq!(format!("{query:?}"), r#"["lead_email"]"#);
}

proptest! {
    #[test]
    fn what_is_written_is_read_to_the_same_bytes(
        pairs in proptest::collection::btree_map("[a-zA-Z_~я]{1,6}(\\[[a-z0-9!я-]{1,3}\\]){0,3}", "\\PC{0,20}", 0..12)
    ) {
        let json = serde_json::to_string(&pairs).expect("JSON");
        if let Ok(query) = Query::from_json(json) {
            prop_assert_eq!(query.pairs().len(), pairs.len());
            for (name, value) in query.pairs() {
                prop_assert_eq!(pairs.get(&name), Some(&value));
            }
            prop_assert_eq!(Query::parse(query.as_str()).expect("a query"), query);
        }
    }

    /// Whatever text is taken for a query comes out as it went in.
    #[test]
    fn what_is_read_is_written_to_the_same_bytes(text in "([a-c%5BD\\[\\]=&.+2A]|%5B|%5D|%41|&|=){0,24}") {
        if let Ok(query) = Query::parse(&text) {
            prop_assert_eq!(query.as_str(), text);
        }
    }
}
