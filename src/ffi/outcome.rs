//! What became of a request.

use libc::c_char;

use crate::Outcome;

/// What became of a request: the values of jc_result_outcome. They are never renumbered.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum jc_outcome {
    /// There is no answer of the service that could be believed; an outbox's function asks for none.
    JC_OUTCOME_NONE = 0,
    /// The contact was added.
    JC_ADDED = 1,
    /// The contact was added and has been sent a mail to confirm.
    JC_ACTIVATION_SENT = 2,
    /// The contact was in all of the groups before.
    JC_ALREADY_REGISTERED = 3,
    /// Another function than AddLeadToGroup was carried out.
    JC_ANSWERED = 4,
    /// The service said no.
    JC_OUTCOME_REJECTED = 10,
}

use jc_outcome::*;

/// An outcome that is newer than this file counts as carried out.
pub(super) fn of(outcome: Outcome) -> jc_outcome {
    match outcome {
        Outcome::Added => JC_ADDED,
        Outcome::ActivationSent => JC_ACTIVATION_SENT,
        Outcome::AlreadyRegistered => JC_ALREADY_REGISTERED,
        Outcome::Answered => JC_ANSWERED,
    }
}

/// An outcome in words, such as "already registered", for logs; "unknown" for a number that this
/// version does not know. The string is static and never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn jc_outcome_name(outcome: i32) -> *const c_char {
    let name = match outcome {
        _ if outcome == JC_OUTCOME_NONE as i32 => c"none",
        _ if outcome == JC_ADDED as i32 => c"added",
        _ if outcome == JC_ACTIVATION_SENT as i32 => c"activation sent",
        _ if outcome == JC_ALREADY_REGISTERED as i32 => c"already registered",
        _ if outcome == JC_ANSWERED as i32 => c"answered",
        _ if outcome == JC_OUTCOME_REJECTED as i32 => c"rejected",
        _ => c"unknown",
    };
    name.as_ptr()
}
