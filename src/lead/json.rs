//! A whole lead as one JSON object: all of it is taken, or nothing.

use super::Lead;
use super::field::{field_index, group_index, is_array, is_empty_array};
use crate::error::Error;
use crate::query::{Value, flatten};
use crate::table::field::FIELDS;
use crate::text;

impl Lead {
    /// A lead of a JSON object; see [`Lead::set_json`].
    ///
    /// ```
    /// let lead = justclick::Lead::from_json(
    ///     r#"{"rid": ["super"], "lead_email": "lead@email.com", "utm": {"utm_source": "direct"}}"#,
    /// )?;
    /// # Ok::<(), justclick::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Lead::set_json`].
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Lead, Error> {
        let mut lead = Lead::new();
        lead.set_json(json)?;
        Ok(lead)
    }

    /// Sets each field of a JSON object by the service's own name, flat (`"utm[utm_source]"`,
    /// `"rid[0]"`) or nested as PHP's arrays are (`"utm": {"utm_source": …}`, `"rid": […]`).
    ///
    /// `true` is sent as `1`, `false` as `0`, an integer as its digits; null leaves a field out.
    ///
    /// # Errors
    /// [`UnknownName`](crate::ErrorKind::UnknownName) for a name that is not in [`FIELDS`];
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for what is no such object, for a name twice, a number with
    /// a fraction or an exponent, a list or an object where one value belongs, and a value that
    /// breaks a rule. The lead is as it was.
    pub fn set_json(&mut self, json: impl AsRef<[u8]>) -> Result<&mut Lead, Error> {
        let mut draft = self.clone();
        let mut seen = Seen::default();
        flatten("the lead", json.as_ref(), &mut |name, value| {
            draft.take(name, value, &mut seen)
        })?;
        *self = draft;
        Ok(self)
    }

    fn take(&mut self, name: &str, value: Value<'_>, seen: &mut Seen) -> Result<(), Error> {
        match (group_index(name)?, value) {
            (Some(index), Value::Text(group)) => {
                seen.group(index, name)?;
                self.set_group(index, &group)
            }
            (Some(index), Value::Nothing) => {
                seen.group(index, name)?;
                self.unset(name).map(drop)
            }
            (None, Value::Text(text)) => {
                let index = field_index(name)?;
                seen.field(index, name)?;
                self.set_value(index, &text)
            }
            (None, Value::Nothing) if !is_array(name) => {
                seen.field(field_index(name)?, name)?;
                self.unset(name).map(drop)
            }
            (None, Value::Nothing) => Ok(()),
            (None | Some(_), Value::EmptyArray) if is_empty_array(&format!("{name}[]")) => Ok(()),
            (_, Value::EmptyArray) => field_index(&format!("{name}[0]")).map(drop),
        }
    }
}

/// What was set before, since a field can stand there twice: flat and nested.
#[derive(Default)]
struct Seen {
    fields: [bool; FIELDS.len()],
    groups: Vec<bool>,
}

impl Seen {
    fn field(&mut self, index: usize, name: &str) -> Result<(), Error> {
        first(self.fields.get_mut(index), name)
    }

    fn group(&mut self, index: usize, name: &str) -> Result<(), Error> {
        if index >= super::GROUP_LIMIT {
            return Err(super::field::too_many_groups(name));
        }
        if self.groups.len() <= index {
            self.groups.resize(index + 1, false);
        }
        first(self.groups.get_mut(index), name)
    }
}

fn first(was_set: Option<&mut bool>, name: &str) -> Result<(), Error> {
    if was_set.is_some_and(|was_set| std::mem::replace(was_set, true)) {
        return Err(Error::invalid_argument(format!(
            "{}: the name is there twice",
            text::shown(name)
        )));
    }
    Ok(())
}
