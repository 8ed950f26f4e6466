//! The C interface: it converts, calls the core and catches panics. It has no logic of its own.
//!
//! The comments of what is exported are written for C programmers: `build.rs` makes
//! `include/justclick.h` of them. What a caller owes each function stands once, in that header's
//! conventions, so there are no `# Safety` sections here.
#![allow(
    unsafe_code,
    non_camel_case_types,
    missing_docs,
    clippy::missing_safety_doc,
    rustdoc::broken_intra_doc_links
)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::undocumented_unsafe_blocks
)]

mod argument;
pub mod call;
pub mod client;
pub mod disposition;
mod guard;
pub mod handle;
mod json;
pub mod last_error;
pub mod lead;
pub mod outcome;
pub mod request;
pub mod result;
pub mod status;
pub mod version;
