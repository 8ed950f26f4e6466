//! What is sent to the database beside SQL.

use std::borrow::Cow;

use tokio_postgres::types::{ToSql, Type};

/// A parameter. It has no debug print, since it may be somebody's data.
pub(super) enum Value<'a> {
    Number(i64),
    Small(i32),
    Flag(bool),
    Text(&'a str),
    MaybeText(Option<&'a str>),
    MaybeNumber(Option<i64>),
    Numbers(Option<&'a [i64]>),
}

impl Value<'_> {
    pub(super) fn typed(&self) -> (&(dyn ToSql + Sync), Type) {
        match self {
            Value::Number(number) => (number, Type::INT8),
            Value::Small(number) => (number, Type::INT4),
            Value::Flag(flag) => (flag, Type::BOOL),
            Value::Text(text) => (text, Type::TEXT),
            Value::MaybeText(text) => (text, Type::TEXT),
            Value::MaybeNumber(number) => (number, Type::INT8),
            Value::Numbers(numbers) => (numbers, Type::INT8_ARRAY),
        }
    }
}

/// PostgreSQL keeps no NUL, which a service's answer may hold.
pub(super) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{FFFD}"))
    } else {
        Cow::Borrowed(text)
    }
}
