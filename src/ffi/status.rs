//! How a call ended.

use libc::c_char;

use super::guard::guard;
use super::last_error;
use crate::{Error, ErrorKind};

/// How a call ended; one of the JC_… constants of jc_status_code. Above 0 the service said no,
/// below 0 something failed on the way. New values may come: treat an unknown one by its sign.
pub type jc_status = i32;

/// The values of a jc_status. They are never renumbered.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum jc_status_code {
    /// Done. For jc_add_lead: the service has the contact; jc_result_outcome says more.
    JC_OK = 0,
    /// The service answered no; jc_result_error_code and jc_result_message say why.
    JC_REJECTED = 1,
    /// The service does not accept the username and secret (its codes 4 and 5).
    JC_NOT_ACCEPTED = 2,
    /// An argument breaks a rule; nothing was sent. jc_last_error says which.
    JC_INVALID_ARGUMENT = -1,
    /// This version of the library knows no such field or setting; nothing was sent.
    JC_UNKNOWN_NAME = -2,
    /// The request did not arrive: no such host, no connection, refused.
    JC_UNREACHABLE = -10,
    /// The peer is not known to be who it should be: its certificate is not accepted, the trusted
    /// certificates cannot be read, or base_url is http:// to another machine.
    JC_TLS = -11,
    /// The request may have arrived, and no answer came: a time-out, a lost connection.
    JC_OUTCOME_UNKNOWN = -20,
    /// An answer that is not the API's: HTTP 5xx, 429, 3xx, a proxy's page.
    JC_HTTP = -30,
    /// An answer that is not the promised JSON, or too large.
    JC_BAD_RESPONSE = -31,
    /// An answer that was not written by somebody who knows the secret.
    JC_BAD_SIGNATURE = -32,
    /// The outbox could not keep or read leads: the disk is full, a limit is reached, the file is
    /// damaged, locked for too long, or not to be trusted.
    JC_NOT_STORED = -40,
    /// A fault of the library was caught.
    JC_INTERNAL = -90,
}

use jc_status_code::*;

const KINDS: [(jc_status_code, ErrorKind); 12] = [
    (JC_REJECTED, ErrorKind::Rejected),
    (JC_NOT_ACCEPTED, ErrorKind::NotAccepted),
    (JC_INVALID_ARGUMENT, ErrorKind::InvalidArgument),
    (JC_UNKNOWN_NAME, ErrorKind::UnknownName),
    (JC_UNREACHABLE, ErrorKind::Unreachable),
    (JC_TLS, ErrorKind::Tls),
    (JC_OUTCOME_UNKNOWN, ErrorKind::OutcomeUnknown),
    (JC_HTTP, ErrorKind::Http),
    (JC_BAD_RESPONSE, ErrorKind::BadResponse),
    (JC_BAD_SIGNATURE, ErrorKind::BadSignature),
    (JC_NOT_STORED, ErrorKind::NotStored),
    (JC_INTERNAL, ErrorKind::Internal),
];

pub(super) fn of(kind: ErrorKind) -> jc_status_code {
    (KINDS.iter().find(|(_, known)| *known == kind)).map_or(JC_INTERNAL, |(status, _)| *status)
}

/// Guards work whose failure becomes a status and this thread's last error.
pub(super) fn guard_status(work: impl FnOnce() -> Result<(), Error>) -> jc_status {
    guard(JC_INTERNAL as jc_status, || match work() {
        Ok(()) => JC_OK as jc_status,
        Err(error) => {
            last_error::set(error.message());
            of(error.kind()) as jc_status
        }
    })
}

pub(super) fn kind(status: jc_status) -> Option<ErrorKind> {
    (KINDS.iter()).find_map(|(known, kind)| (*known as jc_status == status).then_some(*kind))
}

/// The constant's name of a status, such as "JC_UNREACHABLE", for logs; "JC_UNKNOWN_STATUS" for a
/// number that this version does not know. The string is static and never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn jc_status_name(status: jc_status) -> *const c_char {
    let name = match status {
        _ if status == JC_OK as i32 => c"JC_OK",
        _ if status == JC_REJECTED as i32 => c"JC_REJECTED",
        _ if status == JC_NOT_ACCEPTED as i32 => c"JC_NOT_ACCEPTED",
        _ if status == JC_INVALID_ARGUMENT as i32 => c"JC_INVALID_ARGUMENT",
        _ if status == JC_UNKNOWN_NAME as i32 => c"JC_UNKNOWN_NAME",
        _ if status == JC_UNREACHABLE as i32 => c"JC_UNREACHABLE",
        _ if status == JC_TLS as i32 => c"JC_TLS",
        _ if status == JC_OUTCOME_UNKNOWN as i32 => c"JC_OUTCOME_UNKNOWN",
        _ if status == JC_HTTP as i32 => c"JC_HTTP",
        _ if status == JC_BAD_RESPONSE as i32 => c"JC_BAD_RESPONSE",
        _ if status == JC_BAD_SIGNATURE as i32 => c"JC_BAD_SIGNATURE",
        _ if status == JC_NOT_STORED as i32 => c"JC_NOT_STORED",
        _ if status == JC_INTERNAL as i32 => c"JC_INTERNAL",
        _ => c"JC_UNKNOWN_STATUS",
    };
    name.as_ptr()
}

/// Whether the same lead can succeed later without a change on this side, as far as the status alone
/// tells. jc_result_disposition knows more: a lead that it holds is kept as well.
#[unsafe(no_mangle)]
pub extern "C" fn jc_status_is_retryable(status: jc_status) -> bool {
    guard(false, || kind(status).is_some_and(ErrorKind::is_retryable))
}
