//! JSON objects as PHP's nested arrays: each single value with its whole name.
//!
//! The rules of values stand here for every language, whose bindings hand over JSON.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::PARAMETER_LIMIT;
use super::name::DEPTH_LIMIT;
use crate::error::Error;
use crate::text;

/// The longest JSON text that is read. A query of 1 MiB takes 6 MiB with each character escaped.
const JSON_LIMIT: usize = 8 * 1024 * 1024;

/// What stands under one name.
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    /// Null: the name is left out.
    Nothing,
    /// A list or an object without members.
    EmptyArray,
}

type Take<'t, 'a> = &'t mut dyn FnMut(&str, Value<'a>) -> Result<(), Error>;

/// Hands each value of a JSON object to `take`, in order, under the name that PHP gives it. An
/// empty list is taken for an empty object, since PHP writes its empty array so.
pub(crate) fn flatten<'a>(label: &str, json: &'a [u8], take: Take<'_, 'a>) -> Result<(), Error> {
    if json.len() > JSON_LIMIT {
        return Err(Error::invalid_argument(format!(
            "{label}: {} bytes of JSON are too long; at most {JSON_LIMIT} are taken",
            json.len()
        )));
    }
    let json = text::utf8(label, json)?;
    match members(json) {
        Ok(Members::Object(members)) => object(&mut String::new(), members, take, 0),
        Ok(Members::List(members)) if members.is_empty() => Ok(()),
        Ok(_) => Err(Error::invalid_argument(format!(
            "{label}: a JSON object with names is needed"
        ))),
        Err(error) => Err(Error::invalid_argument(format!(
            "{label}: the text cannot be read as JSON ({})",
            text::json_fault(&error)
        ))),
    }
}

/// `name` is the object's own, empty for the outermost; it is as it was when this returns.
fn object<'a>(
    name: &mut String,
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
    take: Take<'_, 'a>,
    depth: usize,
) -> Result<(), Error> {
    check_keys(name, &members)?;
    for (key, raw) in members {
        member(name, &key, raw, take, depth)?;
    }
    Ok(())
}

/// One text serves for all names, since most arrays have many members.
fn member<'a>(
    array: &mut String,
    key: &str,
    raw: &'a RawValue,
    take: Take<'_, 'a>,
    depth: usize,
) -> Result<(), Error> {
    let length = array.len();
    if depth == 0 {
        array.push_str(key);
    } else {
        array.push('[');
        array.push_str(key);
        array.push(']');
    }
    let result = value(array, raw, take, depth);
    array.truncate(length);
    result
}

fn value<'a>(
    name: &mut String,
    raw: &'a RawValue,
    take: Take<'_, 'a>,
    depth: usize,
) -> Result<(), Error> {
    let json = raw.get();
    let text = match json.as_bytes().first() {
        Some(b'"') => string(name, json)?,
        Some(b't') => Cow::Borrowed("1"),
        Some(b'f') => Cow::Borrowed("0"),
        Some(b'n') => return take(name, Value::Nothing),
        Some(b'{' | b'[') => return array(name, json, take, depth + 1),
        _ => number(name, json)?,
    };
    take(name, Value::Text(text))
}

fn array<'a>(
    name: &mut String,
    json: &'a str,
    take: Take<'_, 'a>,
    depth: usize,
) -> Result<(), Error> {
    if depth > DEPTH_LIMIT {
        return Err(Error::invalid_argument(format!(
            "{}: more than {DEPTH_LIMIT} arrays within each other are too many",
            text::shown(name)
        )));
    }
    let members = members(json).map_err(|error| {
        Error::invalid_argument(format!(
            "{}: the array cannot be read ({})",
            text::shown(name),
            text::json_fault(&error)
        ))
    })?;
    match members {
        Members::Object(members) if members.is_empty() => take(name, Value::EmptyArray),
        Members::List(members) if members.is_empty() => take(name, Value::EmptyArray),
        Members::Object(members) => object(name, members, take, depth),
        Members::List(members) => {
            for (index, raw) in members.into_iter().enumerate() {
                member(name, &index.to_string(), raw, take, depth)?;
            }
            Ok(())
        }
    }
}

fn string<'a>(name: &str, json: &'a str) -> Result<Cow<'a, str>, Error> {
    let inside = json
        .get(1..json.len().saturating_sub(1))
        .unwrap_or_default();
    if !inside.as_bytes().contains(&b'\\') {
        return Ok(Cow::Borrowed(inside));
    }
    serde_json::from_str(json).map(Cow::Owned).map_err(|_| {
        Error::invalid_argument(format!(
            "{}: an escape of the JSON text is no character, such as half of a surrogate pair",
            text::shown(name)
        ))
    })
}

/// An integer's digits as they are written, whatever their number.
fn number<'a>(name: &str, json: &'a str) -> Result<Cow<'a, str>, Error> {
    if !json.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
        return Ok(Cow::Borrowed(json));
    }
    Err(Error::invalid_argument(format!(
        "{}: a number with a fraction or an exponent loses digits; write it as a string",
        text::shown(name)
    )))
}

/// A JSON reader keeps one of two values of the same name, and nobody could tell which.
fn check_keys(array: &str, members: &[(Cow<'_, str>, &RawValue)]) -> Result<(), Error> {
    if members.len() > PARAMETER_LIMIT {
        return Err(super::too_many(members.len()));
    }
    // Most pairs of different keys differ in their lengths and last bytes, which one look tells.
    let mark =
        |key: &str| 1_u64 << ((key.len() * 7 + usize::from(key.bytes().last().unwrap_or(0))) % 64);
    let mut marks = 0;
    for (position, (key, _)) in members.iter().enumerate() {
        let is_possible = marks & mark(key) != 0;
        let mut earlier = members.iter().take(position);
        if is_possible && earlier.any(|(known, _)| known == key) {
            let within = if array.is_empty() {
                String::new()
            } else {
                format!(" in {}", text::shown(array))
            };
            return Err(Error::invalid_argument(format!(
                "{}: the name is there twice{within}",
                text::shown(key)
            )));
        }
        marks |= mark(key);
    }
    Ok(())
}

/// A list's or an object's members, each still in JSON.
enum Members<'a> {
    Object(Vec<(Cow<'a, str>, &'a RawValue)>),
    List(Vec<&'a RawValue>),
}

fn members(json: &str) -> Result<Members<'_>, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let members = reader.deserialize_any(MembersVisitor)?;
    reader.end()?;
    Ok(members)
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object or a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(20);
        while let Some(text::Key(key)) = map.next_key()? {
            members.push((key, map.next_value()?));
        }
        Ok(Members::Object(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = list.next_element()? {
            members.push(member);
        }
        Ok(Members::List(members))
    }
}
