//! Hostile and odd answers: each is its own error, never a success and never a panic.

use justclick::{Client, Error, ErrorKind, Outcome, Receipt, code};
use md5::{Digest, Md5};

const SECRET: &str = "secret";

fn verify(body: impl AsRef<[u8]>) -> Result<Receipt, Error> {
    Client::new("username", SECRET)?.verify_answer(body.as_ref())
}

fn hash(code: i32, text: &str) -> String {
    let digest = Md5::digest(format!("{code}::{text}::{SECRET}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn signed(code: i32, text: &str) -> String {
    let hash = hash(code, text);
    serde_json::json!({"error_code": code, "error_text": text, "hash": hash}).to_string()
}

/// The message of an answer that must be refused as not the API's.
fn bad(body: impl AsRef<[u8]>) -> String {
    let error = verify(body).expect_err("no success");
    assert_eq!(error.kind(), ErrorKind::BadResponse, "{error}");
    error.message().to_owned()
}

#[test]
fn successes_are_told_apart() {
    for (code, text, outcome) in [
        (0, "OK", Outcome::Added),
        (0, "ok", Outcome::Added),
        (0, "что-то новое", Outcome::Added),
        (
            0,
            "Activation email sent to subscriber",
            Outcome::ActivationSent,
        ),
        (
            0,
            "The subscriber is already registered",
            Outcome::AlreadyRegistered,
        ),
        (102, "уже есть", Outcome::AlreadyRegistered),
    ] {
        assert_eq!(
            verify(signed(code, text)).expect("a success").outcome(),
            outcome,
            "{text}"
        );
    }
}

#[test]
fn a_code_0_with_a_refusal_s_text_is_that_refusal() {
    for (text, code, kind) in [
        (
            "Not transferred hash",
            code::HASH_MISSING,
            ErrorKind::Rejected,
        ),
        (
            "No transmitted data",
            code::DATA_MISSING,
            ErrorKind::Rejected,
        ),
        ("Wrong posted data", code::WRONG_DATA, ErrorKind::Rejected),
        ("Incorrect hash", code::WRONG_HASH, ErrorKind::NotAccepted),
        (
            "Invalid user name",
            code::INVALID_USERNAME,
            ErrorKind::NotAccepted,
        ),
        (
            "Permission denied for IP 203.0.113.7",
            code::ADDRESS_DENIED,
            ErrorKind::Rejected,
        ),
        (
            "Account disabled",
            code::ACCOUNT_DISABLED,
            ErrorKind::Rejected,
        ),
        ("Email is missing", code::EMAIL_MISSING, ErrorKind::Rejected),
        (
            "Subscription error: x",
            code::SUBSCRIPTION_ERROR,
            ErrorKind::Rejected,
        ),
        (
            "Has an invalid subscriptions group",
            code::INVALID_GROUP,
            ErrorKind::Rejected,
        ),
        (
            "Subscription forbidden for super",
            code::SUBSCRIPTION_FORBIDDEN,
            ErrorKind::Rejected,
        ),
    ] {
        let error = verify(signed(0, text)).expect_err("nobody was added");
        let answer = error.answer().expect("an answer");
        assert_eq!((answer.code(), error.kind()), (code, kind), "{text}");
        assert_eq!(answer.text(), text);
    }
}

#[test]
fn an_unknown_code_is_a_rejection() {
    let error = verify(signed(4711, "new")).expect_err("no success");
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(error.answer().map(|answer| answer.code()), Some(4711));
    assert!(!error.kind().is_retryable());
}

#[test]
fn a_wrong_login_is_told_as_that_even_without_a_hash() {
    for code in [code::WRONG_HASH, code::INVALID_USERNAME] {
        let body = format!(r#"{{"error_code":{code},"error_text":"no"}}"#);
        let error = verify(body).expect_err("no success");
        assert_eq!(error.kind(), ErrorKind::NotAccepted);
        assert!(!error.message().contains(SECRET) || error.message().contains("the secret"));
    }
}

#[test]
fn a_hash_that_is_not_exactly_right_is_not_believed() {
    let right = hash(0, "OK");
    let wrong = [
        right.to_uppercase(),
        format!("{right}0"),
        right[1..].to_owned(),
        String::new(),
        "0".repeat(32),
        hash(1, "OK"),
    ];
    for hash in wrong {
        let body =
            serde_json::json!({"error_code": 0, "error_text": "OK", "hash": hash}).to_string();
        let error = verify(body).expect_err("no success");
        assert_eq!(error.kind(), ErrorKind::BadSignature);
    }
}

#[test]
fn what_is_no_answer_of_the_api_is_said_to_be_none() {
    assert!(bad("").contains("empty"));
    assert!(bad(" \n").contains("empty"));
    assert!(bad("<html>502</html>").contains("HTML"));
    assert!(bad(b"\xff\xfe").contains("UTF-8"));
    assert!(bad("[]").contains("JSON object"));
    assert!(bad("null").contains("JSON object"));
    assert!(bad(r#"{"error_code":0"#).contains("too early"));
    let second = signed(0, "OK") + &signed(0, "OK");
    assert!(bad(second).contains("one JSON object"));
    assert!(bad(vec![b' '; 8 * 1024 * 1024 + 1]).contains("larger"));
}

#[test]
fn missing_members_and_wrong_types_are_named() {
    let ok = hash(0, "OK");
    for (body, named) in [
        (
            format!(r#"{{"error_text":"OK","hash":"{ok}"}}"#),
            "error_code",
        ),
        (format!(r#"{{"error_code":0,"hash":"{ok}"}}"#), "error_text"),
        (r#"{"error_code":0,"error_text":"OK"}"#.to_owned(), "hash"),
        (
            r#"{"error_code":0,"error_text":"OK","hash":1}"#.to_owned(),
            "hash",
        ),
        (
            format!(r#"{{"error_code":0,"error_text":1,"hash":"{ok}"}}"#),
            "error_text",
        ),
        (
            format!(r#"{{"error_code":0,"error_text":null,"hash":"{ok}"}}"#),
            "error_text",
        ),
        (
            r#"{"error_code":0,"error_text":"\ud800","hash":""}"#.to_owned(),
            "error_text",
        ),
    ] {
        assert!(bad(body).contains(named), "{named}");
    }
    for code in [
        "null",
        "true",
        "0.0",
        "0.5",
        "-1",
        "1e2",
        "\"\"",
        "\"00\"",
        "\"+0\"",
        "\" 0\"",
        "[]",
        "99999999999",
    ] {
        let body = format!(r#"{{"error_code":{code},"error_text":"OK","hash":"{ok}"}}"#);
        assert!(bad(body).contains("error_code"), "{code}");
    }
}

#[test]
fn the_code_may_be_digits_and_the_body_may_begin_with_a_mark() {
    let hash = hash(0, "OK");
    let body =
        format!("\u{feff} {{\"error_code\":\"0\",\"error_text\":\"OK\",\"hash\":\"{hash}\"}}\n");
    assert_eq!(verify(body).expect("a success").outcome(), Outcome::Added);
}

#[test]
#[cfg_attr(miri, ignore = "takes Miri too long")]
fn deep_nesting_is_bounded_and_the_result_keeps_its_spelling() {
    let with_result = |result: &str| {
        let hash = hash(0, "OK");
        format!(r#"{{"error_code":0,"error_text":"OK","result":{result},"hash":"{hash}"}}"#)
    };
    let spelled = r#"{"b": 1.10, "a": "\u0436"}"#;
    let receipt = verify(with_result(spelled)).expect("a success");
    assert_eq!(receipt.answer().result(), Some(spelled));
    let deep = "[".repeat(20_000) + &"]".repeat(20_000);
    assert!(bad(with_result(&deep)).contains("result"));
}

#[test]
fn a_nul_in_the_text_counts_for_the_hash() {
    let receipt = verify(signed(0, "O\0K")).expect("a success");
    assert_eq!(receipt.answer().text(), "O\0K");
}

/// PHP's `==`, with which the service's own example compares, takes two texts that look like
/// numbers as such, and both of these are nought times a power of ten.
#[test]
fn a_hash_that_only_php_takes_for_the_right_one_is_refused() {
    const TEXT: &str = "OK 68398273";
    let right = hash(0, TEXT);
    assert_eq!(right, "0e603559587130893468134987690548");
    let body = |hash: &str| {
        serde_json::json!({"error_code": 0, "error_text": TEXT, "hash": hash}).to_string()
    };
    assert!(verify(body(&right)).is_ok());
    let others = [
        "0e462097431906509019562988736854".to_owned(),
        "0e000000000000000000000000000000".to_owned(),
        "0".to_owned(),
        "0.0".to_owned(),
        format!(" {right}"),
        format!("{right} "),
        format!("+{right}"),
        right.to_uppercase(),
        right[..31].to_owned(),
        format!("{right}0"),
        String::new(),
    ];
    for other in others {
        let error = verify(body(&other)).expect_err(&other);
        assert_eq!(error.kind(), ErrorKind::BadSignature, "{other}");
    }
}
