//! What systems differ in about sockets.

#[cfg(target_vendor = "apple")]
mod apple;
#[cfg(all(unix, not(target_vendor = "apple")))]
mod linux;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(target_vendor = "apple")]
pub(super) use apple::{SEND_AT_ONCE, new};
#[cfg(all(unix, not(target_vendor = "apple")))]
pub(super) use linux::{SEND_AT_ONCE, new};
#[cfg(unix)]
pub(super) use unix::{RECEIVE_AT_ONCE, is_begun, is_refusal, made};
#[cfg(windows)]
pub(super) use windows::{RECEIVE_AT_ONCE, SEND_AT_ONCE, is_begun, is_refusal, made, new};
