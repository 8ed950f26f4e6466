//! The values of a lead that have rules of their own.

use crate::error::Error;

const EMAIL_LIMIT: usize = 320;

/// An address as the service needs it: one `@` with something on both sides. What cannot be seen
/// around it comes with pasting, or from the first line of a file of Excel, and is cut off.
pub(super) fn checked_email(text: &str) -> Result<&str, Error> {
    let refuse = |reason: String| Err(Error::invalid_argument(format!("lead_email: {reason}")));
    let email = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if email.is_empty() {
        return refuse("the address is empty".to_owned());
    }
    if email.len() > EMAIL_LIMIT {
        return refuse(format!(
            "{} bytes are too long; at most {EMAIL_LIMIT} are taken",
            email.len()
        ));
    }
    if let Some(offset) = email.find(|c: char| c.is_whitespace() || c.is_control()) {
        return refuse(format!(
            "there is a blank or a control character at byte {offset}"
        ));
    }
    if let Some((offset, found)) = email.char_indices().find(|(_, c)| is_invisible(*c)) {
        return refuse(format!(
            "there is an invisible character (U+{:04X}) at byte {offset}; type the address anew",
            u32::from(found)
        ));
    }
    match email.split_once('@') {
        None => refuse("the address has no @".to_owned()),
        Some((_, domain)) if domain.contains('@') => {
            refuse("the address has more than one @".to_owned())
        }
        Some(("", _)) => refuse("nothing stands before the @".to_owned()),
        Some((_, "")) => refuse("nothing stands after the @".to_owned()),
        Some(_) => Ok(email),
    }
}

/// Characters without a width: the byte order mark, joiners, marks of direction, the soft hyphen.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// A flag is sent as `1` or `0`: the words `false` and `False` would count as true in PHP.
pub(super) fn checked_flag(text: &str) -> Result<&str, Error> {
    match text {
        "" | "0" | "1" => Ok(text),
        _ if text.eq_ignore_ascii_case("true") => Ok("1"),
        _ if text.eq_ignore_ascii_case("false") => Ok("0"),
        _ => Err(Error::invalid_argument(
            "activation: the value must be 1 or 0 (or true or false)",
        )),
    }
}
