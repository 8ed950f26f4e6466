//! Adds leads to the groups of a JustClick account.

mod client;
pub mod code;
mod error;
mod form;
mod lead;
pub mod parameter;
mod response;
mod retry;
pub mod setting;
mod signature;
mod text;
mod transport;

pub use client::{Client, Request};
pub use error::{Error, ErrorKind};
pub use lead::{GROUP_LIMIT, Lead};
pub use response::{Answer, Outcome, Receipt};
