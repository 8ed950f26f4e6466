//! On Windows a module that is pinned is not unloaded.

use std::ffi::c_void;
use std::ptr;
use std::sync::Once;

const PIN: u32 = 1;
const FROM_ADDRESS: u32 = 4;

#[link(name = "kernel32")]
unsafe extern "system" {
    fn GetModuleHandleExW(flags: u32, address: *const c_void, module: *mut *mut c_void) -> i32;
}

/// From now on `FreeLibrary` leaves the library where it is.
pub(in crate::ffi) fn stay_loaded() {
    static PINNED: Once = Once::new();
    PINNED.call_once(|| {
        let here = stay_loaded as fn() as *const c_void;
        let mut module = ptr::null_mut();
        // SAFETY: the address is one of the module's code, as the flag says, and `module` is written to.
        let _ = unsafe { GetModuleHandleExW(PIN | FROM_ADDRESS, here, &raw mut module) };
    });
}
