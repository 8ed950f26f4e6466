//! What is fuzzed. The same functions serve the fuzzer and the replay of what it found worth keeping.
#![allow(dead_code)]

pub mod answer;
pub mod c_interface;
pub mod encoder;
mod input;
pub mod json;
#[path = "../../../examples/sandbox/php_form.rs"]
mod php_form;

use md5::{Digest, Md5};

/// The service's hash of these parts.
fn hash(parts: &[&[u8]]) -> String {
    let digest = Md5::digest(parts.join(b"::".as_slice()));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
