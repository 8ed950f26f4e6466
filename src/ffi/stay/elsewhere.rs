//! On Linux the linker is told so, by build/library.args.

/// There is nothing to do.
pub(in crate::ffi) fn stay_loaded() {}
