//! Calls: a lead or any function, sent, signed or verified.

use libc::{c_char, size_t};

use super::argument;
use super::client::jc_client;
use super::ending::Ending;
use super::handle;
use super::interrupt::asking;
use super::lead::jc_lead;
use super::request::{self, jc_request};
use super::result::{jc_result, with_result};
use super::status::{guard_status, jc_status};
use crate::{Error, Query};

/// Sends the lead and waits for the answer, at most for the setting timeout_ms. Whatever can help
/// is tried again within it. Any number of threads may call this with one client.
///
/// JC_OK: the service has the contact; jc_result_outcome says whether it was added now. *out is a
/// result also where the call fails, except after JC_INVALID_ARGUMENT and JC_UNKNOWN_NAME, when
/// nothing was sent, and JC_INTERNAL: then it is NULL. The caller frees it. out may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_add_lead(
    client: *const jc_client,
    lead: *const jc_lead,
    out: *mut *mut jc_result,
) -> jc_status {
    with_result(out, || {
        let client = handle::get("client", client)?;
        let lead = handle::get("lead", lead)?;
        asking(client.check, || Ending::of(client.core.add_lead(lead)))
    })
}

/// Signs the lead without sending it, for a program that has an event loop or an HTTP stack of its
/// own. The caller frees *out, which is NULL where the call fails.
///
/// JC_INVALID_ARGUMENT: the lead has no group or no e-mail address, or breaks another rule. JC_TLS:
/// base_url is http:// to another machine, and allow_http is not set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_sign_lead(
    client: *const jc_client,
    lead: *const jc_lead,
    out: *mut *mut jc_request,
) -> jc_status {
    guard_status(|| {
        let out = argument::cleared("out", out)?;
        let client = handle::get("client", client)?;
        let lead = handle::get("lead", lead)?;
        *out = request::new(&client.core.sign_lead(lead)?);
        Ok(())
    })
}

/// Calls any function of the API by its name, which is case-sensitive: "GetAllGroups". params is a
/// JSON object of its parameters, in the order in which they are sent: lists and objects become
/// name[key] as in PHP, true is 1, false 0, an integer its digits, null is left out. NULL with the
/// length 0 is no parameters.
///
/// Only a function named Get…, and AddLeadToGroup, is tried again after a lost answer; others where
/// the request cannot have arrived. Waiting, statuses and *out are those of jc_add_lead.
/// jc_result_json is the answer's result, which its hash does not cover.
///
/// JC_INVALID_ARGUMENT: no such JSON; a number with a fraction or an exponent; a name twice, or one
/// that PHP would change; "hash"; a parameter that the function needs is missing or empty, such as
/// the group of DeleteSubscribe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_call(
    client: *const jc_client,
    function: *const c_char,
    function_len: size_t,
    params: *const c_char,
    params_len: size_t,
    out: *mut *mut jc_result,
) -> jc_status {
    with_result(out, || {
        let client = handle::get("client", client)?;
        let function = function_name(function, function_len)?;
        let query = query(params, params_len)?;
        asking(client.check, || {
            Ending::of(client.core.call(function, &query))
        })
    })
}

/// Signs a call without sending it. Parameters and failures are those of jc_call. The caller frees
/// *out, which is NULL where the call fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_sign_call(
    client: *const jc_client,
    function: *const c_char,
    function_len: size_t,
    params: *const c_char,
    params_len: size_t,
    out: *mut *mut jc_request,
) -> jc_status {
    guard_status(|| {
        let out = argument::cleared("out", out)?;
        let client = handle::get("client", client)?;
        let function = function_name(function, function_len)?;
        let query = query(params, params_len)?;
        *out = request::new(&client.core.sign_call(function, &query)?);
        Ok(())
    })
}

/// Reads the body of an answer to a request of jc_sign_lead and believes it only if its hash is
/// right. Statuses and *out are those of jc_add_lead. The answer to a request of jc_sign_call is
/// verified as well, and its code 0 has the outcome JC_ADDED, whatever the function did.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_verify_answer(
    client: *const jc_client,
    body: *const c_char,
    body_len: size_t,
    out: *mut *mut jc_result,
) -> jc_status {
    with_result(out, || {
        let client = handle::get("client", client)?;
        let body = argument::bytes("body", body, body_len)?;
        Ending::of(client.core.verify_answer(body))
    })
}

fn function_name<'a>(function: *const c_char, length: size_t) -> Result<&'a str, Error> {
    let bytes = argument::bytes("function", function, length)?;
    std::str::from_utf8(bytes)
        .map_err(|_| Error::invalid_argument("function: the name is not valid UTF-8"))
}

fn query(params: *const c_char, length: size_t) -> Result<Query, Error> {
    match argument::optional_bytes("params", params, length)? {
        Some(json) => Query::from_json(json),
        None => Ok(Query::new()),
    }
}
