//! The service's answer: from bytes to a verified answer, and from that to an outcome.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::code;
use crate::error::{Error, ErrorKind};
use crate::signature::Credentials;
use crate::transport::BODY_LIMIT;

/// Texts that belong to one code each, in the service's words without regard to case. The service
/// was seen to send such a text with code 0, and then nobody was added.
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

/// What became of a lead that the service has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The contact was added.
    Added,
    /// The contact was added and has been sent a mail to confirm.
    ActivationSent,
    /// The contact was in all of the groups before.
    AlreadyRegistered,
}

/// The service's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    code: i32,
    text: String,
    result: Option<String>,
}

impl Answer {
    /// The error code. For a code 0 whose text belongs to another code, it is that other code.
    pub fn code(&self) -> i32 {
        self.code
    }

    /// The text, as the service wrote it; perhaps in Russian. Decide by the code.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The member `result` as JSON, where the answer has one. The answer's hash does not cover it.
    pub fn result(&self) -> Option<&str> {
        self.result.as_deref()
    }
}

/// A lead that the service has, and what it said.
#[derive(Debug, Clone)]
pub struct Receipt {
    outcome: Outcome,
    answer: Answer,
    attempts: u32,
}

impl Receipt {
    /// What became of the lead.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// What the service said.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// How many times the lead was sent; 0 for an answer that was only verified.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// For people: what happened.
    pub fn message(&self) -> String {
        match self.outcome {
            Outcome::Added if self.answer.code == code::ALREADY_REGISTERED => {
                "the contact was added: an earlier attempt had arrived, although its answer was lost"
            }
            Outcome::Added => "the contact was added",
            Outcome::ActivationSent => "the contact was added and has been sent a mail to confirm",
            Outcome::AlreadyRegistered => "the contact was in all of the groups already",
        }
        .to_owned()
    }

    /// The same receipt after `attempts`, of which an earlier one may have arrived: then a contact
    /// that is already registered is our own success.
    pub(crate) fn after(mut self, attempts: u32, earlier_may_have_arrived: bool) -> Receipt {
        self.attempts = attempts;
        if earlier_may_have_arrived && self.outcome == Outcome::AlreadyRegistered {
            self.outcome = Outcome::Added;
        }
        self
    }
}

/// Reads an answer, believes it only if its hash is right, and judges it.
pub(crate) fn verify(body: &[u8], credentials: &Credentials) -> Result<Receipt, Error> {
    let signed = parse(body)?;
    let SignedAnswer { mut answer, hash } = signed;
    let is_login_refused = |code| matches!(code, code::WRONG_HASH | code::INVALID_USERNAME);
    // With a wrong secret or username on our side the service signs with another secret than
    // ours, so these two cannot be verified and are told as what they are.
    if is_login_refused(answer.code) {
        return Err(refusal(answer));
    }
    let hash = hash.ok_or_else(|| bad_response("its \"hash\" is missing or no text"))?;
    if !credentials.verifies_answer(answer.code, &answer.text, &hash) {
        return Err(Error::new(
            ErrorKind::BadSignature,
            "the answer's hash does not fit this account's secret, so the answer is not believed; check the secret, and that base_url and proxy lead to the service",
        ));
    }
    answer.code = judged_code(&answer);
    match answer.code {
        code::OK => {
            let is_activation = folded(&answer.text) == "activation email sent to subscriber";
            let outcome = if is_activation {
                Outcome::ActivationSent
            } else {
                Outcome::Added
            };
            Ok(Receipt {
                outcome,
                answer,
                attempts: 0,
            })
        }
        code::ALREADY_REGISTERED => Ok(Receipt {
            outcome: Outcome::AlreadyRegistered,
            answer,
            attempts: 0,
        }),
        _ => Err(refusal(answer)),
    }
}

struct SignedAnswer {
    answer: Answer,
    hash: Option<String>,
}

fn parse(body: &[u8]) -> Result<SignedAnswer, Error> {
    if body.len() > BODY_LIMIT {
        return Err(bad_response(&format!(
            "it is larger than {BODY_LIMIT} bytes"
        )));
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
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(text)
        .map_err(|error| bad_response(&format!("it is not one JSON object ({})", place(&error))))?;
    let member = |name: &str| members.get(name).map(|raw| value(name, raw)).transpose();
    let code = member("error_code")?
        .ok_or_else(|| bad_response("its \"error_code\" is missing"))
        .and_then(|value| error_code(&value))?;
    let text = match member("error_text")? {
        Some(Value::String(text)) => text,
        Some(_) => return Err(bad_response("its \"error_text\" is no text")),
        None => return Err(bad_response("its \"error_text\" is missing")),
    };
    let hash = match member("hash")? {
        Some(Value::String(hash)) => Some(hash),
        _ => None,
    };
    // Read for its faults alone: what is handed on is the service's own spelling.
    let result = member("result")?
        .and(members.get("result"))
        .map(|raw| raw.get().to_owned());
    Ok(SignedAnswer {
        answer: Answer { code, text, result },
        hash,
    })
}

/// One member's value; serde_json bounds how deep it may be nested.
fn value(name: &str, raw: &RawValue) -> Result<Value, Error> {
    serde_json::from_str(raw.get()).map_err(|error| {
        bad_response(&format!(
            "its \"{name}\" cannot be read ({})",
            place(&error)
        ))
    })
}

/// Where a JSON text goes wrong. serde_json's own message could repeat a part of the answer.
fn place(error: &serde_json::Error) -> String {
    let what = if error.is_eof() {
        "it ends too early,"
    } else if error.is_data() {
        "another type stands"
    } else {
        "not as JSON has it"
    };
    format!("{what} at line {}, column {}", error.line(), error.column())
}

/// A number, or a text of decimal digits, as PHP would write the number.
fn error_code(value: &Value) -> Result<i32, Error> {
    let code = match value {
        Value::Number(number) => number.as_i64().and_then(|code| i32::try_from(code).ok()),
        Value::String(digits) => {
            (digits.parse::<i32>().ok()).filter(|code| code.to_string() == *digits)
        }
        _ => None,
    };
    code.filter(|code| *code >= 0)
        .ok_or_else(|| bad_response("its \"error_code\" is no whole number"))
}

fn bad_response(reason: &str) -> Error {
    Error::new(
        ErrorKind::BadResponse,
        format!("the answer is not the API's: {reason}"),
    )
}

fn judged_code(answer: &Answer) -> i32 {
    if answer.code != code::OK {
        return answer.code;
    }
    let text = folded(&answer.text);
    let exact = TEXTS.iter().find(|(known, _)| text == *known);
    let start = || {
        TEXT_STARTS
            .iter()
            .find(|(known, _)| text.starts_with(known))
    };
    exact.or_else(start).map_or(code::OK, |(_, code)| *code)
}

fn folded(text: &str) -> String {
    text.trim().trim_end_matches('.').to_lowercase()
}

fn refusal(answer: Answer) -> Error {
    let (kind, advice) = match answer.code {
        code::WRONG_HASH => (
            ErrorKind::NotAccepted,
            "the service does not accept the hash; most often the secret is wrong: compare it with the account's API settings",
        ),
        code::INVALID_USERNAME => (
            ErrorKind::NotAccepted,
            "the service does not know the username; it is the account's login, the first part of its address",
        ),
        code::ADDRESS_DENIED => (
            ErrorKind::Rejected,
            "the account's API settings do not allow requests from this address; add it there",
        ),
        code::ACCOUNT_DISABLED => (ErrorKind::Rejected, "the account is disabled"),
        code::LIMIT_REACHED => (
            ErrorKind::Rejected,
            "the limit of requests is used up; most often the API is not enabled for the account",
        ),
        code::INVALID_GROUP => (
            ErrorKind::Rejected,
            "a group does not exist; compare the groups with those of the account",
        ),
        code::SUBSCRIPTION_FORBIDDEN => (
            ErrorKind::Rejected,
            "a group takes nobody by hand; choose another",
        ),
        _ => (ErrorKind::Rejected, "the service rejected the lead"),
    };
    let text: String = answer
        .text
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    Error::new(kind, format!("{advice} (code {}: {text})", answer.code)).with_answer(answer)
}
