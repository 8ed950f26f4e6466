use libc::{c_char, size_t};

use super::argument;
use super::guard::{guard, guard_status};
use super::handle::{self, Opaque};
use super::last_error;
use super::lead::jc_lead;
use super::request::jc_request;
use super::result::{ResultStrings, jc_result};
use super::status::{self, jc_status, jc_status_code};
use crate::{Client, Error, ErrorKind};

/// An account's client: its login, secret, settings and connections. Any number of threads may
/// use it at once where a function takes it const. It works in a child made by fork(). Free it with
/// jc_free.
pub struct jc_client {
    _private: [u8; 0],
}

impl Opaque for jc_client {
    type Value = Client;
    const TAG: u64 = u64::from_ne_bytes(*b"jc clien");
    const NAME: &'static str = "jc_client";
}

/// Makes a client of the account with this login and secret; blanks around both are cut off. It
/// opens no connection and reads no file. The caller frees *out, which is NULL where the call fails.
///
/// JC_INVALID_ARGUMENT: the username is no DNS label (1 to 63 of a-z, 0-9 and -), the secret is
/// empty, out is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_client_new(
    username: *const c_char,
    username_len: size_t,
    secret: *const c_char,
    secret_len: size_t,
    out: *mut *mut jc_client,
) -> jc_status {
    guard_status(|| {
        let out = argument::cleared("out", out)?;
        let username = argument::bytes("username", username, username_len)?;
        let secret = argument::bytes("secret", secret, secret_len)?;
        *out = handle::new(Client::new(username, secret)?);
        Ok(())
    })
}

/// Sets one of the JC_SETTING_… by its name, before the client is shared with other threads. NULL
/// with the length 0 puts its default back.
///
/// JC_UNKNOWN_NAME: no such setting; jc_last_error suggests the nearest. JC_INVALID_ARGUMENT: a
/// value that cannot be. The client is then as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_client_set(
    client: *mut jc_client,
    setting: *const c_char,
    value: *const c_char,
    value_len: size_t,
) -> jc_status {
    guard_status(|| {
        let client = handle::get_mut("client", client)?;
        let setting = argument::name("setting", setting)?;
        match argument::optional_bytes("value", value, value_len)? {
            Some(value) => client.set(&setting, value)?,
            None => client.unset(&setting)?,
        };
        Ok(())
    })
}

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
        Ok(ResultStrings::of(client.add_lead(lead)))
    })
}

/// Signs the lead without sending it, for a program that has an event loop or an HTTP stack of its
/// own. The caller frees *out, which is NULL where the call fails.
///
/// JC_INVALID_ARGUMENT: the lead has no group or no e-mail address, or breaks another rule.
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
        *out = super::request::new(&client.sign_lead(lead)?);
        Ok(())
    })
}

/// Reads the body of an answer to a request of jc_sign_lead and believes it only if its hash is
/// right. Statuses and *out are those of jc_add_lead.
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
        Ok(ResultStrings::of(client.verify_answer(body)))
    })
}

/// Hands a result on where there is one: on every outcome past an invalid argument.
fn with_result(
    out: *mut *mut jc_result,
    work: impl FnOnce() -> Result<Result<ResultStrings, Error>, Error>,
) -> jc_status {
    guard(jc_status_code::JC_INTERNAL as jc_status, || {
        let out = argument::optional_cleared(out);
        match work().and_then(|result| result) {
            Ok(result) => {
                let status = result.status();
                if status != jc_status_code::JC_OK as jc_status {
                    last_error::set(result.message());
                }
                if let Some(out) = out {
                    *out = handle::new(result);
                }
                status
            }
            Err(error) => {
                debug_assert!(matches!(
                    error.kind(),
                    ErrorKind::InvalidArgument | ErrorKind::UnknownName
                ));
                last_error::set(error.message());
                status::of(error.kind()) as jc_status
            }
        }
    })
}
