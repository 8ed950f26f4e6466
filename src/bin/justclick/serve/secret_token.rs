//! A token that opens something. It is compared in constant time, by its digest.

use ring::digest::{SHA256, digest};
use subtle::ConstantTimeEq;

const LEAST: usize = 16;
const MOST: usize = 128;

/// A token, of which the digest alone is kept.
pub struct SecretToken(Vec<u8>);

impl SecretToken {
    /// # Errors
    /// Why it is no good token; it does not repeat it.
    pub fn new(text: &str) -> Result<SecretToken, String> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if !(LEAST..=MOST).contains(&text.len()) || !text.bytes().all(is_plain) {
            return Err(format!(
                "a token has {LEAST} to {MOST} letters, digits, - or _; make one with: openssl rand -hex 24"
            ));
        }
        Ok(SecretToken(digest_of(text)))
    }

    pub fn is(&self, text: &str) -> bool {
        self.0.ct_eq(&digest_of(text)).into()
    }

    pub fn is_same_as(&self, other: &SecretToken) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

fn digest_of(text: &str) -> Vec<u8> {
    digest(&SHA256, text.as_bytes()).as_ref().to_vec()
}
