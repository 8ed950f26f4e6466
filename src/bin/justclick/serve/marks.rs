//! The utm marks in a page's address, or in the cookies that keep them.

use justclick::field::FIELDS;
use percent_encoding::percent_decode_str;

/// The marks in a text, each by the service's name. An address has `utm_source=…` in its query; Tilda's
/// cookie `TILDAUTM` has the same pairs, percent-encoded and between bars.
pub fn found_in(text: &str) -> Vec<(&'static str, String)> {
    let mut marks = Vec::new();
    collect(text, true, &mut marks);
    marks
}

fn collect(text: &str, may_be_nested: bool, marks: &mut Vec<(&'static str, String)>) {
    for pair in text.split(['?', '&', ';', '#', '|', ' ']) {
        let Some((name, value)) = pair.split_once('=') else {
            continue;
        };
        let spaced = value.replace('+', " ");
        let Ok(value) = percent_decode_str(&spaced).decode_utf8() else {
            continue;
        };
        match field(name) {
            Some(field) if !value.trim().is_empty() => marks.push((field, value.into_owned())),
            Some(_) => {}
            None if may_be_nested && value.contains('=') => collect(&value, false, marks),
            None => {}
        }
    }
}

/// Whether a field of the service says where a contact came from.
pub fn is_mark(field: &str) -> bool {
    field == "aff" || field == "ad" || field.starts_with("utm[")
}

/// `utm_source` is sent as `utm[utm_source]`; `aff` and `ad` by their own names.
fn field(name: &str) -> Option<&'static str> {
    let names = FIELDS.iter().map(|field| field.name);
    names.filter(|field| is_mark(field)).find(|field| {
        let short = field
            .strip_prefix("utm[")
            .and_then(|rest| rest.strip_suffix(']'));
        short.unwrap_or(field) == name
    })
}
