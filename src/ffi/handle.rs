//! Handles: what they are, and the way from a pointer to the thing behind it.

use std::sync::atomic::{Ordering, compiler_fence};

use libc::c_void;

use super::last_error;
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
    const KIND: Kind;
}

/// What a handle is: its tag, and its name in messages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) tag: u64,
    name: &'static str,
}

const fn kind(tag: &[u8; 8], name: &'static str) -> Kind {
    Kind {
        tag: u64::from_ne_bytes(*tag),
        name,
    }
}

pub(super) const CLIENT: Kind = kind(b"jc clien", "jc_client");
pub(super) const LEAD: Kind = kind(b"jc lead ", "jc_lead");
pub(super) const OUTBOX: Kind = kind(b"jc outbo", "jc_outbox");
pub(super) const REQUEST: Kind = kind(b"jc reque", "jc_request");
pub(super) const RESULT: Kind = kind(b"jc resul", "jc_result");
const KINDS: [Kind; 5] = [CLIENT, LEAD, OUTBOX, REQUEST, RESULT];

const FREED: u64 = u64::from_ne_bytes(*b"jc freed");

pub(super) fn new<O: Opaque>(value: O::Value) -> *mut O {
    Box::into_raw(Box::new(Handle {
        tag: O::KIND.tag,
        value,
    }))
    .cast()
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
        Some(tag) if tag == O::KIND.tag => Ok(()),
        found => Err(Error::invalid_argument(format!(
            "{label} must be a {}, but is {}",
            O::KIND.name,
            described(handle, found)
        ))),
    }
}

/// The tag at a handle; `None` for a pointer that cannot be one.
pub(super) fn tag(handle: *const c_void) -> Option<u64> {
    let place = handle.cast::<u64>();
    if place.is_null() || !place.is_aligned() {
        return None;
    }
    // SAFETY: it is aligned and not NULL; that it can be read is the caller's promise. A handle
    // that was freed may hold anything, so it is read as it stands in memory.
    Some(unsafe { place.read_volatile() })
}

/// What stands where a handle should, for a message.
pub(super) fn described(handle: *const c_void, tag: Option<u64>) -> String {
    let known = KINDS.iter().find(|kind| Some(kind.tag) == tag);
    match (tag, known) {
        (_, Some(kind)) => format!("a {}", kind.name),
        (None, _) if handle.is_null() => "NULL".to_owned(),
        (None, _) => "a misaligned pointer".to_owned(),
        (Some(FREED), _) => "a handle that was freed".to_owned(),
        (Some(_), _) => "no handle of this library, or one that was freed".to_owned(),
    }
}

/// Frees what `new` made.
pub(super) fn free<O: Opaque>(handle: *mut c_void) {
    let handle = handle.cast::<Handle<O::Value>>();
    // SAFETY: the tag says that `new` made it of a box of this type, and it is freed only here.
    // The tag is overwritten first, so that a second use is told for as long as the memory lies idle.
    unsafe {
        (&raw mut (*handle).tag).write_volatile(FREED);
        compiler_fence(Ordering::SeqCst);
        drop(Box::from_raw(handle));
    }
}
