//! From C's pointers and lengths to slices and names, and back to C's strings.

use std::borrow::Cow;
use std::ffi::{CStr, CString};

use libc::{c_char, size_t, strlen};

use crate::Error;

/// As a length: up to the NUL byte.
const NUL_TERMINATED: size_t = size_t::MAX;

/// The bytes at `pointer`; `None` for NULL with the length 0.
pub(super) fn optional_bytes<'a>(
    label: &str,
    pointer: *const c_char,
    length: size_t,
) -> Result<Option<&'a [u8]>, Error> {
    if pointer.is_null() {
        return match length {
            0 => Ok(None),
            _ => Err(Error::invalid_argument(format!(
                "{label} is NULL, but its length is not 0"
            ))),
        };
    }
    let length = match length {
        // SAFETY: with this length the caller promises a string that a NUL byte ends.
        NUL_TERMINATED => unsafe { strlen(pointer) },
        _ if length > isize::MAX as size_t => {
            return Err(Error::invalid_argument(format!(
                "{label}: {length} is no length; is it a negative number?"
            )));
        }
        _ => length,
    };
    // SAFETY: the caller promises `length` readable bytes, which stay as they are during the call.
    Ok(Some(unsafe {
        std::slice::from_raw_parts(pointer.cast(), length)
    }))
}

/// The bytes at `pointer`, which must not be NULL.
pub(super) fn bytes<'a>(
    label: &str,
    pointer: *const c_char,
    length: size_t,
) -> Result<&'a [u8], Error> {
    optional_bytes(label, pointer, length)?.ok_or_else(|| is_null(label))
}

/// A field's or setting's name, which a NUL byte ends. What is not UTF-8 is no known name.
pub(super) fn name<'a>(label: &str, pointer: *const c_char) -> Result<Cow<'a, str>, Error> {
    if pointer.is_null() {
        return Err(is_null(label));
    }
    // SAFETY: the caller promises a string that a NUL byte ends.
    let name = unsafe { CStr::from_ptr(pointer) };
    // `to_string_lossy` alone looks for faults in every name, which takes several times as long.
    Ok(name
        .to_str()
        .map_or_else(|_| name.to_string_lossy(), Cow::Borrowed))
}

/// The place for a new handle, set to NULL before anything else.
pub(super) fn cleared<'a, T>(label: &str, out: *mut *mut T) -> Result<&'a mut *mut T, Error> {
    optional_cleared(label, out)?.ok_or_else(|| is_null(label))
}

/// As [`cleared`], for a caller that may not want the handle and passes NULL.
pub(super) fn optional_cleared<'a, T>(
    label: &str,
    out: *mut *mut T,
) -> Result<Option<&'a mut *mut T>, Error> {
    if !out.is_aligned() {
        return Err(Error::invalid_argument(format!(
            "{label} is a misaligned pointer"
        )));
    }
    // SAFETY: it is aligned, and the caller promises NULL or a pointer to a pointer of its own.
    let out = unsafe { out.as_mut() };
    Ok(out.map(|out| {
        *out = std::ptr::null_mut();
        out
    }))
}

/// The place for a number that the caller may not want: NULL then.
#[cfg(feature = "outbox")]
pub(super) fn number_place<'a>(label: &str, place: *mut i64) -> Result<Option<&'a mut i64>, Error> {
    if !place.is_aligned() {
        return Err(Error::invalid_argument(format!(
            "{label} is a misaligned pointer"
        )));
    }
    // SAFETY: it is aligned, and the caller promises NULL or a pointer to a number of its own.
    Ok(unsafe { place.as_mut() })
}

/// A NUL byte inside would end the string for C, so it is shown as U+FFFD.
pub(super) fn c_string(text: &str) -> CString {
    CString::new(text)
        .or_else(|_| CString::new(text.replace('\0', "\u{fffd}")))
        .unwrap_or_default()
}

fn is_null(label: &str) -> Error {
    Error::invalid_argument(format!("{label} is NULL"))
}
