//! Results.

use std::ffi::CString;

use libc::c_char;

use super::argument::{self, c_string};
use super::disposition::jc_disposition;
use super::ending::Ending;
use super::guard::guard;
use super::handle::{self, Kind, Opaque};
use super::json;
use super::last_error;
use super::outcome::jc_outcome;
use super::status::{self, jc_status, jc_status_code};
use crate::{Answer, Error};

/// How a call ended. It does not change, so any number of threads may read it, and
/// it owns the strings that its accessors return. Free it with jc_free.
pub struct jc_result {
    _private: [u8; 0],
}

impl Opaque for jc_result {
    type Value = Ending;
    const KIND: Kind = handle::RESULT;
}

/// The status that the call returned together with this result; JC_INVALID_ARGUMENT for what is
/// no result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_status(result: *const jc_result) -> jc_status {
    let otherwise = jc_status_code::JC_INVALID_ARGUMENT as jc_status;
    number(result, otherwise, Ending::status)
}

/// What became of the lead; one of the constants of jc_outcome.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_outcome(result: *const jc_result) -> i32 {
    let otherwise = jc_outcome::JC_OUTCOME_NONE as i32;
    number(result, otherwise, |result| result.outcome() as i32)
}

/// The service's error code, one of the JC_CODE_… macros or a newer one; -1 where there was no
/// answer. For a code 0 whose text belongs to another code, it is that other code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_error_code(result: *const jc_result) -> i32 {
    number(result, -1, Ending::error_code)
}

/// The service's text, perhaps in Russian: decide by the code. "" where there was no answer. The
/// string lives as long as the result. A NUL byte in it is shown as U+FFFD.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_error_text(result: *const jc_result) -> *const c_char {
    text(result, |result| {
        (result.error_text).get_or_init(|| made(result.answer().map_or("", Answer::text)))
    })
}

/// The member "result" of the service's answer as JSON, "" where the answer has none. The answer's
/// hash does not cover it. Of an outbox's function it is what that function says. The string lives as
/// long as the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_json(result: *const jc_result) -> *const c_char {
    text(result, |result| {
        (result.json).get_or_init(|| made(result.json().unwrap_or("")))
    })
}

/// For people: what happened, on which value, and what to do. It holds neither the secret nor the
/// lead's data. The string lives as long as the result. Never NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_message(result: *const jc_result) -> *const c_char {
    text(result, |result| {
        result.message.get_or_init(|| made(result.message()))
    })
}

/// How many times the lead was sent, or tried to be.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_attempts(result: *const jc_result) -> u32 {
    number(result, 0, |result| {
        u32::try_from(result.attempts().len()).unwrap_or(u32::MAX)
    })
}

/// Whether the service may have the lead, whatever the status says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_may_have_arrived(result: *const jc_result) -> bool {
    number(result, false, Ending::may_have_arrived)
}

/// How long the service asked to wait before the next try, in milliseconds; 0 where it did not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_retry_after_ms(result: *const jc_result) -> u32 {
    number(result, 0, Ending::retry_after_ms)
}

/// Everything that the other accessors say, as one JSON object:
///
/// {"status": 0, "outcome": 1, "disposition": 1, "error_code": 0, "error_text": "OK", "result": null,
/// "message": "…", "attempts": [{"ms": 12, "address": "192.0.2.1:443", "error": null}],
/// "may_have_arrived": true, "unsure": false, "retry_after_ms": 0}
///
/// "result" is the member of the answer, which its hash does not cover. "attempts" has each sending
/// of the request: how many milliseconds it took, where it went, and why it failed. "unsure" is true
/// where the outcome is the likelier of two, since an earlier copy of the request may have arrived.
/// The string lives as long as the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_to_json(result: *const jc_result) -> *const c_char {
    text(result, |result| {
        (result.everything).get_or_init(|| made(&json::of(result)))
    })
}

/// What to do with the lead; one of the constants of jc_disposition. JC_LATER for what is no result:
/// jc_status_disposition tells more then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_result_disposition(result: *const jc_result) -> i32 {
    let otherwise = jc_disposition::JC_LATER as i32;
    number(result, otherwise, |result| result.disposition() as i32)
}

fn made(text: &str) -> Box<CString> {
    Box::new(c_string(text))
}

fn number<T: Copy>(result: *const jc_result, otherwise: T, choose: impl FnOnce(&Ending) -> T) -> T {
    guard(otherwise, || {
        handle::read("result", result).map_or(otherwise, choose)
    })
}

fn text(result: *const jc_result, choose: impl FnOnce(&Ending) -> &CString) -> *const c_char {
    number(result, c"".as_ptr(), |result| choose(result).as_ptr())
}

/// Hands a result on where there is one: on every outcome past an invalid argument.
pub(super) fn with_result(
    out: *mut *mut jc_result,
    work: impl FnOnce() -> Result<Ending, Error>,
) -> jc_status {
    guard(jc_status_code::JC_INTERNAL as jc_status, || {
        let ended = argument::optional_cleared("out", out).and_then(|out| Ok((out, work()?)));
        match ended {
            Ok((out, ending)) => {
                let status = ending.status();
                if status != jc_status_code::JC_OK as jc_status {
                    last_error::set(ending.message());
                }
                if let Some(out) = out {
                    *out = handle::new(ending);
                }
                status
            }
            Err(error) => {
                last_error::set(error.message());
                status::of(error.kind()) as jc_status
            }
        }
    })
}
