//! A request's parameters as PHP's `http_build_query` writes them, and the way back.

mod form;
pub(crate) mod name;
mod nested;
pub(crate) mod order;

use std::borrow::Cow;
use std::fmt;

use crate::error::Error;
use crate::text::{self, VALUE_LIMIT};
use order::Conflict;

pub(crate) use form::{Capacity, Form};
pub(crate) use nested::{Value, flatten};

/// PHP reads 1,001 variables of a request, and the hash is the last of them.
pub(crate) const PARAMETER_LIMIT: usize = 1000;
/// The longest query in bytes. PHP itself takes a body of 8 MiB by default.
pub(crate) const QUERY_LIMIT: usize = 1024 * 1024;
/// The longest name of a parameter in bytes.
pub(crate) const NAME_LIMIT: usize = 256;

/// The parameters of one request, encoded, in their order, without the hash.
///
/// PHP parses and rebuilds a query to the same bytes; a text of which that is not true is refused.
///
/// ```
/// let query = justclick::Query::from_json(r#"{"lead_email": "lead@email.com", "rid": ["a", "b"]}"#)?;
/// assert_eq!(query.as_str(), "lead_email=lead%40email.com&rid%5B0%5D=a&rid%5B1%5D=b");
/// assert_eq!(justclick::Query::parse(query.as_str())?, query);
/// # Ok::<(), justclick::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Query(String);

impl Query {
    /// A query without parameters.
    pub fn new() -> Query {
        Query::default()
    }

    /// Reads a query string, and refuses one that PHP would rebuild to other bytes.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) with the parameter and the reason.
    pub fn parse(query: &str) -> Result<Query, Error> {
        if query.len() > QUERY_LIMIT {
            return Err(too_long(query.len()));
        }
        let mut pairs = Vec::new();
        for (position, pair) in query.split('&').enumerate() {
            if !query.is_empty() {
                pairs.push(decoded(pair, position)?);
            }
        }
        let parsed = Query::of_pairs(pairs)?;
        if parsed.0 == query {
            return Ok(parsed);
        }
        Err(Error::invalid_argument(
            "the query is not written as PHP writes it: a member of an array stands apart from the others, or a character is encoded in another way",
        ))
    }

    /// Reads a JSON object as PHP reads a nested array: lists and objects become `name[key]`,
    /// `true` is `1`, `false` is `0`, null is left out.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) with the name and the reason: a number with a fraction or
    /// an exponent, a name twice, a name that PHP would change, `hash`.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Query, Error> {
        let mut pairs = Vec::new();
        flatten("the parameters", json.as_ref(), &mut |name, value| {
            if let Value::Text(text) = value {
                pairs.push((name.to_owned(), text.into_owned()));
            }
            Ok(())
        })?;
        Query::of_pairs(pairs)
    }

    /// The query of these names and values.
    pub(crate) fn of_names(pairs: &[(&str, &str)]) -> Result<Query, Error> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Query::of_pairs(pairs.iter().map(owned).collect())
    }

    /// The encoded text: what is hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names and values, decoded.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let pairs = self.0.split('&').filter(|pair| !pair.is_empty());
        (pairs.enumerate())
            .filter_map(|(position, pair)| decoded(pair, position).ok())
            .collect()
    }

    /// The value of a parameter, decoded; `None` where there is none.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        (self.pairs().into_iter()).find_map(|(known, value)| (known == name).then_some(value))
    }

    /// The query with the hash as its last parameter: the body of a request.
    pub(crate) fn into_body(self, hash: &[u8; 32]) -> String {
        let mut body = self.0;
        body.push_str(if body.is_empty() { "hash=" } else { "&hash=" });
        // Digits are UTF-8.
        body.push_str(std::str::from_utf8(hash).unwrap_or_default());
        body
    }

    /// Members of one array are put together, as PHP would.
    fn of_pairs(pairs: Vec<(String, String)>) -> Result<Query, Error> {
        if pairs.len() > PARAMETER_LIMIT {
            return Err(too_many(pairs.len()));
        }
        for (name, value) in &pairs {
            check_pair(name, value)?;
        }
        let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        let order = order::rebuilt(&names).map_err(|conflict| conflicting(&names, &conflict))?;
        let ordered = || order.iter().filter_map(|position| pairs.get(*position));
        let mut capacity = Capacity::new();
        for (name, value) in ordered() {
            capacity = capacity.raw_pair(name, value);
        }
        let mut form = Form::with_capacity(capacity);
        for (name, value) in ordered() {
            form.push_raw(name, value);
        }
        match form.finish() {
            Query(text) if text.len() > QUERY_LIMIT => Err(too_long(text.len())),
            query => Ok(query),
        }
    }
}

fn check_pair(name: &str, value: &str) -> Result<(), Error> {
    text::check("a parameter's name", name, NAME_LIMIT)?;
    let refused = |reason: &str| {
        Error::invalid_argument(format!("parameter \"{}\": {reason}", text::shown(name)))
    };
    if name::segments(name).next() == Some("hash") {
        return Err(refused("the hash is made by the library"));
    }
    name::check(name).map_err(|reason| refused(&reason))?;
    text::check(
        format_args!("parameter \"{}\"", text::shown(name)),
        value,
        VALUE_LIMIT,
    )
}

fn conflicting(names: &[&str], conflict: &Conflict) -> Error {
    let name = |position: usize| text::shown(names.get(position).copied().unwrap_or_default());
    let (earlier, later) = (name(conflict.earlier), name(conflict.later));
    Error::invalid_argument(if earlier == later {
        format!("parameter \"{later}\": it is there twice")
    } else {
        format!(
            "parameter \"{later}\": \"{earlier}\" is there already, and one name cannot be both a value and an array"
        )
    })
}

pub(crate) fn too_many(parameters: usize) -> Error {
    Error::invalid_argument(format!(
        "{parameters} parameters are too many; the service reads at most {PARAMETER_LIMIT}"
    ))
}

pub(crate) fn too_long(bytes: usize) -> Error {
    Error::invalid_argument(format!(
        "all values together take {bytes} bytes as they are sent; at most {QUERY_LIMIT} are taken"
    ))
}

/// One `name=value`; `position` names it in the error.
fn decoded(pair: &str, position: usize) -> Result<(String, String), Error> {
    let part = |encoded: &str| {
        let bytes = unescaped(encoded)?;
        String::from_utf8(bytes.into_owned()).ok()
    };
    (pair.split_once('='))
        .and_then(|(name, value)| Some((part(name)?, part(value)?)))
        .ok_or_else(|| {
            Error::invalid_argument(format!(
                "parameter {} of the query is not name=value in UTF-8 with whole %XX",
                position + 1
            ))
        })
}

fn unescaped(encoded: &str) -> Option<Cow<'_, [u8]>> {
    if !encoded.contains(['%', '+']) {
        return Some(encoded.as_bytes().into());
    }
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => digit(rest.next()?)? * 16 + digit(rest.next()?)?,
            other => other,
        });
    }
    Some(bytes.into())
}

/// Names the parameters, never their values: those are somebody's personal data.
impl fmt::Debug for Query {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.pairs().into_iter().map(|(name, _)| name);
        formatter.debug_list().entries(names).finish()
    }
}
