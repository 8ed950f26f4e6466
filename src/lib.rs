//! Adds contacts (*leads*) to the groups of an account of the JustClick e-mail marketing service.
//!
//! ```no_run
//! # fn main() -> Result<(), justclick::Error> {
//! let client = justclick::Client::new("username", "secret")?;
//! let mut lead = justclick::Lead::new();
//! lead.group("super")?.email("lead@email.com")?.name("Name")?;
//! match client.add_lead(&lead) {
//!     Ok(receipt) => println!("{}", receipt.message()),
//!     Err(error) if error.disposition() == justclick::Disposition::Refused => {
//!         eprintln!("the lead itself is refused: {error}");
//!     }
//!     Err(error) => eprintln!("keep the lead and send it again: {error}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A lead is encoded as PHP's `http_build_query` does, signed, sent over a connection that is kept,
//! and the signed answer is verified before it is believed. [`Client::sign_lead`] and
//! [`Client::verify_answer`] do the same for a program with an HTTP stack of its own.

#![deny(unsafe_code)]

mod answer;
mod attempt;
mod chance;
mod client;
mod contacts;
mod error;
mod exchange;
#[doc(hidden)]
pub mod ffi;
mod function;
mod given_file;
mod lead;
#[cfg(feature = "outbox")]
pub mod outbox;
mod outcome;
mod per_process;
mod query;
mod request;
mod response;
mod retry;
mod signals;
mod signature;
mod table;
mod text;
mod transport;

pub use answer::Answer;
pub use attempt::Attempt;
pub use client::{Client, Route};
pub use contacts::{Counted, Group, LeadUpdate, Membership, Subscription};
pub use error::{Disposition, Error, ErrorKind};
pub use lead::{GROUP_LIMIT, Lead};
#[cfg(feature = "outbox")]
pub use outbox::Outbox;
pub use outcome::{Outcome, Receipt};
pub use query::Query;
pub use request::Request;
pub use table::{code, field, setting};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
