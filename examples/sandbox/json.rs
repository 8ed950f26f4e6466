//! JSON as PHP's `json_encode` writes it: the slash escaped, and all that is not ASCII as UTF-16.

use std::fmt::Write;

/// An object of texts, its members in order.
pub type Row = Vec<(&'static str, String)>;

/// The inside of a string.
pub fn text(text: &str) -> String {
    let mut escaped = String::new();
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ (b'"' | b'\\' | b'/')) => escaped.extend(['\\', char::from(byte)]),
            Ok(byte @ 0x20..=0x7f) => escaped.push(char::from(byte)),
            // Writing to a string does not fail.
            _ => drop(write!(escaped, "\\u{unit:04x}")),
        }
    }
    escaped
}

/// An array of objects.
pub fn rows(rows: &[Row]) -> String {
    let objects: Vec<String> = rows.iter().map(object).collect();
    format!("[{}]", objects.join(","))
}

fn object(row: &Row) -> String {
    let members: Vec<String> = (row.iter())
        .map(|(name, value)| format!(r#""{name}":"{}""#, text(value)))
        .collect();
    format!("{{{}}}", members.join(","))
}
