//! A query under construction, byte for byte as PHP's `http_build_query` writes it.
//!
//! The service parses a request and builds the query string anew to check its hash, so a byte
//! that differs from PHP's own encoding is a wrong hash. PHP's default (RFC 1738) leaves
//! `A-Z a-z 0-9 - _ .` as they are, writes a space as `+` and any other byte as `%XX`.

use super::Query;
use crate::field::FIELDS;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// The most bytes that one becomes.
const WIDEST: usize = 3;

/// For each byte what it becomes, filled up to four bytes, of which the last is the length.
/// Copying four bytes without a branch is faster than asking which bytes stay.
const ENCODED: [[u8; WIDEST + 1]; 256] = {
    let mut table = [[0; WIDEST + 1]; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' => [b'+', 0, 0, 1],
            other if stays(other) => [other, 0, 0, 1],
            _ => [b'%', HEX[byte >> 4], HEX[byte & 15], 3],
        };
        byte += 1;
    }
    table
};

/// Whether a byte is written as it is. Without `||` eight are asked at once, and without a branch.
const fn stays(byte: u8) -> bool {
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let is_digit = byte.wrapping_sub(b'0') < 10;
    is_letter | is_digit | (byte == b'-') | (byte == b'_') | (byte == b'.')
}

/// What stands before a field's value, filled up to a size that is copied without a loop.
struct Prefix {
    bytes: [u8; Prefix::SIZE],
    length: usize,
}

impl Prefix {
    const SIZE: usize = 32;

    const fn of(text: &str) -> Prefix {
        let text = text.as_bytes();
        let mut prefix = Prefix {
            bytes: [0; Prefix::SIZE],
            length: 0,
        };
        while prefix.length < text.len() {
            prefix.bytes[prefix.length] = text[prefix.length];
            prefix.length += 1;
        }
        prefix
    }
}

/// Those of `FIELDS`.
static PREFIXES: [Prefix; FIELDS.len()] = {
    let mut prefixes = [const { Prefix::of("") }; FIELDS.len()];
    let mut index = 0;
    while index < FIELDS.len() {
        prefixes[index] = Prefix::of(FIELDS[index].query_prefix);
        index += 1;
    }
    prefixes
};

/// A query string under construction, in a buffer of its final size.
pub(crate) struct Form {
    bytes: Vec<u8>,
    length: usize,
}

/// The room that a form needs, counted before it is made, so that it is allocated once.
#[derive(Clone, Copy)]
pub(crate) struct Capacity(usize);

impl Capacity {
    /// An empty form, with the hash that will end it.
    pub(crate) fn new() -> Capacity {
        Capacity("&hash=".len() + 32 + Prefix::SIZE)
    }

    pub(crate) fn group(self, value: &str) -> Capacity {
        const LONGEST: &str = "&rid%5B18446744073709551615%5D=";
        Capacity(self.0 + LONGEST.len() + WIDEST * value.len())
    }

    pub(crate) fn pair(self, prefix: &str, value: &str) -> Capacity {
        Capacity(self.0 + prefix.len() + WIDEST * value.len())
    }

    pub(crate) fn raw_pair(self, name: &str, value: &str) -> Capacity {
        Capacity(self.0 + "&=".len() + WIDEST * (name.len() + value.len()))
    }
}

impl Form {
    #[expect(
        clippy::slow_vector_initialization,
        reason = "glibc's calloc does not look into the thread's cache of freed blocks, malloc does"
    )]
    pub(crate) fn with_capacity(capacity: Capacity) -> Form {
        let mut bytes = Vec::with_capacity(capacity.0);
        bytes.resize(capacity.0, 0);
        Form { bytes, length: 0 }
    }

    /// Adds the field at `index` of `FIELDS`.
    pub(crate) fn push_field(&mut self, index: usize, value: &str) {
        let Prefix { bytes, length } = &PREFIXES[index];
        if self.length == 0 {
            self.copy(&bytes[1..*length]);
        } else {
            self.bytes[self.length..self.length + Prefix::SIZE].copy_from_slice(bytes);
            self.length += length;
        }
        self.encode(value.as_bytes());
    }

    /// Adds a pair, encoding its name as well.
    pub(crate) fn push_raw(&mut self, name: &str, value: &str) {
        self.copy_prefix(b"&");
        self.encode(name.as_bytes());
        self.copy(b"=");
        self.encode(value.as_bytes());
    }

    /// Adds the group at `index`: `rid[0]`, `rid[1]`, …
    pub(crate) fn push_group(&mut self, index: usize, value: &str) {
        self.copy_prefix(b"&rid%5B");
        self.push_decimal(index);
        self.copy(b"%5D=");
        self.encode(value.as_bytes());
    }

    /// The finished query, with room left for the hash behind it.
    pub(crate) fn finish(mut self) -> Query {
        self.bytes.truncate(self.length);
        // All that was written is ASCII, so nothing is ever replaced.
        let text = String::from_utf8(self.bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Query(text)
    }

    /// Copies a text that begins with a separator, which the first pair has none of.
    fn copy_prefix(&mut self, prefix: &[u8]) {
        self.copy(&prefix[usize::from(self.length == 0)..]);
    }

    fn copy(&mut self, bytes: &[u8]) {
        self.bytes[self.length..self.length + bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }

    fn push_decimal(&mut self, number: usize) {
        if number >= 10 {
            self.push_decimal(number / 10);
        }
        self.copy(&[b'0' + (number % 10) as u8]);
    }

    /// Most values are words, which are copied eight bytes at once.
    #[inline(always)]
    fn encode(&mut self, value: &[u8]) {
        let (eights, rest) = value.as_chunks::<8>();
        for eight in eights {
            if eight.iter().fold(true, |all, byte| all & stays(*byte)) {
                self.copy(eight);
            } else {
                self.encode_each(eight);
            }
        }
        self.encode_each(rest);
    }

    fn encode_each(&mut self, value: &[u8]) {
        let output = &mut self.bytes[self.length..];
        let mut length = 0;
        for &byte in value {
            let entry = ENCODED[usize::from(byte)];
            output[length..length + entry.len()].copy_from_slice(&entry);
            length += usize::from(entry[WIDEST]);
        }
        self.length += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prefix_of_the_table_is_its_name_encoded() {
        for parameter in FIELDS {
            let mut form = Form::with_capacity(Capacity::new().raw_pair(parameter.name, ""));
            form.push_raw(parameter.name, "");
            assert_eq!(
                format!("&{}", form.finish().as_str()),
                parameter.query_prefix
            );
        }
    }

    /// The one golden vector that no lead can carry: every byte from 1 to 255 is not UTF-8.
    #[test]
    fn every_byte_is_encoded_as_php_does() {
        let bytes: Vec<u8> = (1..=255).collect();
        let mut form = Form {
            bytes: vec![0; WIDEST * bytes.len() + 1],
            length: 0,
        };
        form.encode(&bytes);
        let line = include_str!("../../tests/vectors/requests.jsonl")
            .lines()
            .find(|line| line.contains(r#""kind":"bytes""#))
            .and_then(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .expect("the vector of kind bytes");
        let query = line["query"].as_str().expect("a query");
        let value = query
            .split('&')
            .nth(1)
            .and_then(|pair| pair.split_once('='));
        assert_eq!(
            value.map(|(_, value)| value),
            Some(text(&form.bytes[..form.length]))
        );
    }

    /// Eight bytes that stay go at once; one that does not, at any place, changes the way.
    #[test]
    fn a_byte_is_encoded_alike_wherever_it_stands() {
        for length in 1..=20 {
            for place in 0..length {
                for (byte, written) in [
                    ("/", "%2F"),
                    (" ", "+"),
                    ("@", "%40"),
                    ("`", "%60"),
                    ("{", "%7B"),
                    (":", "%3A"),
                ] {
                    let (before, after) = ("Az09-_.".repeat(3), "z".repeat(20));
                    let (before, after) = (&before[..place], &after[..length - place - 1]);
                    let value = [before, byte, after].concat();
                    let mut form = Form::with_capacity(Capacity::new().raw_pair("a", &value));
                    form.push_raw("a", &value);
                    let expected = ["a=", before, written, after].concat();
                    assert_eq!(form.finish().as_str(), expected);
                }
            }
        }
    }

    fn text(bytes: &[u8]) -> &str {
        std::str::from_utf8(bytes).expect("ASCII")
    }
}
