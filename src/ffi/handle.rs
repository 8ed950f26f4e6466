use std::sync::atomic::{Ordering, compiler_fence};

use libc::c_void;

use super::client::jc_client;
use super::guard::guard;
use super::last_error;
use super::lead::jc_lead;
use super::request::jc_request;
use super::result::jc_result;
use crate::Error;

/// What a handle points to: a tag that says what it is, then the thing itself.
#[repr(C)]
struct Handle<T> {
    tag: u64,
    value: T,
}

/// A type of the C interface and the Rust type behind it.
pub(super) trait Opaque {
    type Value;
    const TAG: u64;
    const NAME: &'static str;
}

const FREED: u64 = u64::from_ne_bytes(*b"jc freed");

pub(super) fn new<O: Opaque>(value: O::Value) -> *mut O {
    Box::into_raw(Box::new(Handle { tag: O::TAG, value })).cast()
}

/// The value behind a handle that may be shared.
pub(super) fn get<'a, O: Opaque>(label: &str, handle: *const O) -> Result<&'a O::Value, Error> {
    check::<O>(label, handle.cast())?;
    // SAFETY: it is aligned and tagged as this type, so `new` made it; the caller promises that
    // it is not freed or changed during the call.
    let handle = unsafe { &*handle.cast::<Handle<O::Value>>() };
    Ok(&handle.value)
}

/// The value behind a handle that is read; what is none leaves a message, but for NULL, which many
/// calls hand out where there is nothing to read.
pub(super) fn read<'a, O: Opaque>(label: &str, handle: *const O) -> Option<&'a O::Value> {
    if handle.is_null() {
        return None;
    }
    get(label, handle)
        .map_err(|error| last_error::set(error.message()))
        .ok()
}

/// The value behind a handle that this call has for itself.
pub(super) fn get_mut<'a, O: Opaque>(
    label: &str,
    handle: *mut O,
) -> Result<&'a mut O::Value, Error> {
    check::<O>(label, handle.cast())?;
    // SAFETY: as in `get`; a pointer that is not const promises that no other thread uses it now.
    let handle = unsafe { &mut *handle.cast::<Handle<O::Value>>() };
    Ok(&mut handle.value)
}

fn check<O: Opaque>(label: &str, handle: *const c_void) -> Result<(), Error> {
    match tag(handle) {
        Some(tag) if tag == O::TAG => Ok(()),
        found => Err(Error::invalid_argument(format!(
            "{label} must be a {}, but is {}",
            O::NAME,
            described(handle, found)
        ))),
    }
}

/// The tag at a handle; `None` for a pointer that cannot be one.
fn tag(handle: *const c_void) -> Option<u64> {
    let place = handle.cast::<u64>();
    if place.is_null() || !place.is_aligned() {
        return None;
    }
    // SAFETY: it is aligned and not NULL; that it can be read is the caller's promise. A handle
    // that was freed may hold anything, so it is read as it stands in memory.
    Some(unsafe { place.read_volatile() })
}

fn described(handle: *const c_void, tag: Option<u64>) -> &'static str {
    match tag {
        None if handle.is_null() => "NULL",
        None => "a misaligned pointer",
        Some(FREED) => "a handle that was freed",
        Some(jc_client::TAG) => "a jc_client",
        Some(jc_lead::TAG) => "a jc_lead",
        Some(jc_request::TAG) => "a jc_request",
        Some(jc_result::TAG) => "a jc_result",
        Some(_) => "no handle of this library, or one that was freed",
    }
}

/// Frees a handle of any type, and the strings that it owns. NULL is nothing. Free each handle
/// once, and not while another thread uses it; what is no handle is left alone, and jc_last_error
/// says so. In a child made by fork(), freeing a client of the parent's touches no connection.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn jc_free(handle: *mut c_void) {
    guard((), || match tag(handle) {
        None if handle.is_null() => {}
        Some(jc_client::TAG) => free::<jc_client>(handle),
        Some(jc_lead::TAG) => free::<jc_lead>(handle),
        Some(jc_request::TAG) => free::<jc_request>(handle),
        Some(jc_result::TAG) => free::<jc_result>(handle),
        found => last_error::set(&format!(
            "jc_free: the handle is {}",
            described(handle, found)
        )),
    });
}

fn free<O: Opaque>(handle: *mut c_void) {
    let handle = handle.cast::<Handle<O::Value>>();
    // SAFETY: the tag says that `new` made it of a box of this type, and it is freed only here.
    // The tag is overwritten first, so that a second use is told for as long as the memory lies idle.
    unsafe {
        (&raw mut (*handle).tag).write_volatile(FREED);
        compiler_fence(Ordering::SeqCst);
        drop(Box::from_raw(handle));
    }
}
