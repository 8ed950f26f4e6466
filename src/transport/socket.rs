//! What systems differ in about sockets.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(super) use unix::{RECEIVE_AT_ONCE, SEND_AT_ONCE, is_begun, is_refusal, made, new};
#[cfg(windows)]
pub(super) use windows::{RECEIVE_AT_ONCE, SEND_AT_ONCE, is_begun, is_refusal, made, new};
