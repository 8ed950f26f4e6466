//! A pair `NAME=VALUE`, as several tasks take it.

/// The value is not repeated in the message: it may be somebody's data.
pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it has to be NAME=VALUE".to_owned()),
    }
}
