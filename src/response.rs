//! From an answer's bytes to a verified answer, whatever function it answers.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::error::{Error, ErrorKind};
use crate::signature::Credentials;
use crate::table::code;
use crate::text;

/// Texts that belong to one code each, in the service's words without regard to case. The service
/// was seen to send such a text with code 0, and then it had done nothing.
const TEXTS: &[(&str, i32)] = &[
    ("not transferred hash", code::HASH_MISSING),
    ("no transmitted data", code::DATA_MISSING),
    ("wrong posted data", code::WRONG_DATA),
    ("incorrect hash", code::WRONG_HASH),
    ("invalid user name", code::INVALID_USERNAME),
    ("account disabled", code::ACCOUNT_DISABLED),
    ("email is missing", code::EMAIL_MISSING),
    (
        "the subscriber is already registered",
        code::ALREADY_REGISTERED,
    ),
    ("has an invalid subscriptions group", code::INVALID_GROUP),
];

/// Texts that end in a variable part.
const TEXT_STARTS: &[(&str, i32)] = &[
    ("permission denied for ip", code::ADDRESS_DENIED),
    (
        "limit of requests from this address is used up",
        code::LIMIT_REACHED,
    ),
    ("subscription error:", code::SUBSCRIPTION_ERROR),
    ("subscription forbidden for", code::SUBSCRIPTION_FORBIDDEN),
];

/// Reads an answer, and believes it only if its hash is right.
///
/// With a wrong secret or username on our side the service signs with another secret than ours, so
/// an answer that says so [cannot be verified](is_unverifiable) and is told as what it is.
pub(crate) fn verify(
    body: &[u8],
    limit: usize,
    credentials: &Credentials,
) -> Result<Answer, Error> {
    let members = read(body, limit)?;
    let code = (members.code)
        .ok_or_else(|| bad_response("its \"error_code\" is missing"))
        .and_then(error_code)?;
    let text = match members.text.map(|raw| string("error_text", raw)) {
        Some(Ok(Some(text))) => text,
        Some(Ok(None)) => return Err(bad_response("its \"error_text\" is no text")),
        Some(Err(error)) => return Err(error),
        None => return Err(bad_response("its \"error_text\" is missing")),
    };
    let result = members.result.map(checked).transpose()?;
    if !is_unverifiable(code) {
        let hash = match members.hash.map(|raw| string("hash", raw)) {
            Some(Ok(Some(hash))) => hash,
            Some(Err(error)) => return Err(error),
            _ => return Err(bad_response("its \"hash\" is missing or no text")),
        };
        if !credentials.verifies_answer(code, &text, &hash) {
            return Err(Error::new(
                ErrorKind::BadSignature,
                "the answer's hash does not fit this account's secret, so the answer is not believed; check the secret, and that base_url and proxy lead to the service",
            ));
        }
    }
    Ok(Answer {
        code: judged_code(code, &text),
        text: text.into_owned(),
        result: result.map(str::to_owned),
    })
}

/// Whether a code says that username and secret are not accepted.
pub(crate) fn is_unverifiable(code: i32) -> bool {
    matches!(code, code::WRONG_HASH | code::INVALID_USERNAME)
}

fn read(body: &[u8], limit: usize) -> Result<Members<'_>, Error> {
    if body.len() > limit {
        return Err(bad_response(&format!("it is larger than {limit} bytes")));
    }
    let text = std::str::from_utf8(body).map_err(|error| {
        bad_response(&format!(
            "its byte {} is not valid UTF-8",
            error.valid_up_to()
        ))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    if text.is_empty() {
        return Err(bad_response("it is empty"));
    }
    if text.starts_with('<') {
        return Err(bad_response(
            "it is a page of HTML; does base_url or a proxy lead elsewhere?",
        ));
    }
    let unreadable = |error| {
        bad_response(&format!(
            "it is not one JSON object ({})",
            text::json_fault(&error)
        ))
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let members = reader.deserialize_map(MembersVisitor).map_err(unreadable)?;
    reader.end().map_err(unreadable)?;
    Ok(members)
}

/// The members of an answer that are known, each still in JSON.
#[derive(Default)]
struct Members<'a> {
    code: Option<&'a RawValue>,
    text: Option<&'a RawValue>,
    hash: Option<&'a RawValue>,
    result: Option<&'a RawValue>,
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Members::default();
        while let Some(text::Key(name)) = map.next_key()? {
            let member = match name.as_ref() {
                "error_code" => &mut members.code,
                "error_text" => &mut members.text,
                "hash" => &mut members.hash,
                "result" => &mut members.result,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *member = Some(map.next_value()?);
        }
        Ok(members)
    }
}

/// A text member; `None` for another type.
fn string<'a>(name: &str, raw: &'a RawValue) -> Result<Option<Cow<'a, str>>, Error> {
    let json = raw.get();
    match json
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        None => Ok(None),
        Some(inside) if !inside.contains('\\') => Ok(Some(Cow::Borrowed(inside))),
        Some(_) => match serde_json::from_str(json) {
            Ok(text) => Ok(Some(Cow::Owned(text))),
            Err(error) => Err(unreadable_member(name, &error)),
        },
    }
}

/// The member `result` in the service's own spelling, read for its faults alone. serde_json bounds
/// how deep it may be nested.
fn checked(raw: &RawValue) -> Result<&str, Error> {
    match serde_json::from_str::<Value>(raw.get()) {
        Ok(_) => Ok(raw.get()),
        Err(error) => Err(unreadable_member("result", &error)),
    }
}

fn unreadable_member(name: &str, error: &serde_json::Error) -> Error {
    let fault = text::json_fault(error);
    bad_response(&format!("its \"{name}\" cannot be read ({fault})"))
}

/// A number, or a text of decimal digits, as PHP would write the number.
fn error_code(raw: &RawValue) -> Result<i32, Error> {
    let json = raw.get();
    let digits = json
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(json);
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits.len() == 1 || !digits.starts_with('0'));
    (digits.parse().ok())
        .filter(|_| is_plain)
        .ok_or_else(|| bad_response("its \"error_code\" is no whole number"))
}

fn bad_response(reason: &str) -> Error {
    Error::new(
        ErrorKind::BadResponse,
        format!("the answer is not the API's: {reason}"),
    )
}

fn judged_code(code: i32, text: &str) -> i32 {
    if code != code::OK || text.eq_ignore_ascii_case("ok") {
        return code;
    }
    let text = folded(text);
    let exact = TEXTS.iter().find(|(known, _)| text == *known);
    let start = || {
        TEXT_STARTS
            .iter()
            .find(|(known, _)| text.starts_with(known))
    };
    exact.or_else(start).map_or(code::OK, |(_, code)| *code)
}

/// The service's texts differ in case and in a full stop at their end.
pub(crate) fn folded(text: &str) -> String {
    text.trim().trim_end_matches('.').to_lowercase()
}
