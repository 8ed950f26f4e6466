//! The names of a lead's fields.

use super::GROUP_LIMIT;
use crate::error::{Error, ErrorKind};
use crate::field::FIELDS;
use crate::query::name::is_member;
use crate::text;

/// Where a field stands in the table; a name that is not there does not compile.
pub(super) const fn position(name: &str) -> usize {
    let mut index = 0;
    while index < FIELDS.len() {
        if equal(FIELDS[index].name.as_bytes(), name.as_bytes()) {
            return index;
        }
        index += 1;
    }
    panic!("no such field")
}

const fn equal(a: &[u8], b: &[u8]) -> bool {
    let mut index = 0;
    while index < a.len() && index < b.len() && a[index] == b[index] {
        index += 1;
    }
    index == a.len() && index == b.len()
}

pub(super) fn field_index(field: &str) -> Result<usize, Error> {
    find(field).ok_or_else(|| Error::new(ErrorKind::UnknownName, unknown(field)))
}

fn find(name: &str) -> Option<usize> {
    FIELDS.iter().position(|field| field.name == name)
}

fn unknown(field: &str) -> String {
    // What a list or a nested form becomes where a single value belongs, and the other way round.
    if let Some(single) = FIELDS.iter().find(|known| is_member(field, known.name)) {
        return format!("{}: it takes one value, not a list", single.name);
    }
    if field == "rid" {
        return "rid: it takes a list of groups, not one value; a single group is rid[0]"
            .to_owned();
    }
    if let Some(member) = FIELDS.iter().find(|known| is_member(known.name, field)) {
        return format!(
            "{field}: it takes a value for each of its names, such as {}",
            member.name
        );
    }
    let known = FIELDS.iter().map(|field| field.name);
    format!(
        "there is no field \"{}\"{}",
        text::shown(field),
        text::suggestion(field, known.chain(["rid[0]"]))
    )
}

/// Whether this is the name of an array: of the groups, or one with fields as its members.
pub(super) fn is_array(name: &str) -> bool {
    name == "rid" || FIELDS.iter().any(|known| is_member(known.name, name))
}

/// Whether this is what an empty list of groups or an empty `utm` becomes.
pub(super) fn is_empty_array(field: &str) -> bool {
    field.strip_suffix("[]").is_some_and(is_array)
}

pub(super) fn too_many_groups(field: &str) -> Error {
    Error::invalid_argument(format!(
        "{}: one request takes at most {GROUP_LIMIT} groups; send the others in another one",
        text::shown(field)
    ))
}

/// The number in `rid[…]`; `None` for other names.
pub(super) fn group_index(field: &str) -> Result<Option<usize>, Error> {
    let Some(digits) = field
        .strip_prefix("rid[")
        .and_then(|rest| rest.strip_suffix(']'))
    else {
        return Ok(None);
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || (digits.len() > 1 && digits.starts_with('0')) {
        return Err(Error::new(
            ErrorKind::UnknownName,
            format!(
                "\"{}\" is no group; write rid[0], rid[1], …",
                text::shown(field)
            ),
        ));
    }
    digits.parse().map(Some).map_err(|_| too_many_groups(field))
}
