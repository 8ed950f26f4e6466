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
mod ending;
pub mod free;
mod guard;
mod handle;
mod interrupt;
mod json;
pub mod last_error;
pub mod lead;
#[cfg(feature = "outbox")]
pub mod outbox;
pub mod outcome;
pub mod request;
pub mod result;
pub mod status;
mod stay;
pub mod version;

// Any number of threads may use a client and read a result or a request.
const _: () = {
    const fn is_shared<T: Send + Sync>() {}
    is_shared::<<client::jc_client as handle::Opaque>::Value>();
    #[cfg(feature = "outbox")]
    is_shared::<<outbox::jc_outbox as handle::Opaque>::Value>();
    is_shared::<<request::jc_request as handle::Opaque>::Value>();
    is_shared::<<result::jc_result as handle::Opaque>::Value>();
};
