//! The account's secret, and the hashes of requests and answers made with it.

use std::fmt;

use md5::{Digest, Md5};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// The account's username and secret. The secret is never printed, and wiped when dropped.
#[derive(Clone)]
pub(crate) struct Credentials {
    username: String,
    /// `::username::secret`, which ends what is hashed of a request.
    suffix: Zeroizing<String>,
    secret_start: usize,
}

impl Credentials {
    pub(crate) fn new(username: &str, secret: &str) -> Credentials {
        // Built in its full size, since a growing string would leave copies of the secret behind.
        let mut suffix = Zeroizing::new(String::with_capacity(username.len() + secret.len() + 4));
        suffix.push_str("::");
        suffix.push_str(username);
        suffix.push_str("::");
        let secret_start = suffix.len();
        suffix.push_str(secret);
        Credentials {
            username: username.to_owned(),
            suffix,
            secret_start,
        }
    }

    pub(crate) fn username(&self) -> &str {
        &self.username
    }

    /// `md5(query + "::" + username + "::" + secret)`, as the service's protocol has it.
    pub(crate) fn request_hash(&self, query: &[u8]) -> [u8; 32] {
        hash(&[query, self.suffix.as_bytes()])
    }

    /// A text that is the same for the same username and secret, and tells neither: 64 bits of their
    /// SHA-256.
    #[cfg(feature = "outbox")]
    pub(crate) fn fingerprint(&self) -> String {
        let digest = ring::digest::digest(&ring::digest::SHA256, self.suffix.as_bytes());
        wipe_stack();
        let first = digest.as_ref().iter().take(8);
        first.map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether `hash` is `md5(error_code + "::" + error_text + "::" + secret)`.
    ///
    /// Compared exactly and in constant time: the service's own example uses PHP's `==`, under
    /// which two different hashes of the form `0e…` are equal.
    pub(crate) fn verifies_answer(&self, code: i32, text: &str, hash: &str) -> bool {
        let secret = self.suffix.get(self.secret_start..).unwrap_or_default();
        let code = code.to_string();
        let parts = [
            code.as_bytes(),
            b"::",
            text.as_bytes(),
            b"::",
            secret.as_bytes(),
        ];
        self::hash(&parts).as_slice().ct_eq(hash.as_bytes()).into()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// The MD5 of all parts together, in hexadecimal digits.
fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let text = digest(parts);
    wipe_stack();
    text
}

/// Not inlined, so that all it leaves on the stack is below its caller's frame.
#[inline(never)]
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Md5::new();
    for part in parts {
        digest.update(part);
    }
    let mut text = [0; 32];
    for (pair, byte) in text.chunks_exact_mut(2).zip(digest.finalize_reset()) {
        pair[0] = HEX[usize::from(byte >> 4)];
        pair[1] = HEX[usize::from(byte & 15)];
    }
    text
}

/// MD5 works on copies of what it is given, and the last one holds the end of the secret: here
/// they are overwritten. Without optimisation the copies reach further down.
#[inline(never)]
fn wipe_stack() {
    const WORDS: usize = if cfg!(debug_assertions) { 1024 } else { 64 };
    let stack = [0_u64; WORDS];
    zeroize::optimization_barrier(&stack);
}
