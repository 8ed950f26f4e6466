//! The library stays in the process until that ends: the look-up of a name may outlast its call.

#[cfg(not(windows))]
mod elsewhere;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub(super) use elsewhere::stay_loaded;
#[cfg(windows)]
pub(super) use windows::stay_loaded;
