//! The HMAC-SHA256 that a sender signs a body with.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::HeaderMap;
use ring::hmac;

use super::settings::{Encoding, HmacSettings};

const WINDOW: Duration = Duration::from_secs(300);

/// How a sender signs.
pub struct Signature {
    key: hmac::Key,
    header: String,
    encoding: Encoding,
    prefix: String,
    timestamp: Option<String>,
    window: Duration,
}

impl Signature {
    pub fn new(settings: HmacSettings) -> Result<Signature, String> {
        let secret = (settings.secret.filter(|secret| !secret.is_empty()))
            .ok_or("hmac: the secret is missing")?;
        let header = (settings.header.filter(|header| !header.is_empty()))
            .ok_or("hmac: the header is missing")?;
        Ok(Signature {
            key: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()),
            header: header.to_ascii_lowercase(),
            encoding: settings.encoding.unwrap_or(Encoding::Hex),
            prefix: settings.prefix.unwrap_or_default(),
            timestamp: settings.timestamp.map(|name| name.to_ascii_lowercase()),
            window: settings.window_seconds.map_or(WINDOW, Duration::from_secs),
        })
    }

    /// # Errors
    /// Why the request is not believed.
    pub fn check(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), &'static str> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let given = text(&self.header).ok_or("the signature is missing")?;
        let given = (given.strip_prefix(self.prefix.as_str()))
            .and_then(|digits| self.decoded(digits))
            .ok_or("the signature is not written as agreed")?;
        let mut signed = Vec::new();
        if let Some(header) = &self.timestamp {
            let time = text(header).ok_or("the timestamp is missing")?;
            signed.extend_from_slice(time.as_bytes());
            signed.push(b'.');
            self.check_time(time)?;
        }
        signed.extend_from_slice(body);
        hmac::verify(&self.key, &signed, &given).map_err(|_| "the signature is wrong")
    }

    fn check_time(&self, time: &str) -> Result<(), &'static str> {
        let time: u64 = time.parse().map_err(|_| "the timestamp is no number")?;
        let now = (SystemTime::now().duration_since(UNIX_EPOCH)).unwrap_or_default();
        if now.as_secs().abs_diff(time) > self.window.as_secs() {
            return Err("the timestamp is too old, or a clock is wrong");
        }
        Ok(())
    }

    fn decoded(&self, text: &str) -> Option<Vec<u8>> {
        match self.encoding {
            Encoding::Base64 => STANDARD.decode(text).ok(),
            Encoding::Hex => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let pairs = text.as_bytes().chunks_exact(2);
                if !text.len().is_multiple_of(2) {
                    return None;
                }
                let byte = |pair: &[u8]| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok();
                pairs.map(byte).collect()
            }
        }
    }
}
