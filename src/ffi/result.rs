use std::ffi::CString;

use libc::c_char;

use super::guard::guard;
use super::handle::{self, Opaque};
use super::last_error;
use super::status::{self, jc_status, jc_status_code};
use crate::{Answer, Error, ErrorKind, Outcome, Receipt};

/// How the sending of a lead ended. It does not change, so any number of threads may read it, and
/// it owns the strings that its accessors return. Free it with jc_free.
pub struct jc_result {
    _private: [u8; 0],
}

/// What became of a lead: the values of jc_result_outcome. They are never renumbered.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum jc_outcome {
    /// There was no answer that could be believed.
    JC_OUTCOME_NONE = 0,
    /// The contact was added.
    JC_ADDED = 1,
    /// The contact was added and has been sent a mail to confirm.
    JC_ACTIVATION_SENT = 2,
    /// The contact was in all of the groups before.
    JC_ALREADY_REGISTERED = 3,
    /// The service said no.
    JC_OUTCOME_REJECTED = 10,
}

impl Opaque for jc_result {
    type Value = ResultStrings;
    const TAG: u64 = u64::from_ne_bytes(*b"jc resul");
    const NAME: &'static str = "jc_result";
}

/// What a result's accessors return, made once, so that the strings live as long as the result.
pub(super) struct ResultStrings {
    status: jc_status,
    outcome: jc_outcome,
    error_code: i32,
    error_text: CString,
    json: CString,
    message: CString,
    attempts: u32,
    may_have_arrived: bool,
    retry_after_ms: u32,
}

impl ResultStrings {
    /// A result of every end past an invalid argument, which stays an error.
    pub(super) fn of(result: Result<Receipt, Error>) -> Result<ResultStrings, Error> {
        match result {
            Ok(receipt) => Ok(ResultStrings::of_receipt(&receipt)),
            Err(error) => match error.kind() {
                ErrorKind::InvalidArgument | ErrorKind::UnknownName => Err(error),
                _ => Ok(ResultStrings::of_error(&error)),
            },
        }
    }

    fn of_receipt(receipt: &Receipt) -> ResultStrings {
        let outcome = match receipt.outcome() {
            Outcome::Added => jc_outcome::JC_ADDED,
            Outcome::ActivationSent => jc_outcome::JC_ACTIVATION_SENT,
            Outcome::AlreadyRegistered => jc_outcome::JC_ALREADY_REGISTERED,
        };
        ResultStrings {
            status: jc_status_code::JC_OK as jc_status,
            outcome,
            attempts: receipt.attempts(),
            may_have_arrived: true,
            ..ResultStrings::of_answer(Some(receipt.answer()), &receipt.message())
        }
    }

    fn of_error(error: &Error) -> ResultStrings {
        let outcome = match error.kind() {
            ErrorKind::Rejected => jc_outcome::JC_OUTCOME_REJECTED,
            _ => jc_outcome::JC_OUTCOME_NONE,
        };
        let retry_after = error.retry_after().unwrap_or_default().as_millis();
        ResultStrings {
            status: status::of(error.kind()) as jc_status,
            outcome,
            attempts: error.attempts(),
            may_have_arrived: error.may_have_arrived(),
            retry_after_ms: u32::try_from(retry_after).unwrap_or(u32::MAX),
            ..ResultStrings::of_answer(error.answer(), error.message())
        }
    }

    fn of_answer(answer: Option<&Answer>, message: &str) -> ResultStrings {
        ResultStrings {
            status: jc_status_code::JC_INTERNAL as jc_status,
            outcome: jc_outcome::JC_OUTCOME_NONE,
            error_code: answer.map_or(-1, Answer::code),
            error_text: c_string(answer.map_or("", Answer::text)),
            json: c_string(answer.and_then(Answer::result).unwrap_or("")),
            message: c_string(message),
            attempts: 0,
            may_have_arrived: false,
            retry_after_ms: 0,
        }
    }

    pub(super) fn status(&self) -> jc_status {
        self.status
    }

    pub(super) fn message(&self) -> &str {
        self.message.to_str().unwrap_or_default()
    }
}

/// A NUL byte inside would end the string for C, so it is shown as U+FFFD.
pub(super) fn c_string(text: &str) -> CString {
    CString::new(text)
        .or_else(|_| CString::new(text.replace('\0', "\u{fffd}")))
        .unwrap_or_default()
}

/// The status that the call returned together with this result; JC_INVALID_ARGUMENT for what is
/// no result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_status(result: *const jc_result) -> jc_status {
    let otherwise = jc_status_code::JC_INVALID_ARGUMENT as jc_status;
    number(result, otherwise, |result| result.status)
}

/// What became of the lead; one of the constants of jc_outcome.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_outcome(result: *const jc_result) -> i32 {
    let otherwise = jc_outcome::JC_OUTCOME_NONE as i32;
    number(result, otherwise, |result| result.outcome as i32)
}

/// The service's error code, one of the JC_CODE_… macros or a newer one; -1 where there was no
/// answer. For a code 0 whose text belongs to another code, it is that other code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_error_code(result: *const jc_result) -> i32 {
    number(result, -1, |result| result.error_code)
}

/// The service's text, perhaps in Russian: decide by the code. "" where there was no answer. The
/// string lives as long as the result. A NUL byte in it is shown as U+FFFD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_error_text(result: *const jc_result) -> *const c_char {
    text(result, |result| &result.error_text)
}

/// The member "result" of the service's answer as JSON, "" where the answer has none. The answer's
/// hash does not cover it. The string lives as long as the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_json(result: *const jc_result) -> *const c_char {
    text(result, |result| &result.json)
}

/// For people: what happened, on which value, and what to do. It holds neither the secret nor the
/// lead's data. The string lives as long as the result. Never NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_message(result: *const jc_result) -> *const c_char {
    text(result, |result| &result.message)
}

/// How many times the lead was sent, or tried to be.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_attempts(result: *const jc_result) -> u32 {
    number(result, 0, |result| result.attempts)
}

/// Whether the service may have the lead, whatever the status says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_may_have_arrived(result: *const jc_result) -> bool {
    number(result, false, |result| result.may_have_arrived)
}

/// How long the service asked to wait before the next try, in milliseconds; 0 where it did not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_retry_after_ms(result: *const jc_result) -> u32 {
    number(result, 0, |result| result.retry_after_ms)
}

fn number<T: Copy>(
    result: *const jc_result,
    otherwise: T,
    choose: impl FnOnce(&ResultStrings) -> T,
) -> T {
    guard(otherwise, || match handle::get("result", result) {
        Ok(result) => choose(result),
        Err(error) => {
            last_error::set(error.message());
            otherwise
        }
    })
}

fn text(
    result: *const jc_result,
    choose: impl FnOnce(&ResultStrings) -> &CString,
) -> *const c_char {
    number(result, c"".as_ptr(), |result| choose(result).as_ptr())
}
