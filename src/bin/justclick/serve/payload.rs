//! A webhook's content: a form or JSON.

use hyper::HeaderMap;
use hyper::header::CONTENT_TYPE;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::source::{Source, follow};

/// As many as PHP takes by default.
const FIELD_LIMIT: usize = 1000;

/// What was sent.
pub struct Payload<'a> {
    headers: &'a HeaderMap,
    content: Content,
}

enum Content {
    Form(Vec<(String, String)>),
    Json(Value),
}

impl Payload<'_> {
    /// # Errors
    /// Why the body cannot be read, without its content.
    pub fn parse<'a>(headers: &'a HeaderMap, body: &[u8]) -> Result<Payload<'a>, String> {
        let kind = (headers.get(CONTENT_TYPE)).and_then(|value| value.to_str().ok());
        let kind = kind.unwrap_or_default().to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let content = match kind {
            "application/x-www-form-urlencoded" => return Payload::of_form(headers, body),
            _ if kind == "application/json" || kind.ends_with("+json") => {
                Content::Json(json(body)?)
            }
            _ => {
                return Err(
                    "the content type has to be application/json or application/x-www-form-urlencoded"
                        .to_owned(),
                );
            }
        };
        Ok(Payload { headers, content })
    }

    /// A form that stands in an address.
    pub fn of_form<'a>(headers: &'a HeaderMap, query: &[u8]) -> Result<Payload<'a>, String> {
        let content = Content::Form(form(query)?);
        Ok(Payload { headers, content })
    }

    /// The first of the sources that has a value which is not blank.
    pub fn first(&self, sources: &[Source]) -> Option<String> {
        sources.iter().find_map(|source| self.find(source))
    }

    pub fn find(&self, source: &Source) -> Option<String> {
        let text = match (source, &self.content) {
            (Source::Header(name), _) => {
                (self.headers.get(name)).and_then(|value| Some(value.to_str().ok()?.to_owned()))
            }
            (Source::Name(name), Content::Form(fields)) => fields
                .iter()
                .find(|(known, value)| is_name(known, name) && !value.trim().is_empty())
                .map(|(_, value)| value.clone()),
            (Source::Name(name), Content::Json(value)) => value.as_object().and_then(|members| {
                let mut named = members.iter().filter(|(known, _)| is_name(known, name));
                named.find_map(|(_, value)| text(value))
            }),
            (Source::Pointer(pointer), Content::Json(value)) => {
                follow(value, pointer).and_then(text)
            }
            (Source::Pointer(_), Content::Form(_)) => None,
        };
        text.filter(|text| !text.trim().is_empty())
    }
}

fn is_name(known: &str, wanted: &str) -> bool {
    known.to_lowercase() == wanted.to_lowercase()
}

/// A value as a field's text; a list's members stand behind one another.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(u8::from(*flag).to_string()),
        Value::Array(values) => {
            let texts: Vec<String> = values.iter().filter_map(text).collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        Value::Null | Value::Object(_) => None,
    }
}

fn json(body: &[u8]) -> Result<Value, String> {
    // The library's message quotes nothing of the body but its place.
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("the body is no JSON: line {line}, column {column}")
    })
}

/// The fields of a form.
pub fn form(body: &[u8]) -> Result<Vec<(String, String)>, String> {
    let not_text = |_| "the form is not UTF-8".to_owned();
    let body = std::str::from_utf8(body).map_err(not_text)?;
    let mut fields = Vec::new();
    for pair in body.split('&').filter(|pair| !pair.is_empty()) {
        if fields.len() == FIELD_LIMIT {
            return Err(format!("the form has more than {FIELD_LIMIT} fields"));
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        fields.push((decoded(name)?, decoded(value)?));
    }
    Ok(fields)
}

fn decoded(text: &str) -> Result<String, String> {
    let spaced = text.replace('+', " ");
    let bytes = percent_decode_str(&spaced);
    (bytes.decode_utf8())
        .map(|text| text.into_owned())
        .map_err(|_| "the form is not UTF-8".to_owned())
}

/// A field's value, empty where there is none.
pub fn value<'a>(fields: &'a [(impl AsRef<str>, String)], name: &str) -> &'a str {
    let named = fields.iter().find(|(known, _)| known.as_ref() == name);
    named.map_or("", |(_, value)| value)
}
