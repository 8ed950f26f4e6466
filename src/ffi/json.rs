//! A result as JSON.

use std::fmt::Write;

use super::ending::Ending;
use crate::{Answer, Attempt, Receipt};

/// A result as one JSON object; jc_result_to_json has the text of it.
pub(super) fn of(ending: &Ending) -> String {
    let answer = ending.answer();
    let attempts: Vec<String> = ending.attempts().iter().map(attempt).collect();
    let is_unsure = ending.receipt().is_some_and(Receipt::is_unsure);
    let mut json = String::with_capacity(512);
    // Writing to a string does not fail.
    let _ = write!(
        json,
        r#"{{"status":{},"outcome":{},"disposition":{},"error_code":{},"error_text":{},"result":{},"message":{},"attempts":[{}],"may_have_arrived":{},"unsure":{is_unsure},"retry_after_ms":{}}}"#,
        ending.status(),
        ending.outcome() as i32,
        ending.disposition() as i32,
        ending.error_code(),
        quoted(answer.map_or("", Answer::text)),
        ending.json().unwrap_or("null"),
        quoted(ending.message()),
        attempts.join(","),
        ending.may_have_arrived(),
        ending.retry_after_ms(),
    );
    json
}

fn attempt(attempt: &Attempt) -> String {
    let address = (attempt.address()).map_or("null".to_owned(), |address| format!("\"{address}\""));
    let error = attempt.error().map_or("null".to_owned(), quoted);
    format!(
        r#"{{"ms":{},"address":{address},"error":{error}}}"#,
        attempt.elapsed().as_millis()
    )
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
