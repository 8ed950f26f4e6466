//! What to do with the lead.

use super::guard::guard;
use super::status::{self, jc_status, jc_status_code};
use crate::Disposition;

/// What to do with the lead: the values of jc_result_disposition. They are never renumbered. Keep
/// the lead unless it is JC_DONE or JC_REFUSED.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum jc_disposition {
    /// Nothing: the service has the contact. Of a DeleteSubscribe that is rejected: the contact was
    /// not in the group.
    JC_DONE = 1,
    /// The service, or a rule of it, refuses this lead and this lead alone. It will not change.
    JC_REFUSED = 2,
    /// Keep the lead and send it again; jc_result_retry_after_ms says when the service wants it.
    JC_LATER = 3,
    /// Keep the lead until the account or the set-up is mended. Nothing is wrong with the lead, and
    /// no other lead of the account will fare better.
    JC_HOLD = 4,
}

use jc_disposition::*;

pub(super) fn of(disposition: Disposition) -> jc_disposition {
    match disposition {
        Disposition::Done => JC_DONE,
        Disposition::Refused => JC_REFUSED,
        Disposition::Later => JC_LATER,
        Disposition::Hold => JC_HOLD,
    }
}

/// What to do with the lead, as far as a status alone tells: for a call that made no result. Where
/// there is a result, jc_result_disposition knows more. One of the constants of jc_disposition.
#[unsafe(no_mangle)]
pub extern "C" fn jc_status_disposition(status: jc_status) -> i32 {
    guard(JC_LATER as i32, || match status::kind(status) {
        Some(kind) => of(kind.disposition()) as i32,
        None if status == jc_status_code::JC_OK as jc_status => JC_DONE as i32,
        // A newer status: above 0 the service said no, and nobody knows yet to what.
        None if status > 0 => JC_HOLD as i32,
        None => JC_LATER as i32,
    })
}
