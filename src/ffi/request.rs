//! Signed requests.

use std::ffi::CString;

use libc::c_char;

use super::argument;
use super::guard::guard;
use super::handle::{self, Kind, Opaque};
use crate::Request;

/// A signed request. It does not change, so any number of threads may read it, and it owns the
/// strings that its accessors return. Free it with jc_free.
pub struct jc_request {
    _private: [u8; 0],
}

impl Opaque for jc_request {
    type Value = RequestStrings;
    const KIND: Kind = handle::REQUEST;
}

pub(super) struct RequestStrings {
    url: CString,
    body: CString,
}

pub(super) fn new(request: &Request) -> *mut jc_request {
    handle::new(RequestStrings {
        url: argument::c_string(request.url()),
        body: argument::c_string(request.body()),
    })
}

/// The address to POST to. The string lives as long as the request. "" for what is no request.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_request_url(request: *const jc_request) -> *const c_char {
    text(request, |request| &request.url)
}

/// The body, to be sent byte for byte as application/x-www-form-urlencoded. The string lives as
/// long as the request. "" for what is no request.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_request_body(request: *const jc_request) -> *const c_char {
    text(request, |request| &request.body)
}

fn text(
    request: *const jc_request,
    choose: impl FnOnce(&RequestStrings) -> &CString,
) -> *const c_char {
    guard(c"".as_ptr(), || {
        handle::read("request", request).map_or(c"".as_ptr(), |request| choose(request).as_ptr())
    })
}
