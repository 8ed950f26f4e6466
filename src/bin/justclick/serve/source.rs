//! Where a value stands in a payload: a field's name, a pointer into JSON, or a header.

use serde_json::Value;

/// A place in a request.
pub enum Source {
    /// A field of a form, or a member of a JSON object. Case does not count.
    Name(String),
    /// A JSON pointer (RFC 6901). In an array, `name.of.member=value` finds the first element with it.
    Pointer(Vec<String>),
    /// `header:NAME`.
    Header(String),
}

impl Source {
    pub fn parse(text: &str) -> Result<Source, String> {
        if let Some(name) = text.strip_prefix("header:") {
            return Ok(Source::Header(name.trim().to_ascii_lowercase()));
        }
        match text.strip_prefix('/') {
            Some(path) => Ok(Source::Pointer(path.split('/').map(unescaped).collect())),
            None if text.trim().is_empty() => Err("a source is empty".to_owned()),
            None => Ok(Source::Name(text.to_owned())),
        }
    }
}

fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

/// What a pointer leads to.
pub fn follow<'a>(value: &'a Value, pointer: &[String]) -> Option<&'a Value> {
    pointer
        .iter()
        .try_fold(value, |value, segment| match value {
            Value::Object(members) => members.get(segment),
            Value::Array(elements) => element(elements, segment),
            _ => None,
        })
}

fn element<'a>(elements: &'a [Value], segment: &str) -> Option<&'a Value> {
    let Some((path, wanted)) = segment.split_once('=') else {
        return elements.get(segment.parse::<usize>().ok()?);
    };
    elements.iter().find(|element| {
        let member = (path.split('.')).try_fold(*element, |value, name| value.get(name));
        member.and_then(Value::as_str) == Some(wanted)
    })
}
