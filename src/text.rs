//! Text that comes from outside: UTF-8, without NUL bytes, and of a bounded length.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, Visitor};

use crate::error::Error;

/// The longest value that is taken, in bytes.
pub(crate) const VALUE_LIMIT: usize = 256 * 1024;

/// Checks one value; `label` names it in the error, which never repeats the value.
pub(crate) fn checked(label: impl fmt::Display, value: &[u8], limit: usize) -> Result<&str, Error> {
    check_length(&label, value.len(), limit)?;
    let text = utf8(&label, value)?;
    check_nul(&label, text)?;
    Ok(text)
}

/// Checks a value that is known to be UTF-8.
pub(crate) fn check(label: impl fmt::Display, text: &str, limit: usize) -> Result<(), Error> {
    check_length(&label, text.len(), limit)?;
    check_nul(&label, text)
}

/// The bytes as text; `label` names them in the error.
pub(crate) fn utf8(label: impl fmt::Display, bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|error| {
        Error::invalid_argument(format!(
            "{label}: byte {} is not valid UTF-8; convert the text to UTF-8 first",
            error.valid_up_to()
        ))
    })
}

fn check_length(label: impl fmt::Display, length: usize, limit: usize) -> Result<(), Error> {
    if length <= limit {
        return Ok(());
    }
    Err(Error::invalid_argument(format!(
        "{label}: {length} bytes are too long; at most {limit} are taken"
    )))
}

fn check_nul(label: impl fmt::Display, text: &str) -> Result<(), Error> {
    if !text.as_bytes().contains(&0) {
        return Ok(());
    }
    let offset = text.find('\0').unwrap_or_default();
    Err(Error::invalid_argument(format!(
        "{label}: byte {offset} is a NUL byte, which cannot be sent"
    )))
}

/// The longest name that is compared, since the comparison takes time for each of its characters.
const NAME_LIMIT: usize = 64;
/// The most bytes that a name or a path takes in a message. The rule stands behind the name, and
/// messages in C end at 511 bytes.
const SHOWN_LIMIT: usize = 190;
const PATH_LIMIT: usize = 300;

/// The name nearest to one that does not exist, as the end of a sentence.
pub(crate) fn suggestion<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> String {
    if unknown.len() > NAME_LIMIT {
        return String::new();
    }
    known
        .map(|name| (strsim::damerau_levenshtein(unknown, name), name))
        .filter(|(distance, name)| *distance <= name.len() / 3 + 1)
        .min()
        .map(|(_, name)| format!("; did you mean \"{name}\"?"))
        .unwrap_or_default()
}

/// A name from outside, fit to stand in a message: short, and without control characters.
pub(crate) fn shown(name: &str) -> String {
    let short: String = name.chars().take(NAME_LIMIT).collect();
    let is_whole = short.len() == name.len();
    let escaped = short.escape_debug().to_string();
    let mark = if is_whole { "" } else { "…" };
    cut(escaped + mark, SHOWN_LIMIT)
}

/// A path, fit to stand in a message as [`shown`] makes it, but longer.
pub(crate) fn shown_path(path: &std::path::Path) -> String {
    cut(
        path.to_string_lossy().escape_debug().to_string(),
        PATH_LIMIT,
    )
}

/// Another's error, fit to stand in a message as [`shown_path`] makes a path.
pub(crate) fn shown_error(error: &dyn std::fmt::Display) -> String {
    let text: String = (error.to_string().chars())
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    cut(text, PATH_LIMIT)
}

fn cut(mut text: String, limit: usize) -> String {
    if text.len() > limit {
        let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or(0));
        text.push('…');
    }
    text
}

/// Where a JSON text goes wrong. serde_json's own message could repeat a part of the text.
pub(crate) fn json_fault(error: &serde_json::Error) -> String {
    let what = if error.is_eof() {
        "it ends too early,"
    } else if error.is_data() {
        "another type stands"
    } else {
        "not as JSON has it"
    };
    format!("{what} at line {}, column {}", error.line(), error.column())
}

/// A key of a JSON object, borrowed from the JSON text where it stands there without escapes.
pub(crate) struct Key<'a>(pub(crate) Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}
