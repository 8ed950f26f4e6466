//! The one release function of the interface.

use libc::c_void;

use super::client::jc_client;
use super::guard::guard;
#[cfg(feature = "outbox")]
use super::handle::OUTBOX;
use super::handle::{self, CLIENT, LEAD, REQUEST, RESULT};
use super::last_error;
use super::lead::jc_lead;
#[cfg(feature = "outbox")]
use super::outbox::jc_outbox;
use super::request::jc_request;
use super::result::jc_result;

/// Frees a handle of any type, and the strings that it owns. NULL is nothing. Free each handle
/// once, and not while another thread uses it; what is no handle is left alone, and jc_last_error
/// says so. In a child made by fork(), freeing a client or an outbox of the parent's touches none of
/// its connections.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_free(handle: *mut c_void) {
    guard((), || match handle::tag(handle) {
        None if handle.is_null() => {}
        Some(tag) if tag == CLIENT.tag => handle::free::<jc_client>(handle),
        Some(tag) if tag == LEAD.tag => handle::free::<jc_lead>(handle),
        #[cfg(feature = "outbox")]
        Some(tag) if tag == OUTBOX.tag => handle::free::<jc_outbox>(handle),
        Some(tag) if tag == REQUEST.tag => handle::free::<jc_request>(handle),
        Some(tag) if tag == RESULT.tag => handle::free::<jc_result>(handle),
        found => last_error::set(&format!(
            "jc_free: the handle is {}",
            handle::described(handle, found)
        )),
    });
}
