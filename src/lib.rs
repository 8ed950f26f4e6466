//! Adds contacts (*leads*) to the groups of an account of the JustClick e-mail marketing service.
//!
//! ```no_run
//! # fn main() -> Result<(), justclick::Error> {
//! let client = justclick::Client::new("username", "secret")?;
//! let mut lead = justclick::Lead::new();
//! lead.group("super")?.email("lead@email.com")?.name("Name")?;
//! match client.add_lead(&lead) {
//!     Ok(receipt) => println!("{}", receipt.message()),
//!     Err(error) if error.kind().is_retryable() => eprintln!("keep the lead: {error}"),
//!     Err(error) => eprintln!("{error}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A lead is encoded as PHP's `http_build_query` does, signed, sent over a connection that is kept,
//! and the signed answer is verified before it is believed. [`Client::sign_lead`] and
//! [`Client::verify_answer`] do the same for a program with an HTTP stack of its own.

#![deny(unsafe_code)]

mod client;
pub mod code;
mod error;
#[doc(hidden)]
pub mod ffi;
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

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
