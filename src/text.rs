//! Text that comes from outside: UTF-8, without NUL bytes, and of a bounded length.

use crate::error::Error;

/// The longest value that is taken, in bytes. PHP itself takes a body of 8 MB by default; a value
/// of this size, each byte escaped, is well below.
pub(crate) const VALUE_LIMIT: usize = 256 * 1024;

/// Checks one value; `label` names it in the error, which never repeats the value.
pub(crate) fn checked<'a>(label: &str, value: &'a [u8], limit: usize) -> Result<&'a str, Error> {
    if value.len() > limit {
        return Err(Error::invalid_argument(format!(
            "{label}: {} bytes are too long; at most {limit} are taken",
            value.len()
        )));
    }
    let text = std::str::from_utf8(value).map_err(|error| {
        Error::invalid_argument(format!(
            "{label}: byte {} is not valid UTF-8; convert the text to UTF-8 first",
            error.valid_up_to()
        ))
    })?;
    match text.find('\0') {
        Some(offset) => Err(Error::invalid_argument(format!(
            "{label}: byte {offset} is a NUL byte, which cannot be sent"
        ))),
        None => Ok(text),
    }
}

/// The longest name that is compared: the comparison takes time for each of its characters, and
/// nobody mistypes one much longer than those that exist.
const NAME_LIMIT: usize = 64;
/// The most bytes that a name takes in a message, and a path. C's messages end at 511 bytes, and
/// the rule stands behind the name.
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
    match is_whole {
        true => cut(escaped, SHOWN_LIMIT),
        false => cut(escaped + "…", SHOWN_LIMIT),
    }
}

/// A path, fit to stand in a message as [`shown`] makes it, but longer.
pub(crate) fn shown_path(path: &std::path::Path) -> String {
    cut(
        path.to_string_lossy().escape_debug().to_string(),
        PATH_LIMIT,
    )
}

fn cut(mut text: String, limit: usize) -> String {
    if text.len() > limit {
        let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or(0));
        text.push('…');
    }
    text
}
