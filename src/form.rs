//! PHP's `http_build_query`, byte for byte.
//!
//! The service parses a request and builds the query string anew to check its hash, so a byte
//! that differs from PHP's own encoding is a wrong hash. PHP's default (RFC 1738) leaves
//! `A-Z a-z 0-9 - _ .` as they are, writes a space as `+` and any other byte as `%XX`.

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// The most bytes that one becomes.
pub(crate) const WIDEST: usize = 3;

/// For each byte what it becomes, filled up to four bytes, of which the last is the length.
/// Copying four bytes without a branch is faster than asking which bytes stay.
const ENCODED: [[u8; WIDEST + 1]; 256] = {
    let mut table = [[0; WIDEST + 1]; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' => [b'+', 0, 0, 1],
            stays @ (b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.') => {
                [stays, 0, 0, 1]
            }
            _ => [b'%', HEX[byte >> 4], HEX[byte & 15], 3],
        };
        byte += 1;
    }
    table
};

/// A query string under construction.
#[derive(Default)]
pub(crate) struct Form(Vec<u8>);

impl Form {
    pub(crate) fn with_capacity(capacity: usize) -> Form {
        Form(Vec::with_capacity(capacity))
    }

    /// Adds a pair whose name is encoded already.
    pub(crate) fn push(&mut self, query_name: &str, value: &[u8]) {
        self.separate();
        self.0.extend_from_slice(query_name.as_bytes());
        self.0.push(b'=');
        self.encode(value);
    }

    /// Adds a pair, encoding its name as well.
    pub(crate) fn push_raw(&mut self, name: &[u8], value: &[u8]) {
        self.separate();
        self.encode(name);
        self.0.push(b'=');
        self.encode(value);
    }

    /// Adds the group at `index`: `rid[0]`, `rid[1]`, …
    pub(crate) fn push_group(&mut self, index: usize, value: &[u8]) {
        self.separate();
        self.0.extend_from_slice(b"rid%5B");
        self.push_decimal(index);
        self.0.extend_from_slice(b"%5D=");
        self.encode(value);
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The query string with the hash as its last parameter: the body of a request.
    pub(crate) fn into_body(mut self, hash: &[u8; 32]) -> String {
        self.separate();
        self.0.extend_from_slice(b"hash=");
        self.0.extend_from_slice(hash);
        // All that is pushed above is ASCII, so nothing is ever replaced.
        String::from_utf8(self.0)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    fn separate(&mut self) {
        if !self.0.is_empty() {
            self.0.push(b'&');
        }
    }

    fn push_decimal(&mut self, number: usize) {
        if number >= 10 {
            self.push_decimal(number / 10);
        }
        self.0.push(b'0' + (number % 10) as u8);
    }

    fn encode(&mut self, value: &[u8]) {
        const CHUNK: usize = 64;
        let mut encoded = [0; CHUNK * WIDEST + 1];
        for chunk in value.chunks(CHUNK) {
            let mut length = 0;
            for &byte in chunk {
                let entry = ENCODED[usize::from(byte)];
                encoded[length..length + entry.len()].copy_from_slice(&entry);
                length += usize::from(entry[WIDEST]);
            }
            self.0.extend_from_slice(&encoded[..length]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::PARAMETERS;

    #[test]
    fn every_query_name_of_the_table_is_its_name_encoded() {
        for parameter in PARAMETERS {
            let mut form = Form::default();
            form.encode(parameter.name.as_bytes());
            assert_eq!(form.as_bytes(), parameter.query_name.as_bytes());
        }
    }

    /// The one golden vector that no lead can carry: every byte from 1 to 255 is not UTF-8.
    #[test]
    fn every_byte_is_encoded_as_php_does() {
        let mut form = Form::default();
        let bytes: Vec<u8> = (1..=255).collect();
        form.push("lead_name", &bytes);
        let line = include_str!("../tests/vectors/requests.jsonl")
            .lines()
            .find(|line| line.contains(r#""kind":"bytes""#))
            .and_then(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .expect("the vector of kind bytes");
        let query = line["query"].as_str().expect("a query");
        assert_eq!(
            query.split('&').nth(1).map(str::as_bytes),
            Some(form.as_bytes())
        );
    }
}
