//! Which library runs.

use libc::c_char;

use super::guard::guard;

/// The version of the library that runs, such as "0.1.0". JC_VERSION is the header's.
///
/// The string is static. Any thread may call this at any time.
#[unsafe(no_mangle)]
pub extern "C" fn jc_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    guard(c"".as_ptr(), || VERSION.as_ptr().cast())
}

/// The number of the binary interface that the library speaks. A program that loads the library
/// by itself compares it with JC_ABI_VERSION of its header and refuses another one.
#[unsafe(no_mangle)]
pub extern "C" fn jc_abi_version() -> u32 {
    0
}
