//! Parameters beyond the documented ones, under names that survive PHP's parsing.

use crate::error::Error;
use crate::query::name::{self, is_member};
use crate::query::{NAME_LIMIT, order};
use crate::table::field::FIELDS;
use crate::text;

/// Extra parameters as they were set; they are written with the members of one array together.
#[derive(Clone, Default)]
pub(crate) struct Extras(Vec<(String, String)>);

impl Extras {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        (self.0.iter()).map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// In the order in which PHP would write them.
    pub(crate) fn ordered(&self) -> Vec<(&str, &str)> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let names: Vec<&str> = self.iter().map(|(name, _)| name).collect();
        // No conflict comes about, since `set` refuses it.
        let order = order::rebuilt(&names).unwrap_or_default();
        let at = |position: &usize| self.0.get(*position);
        (order.iter().filter_map(at))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        (self.iter()).find_map(|(known, value)| (known == name).then_some(value))
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        if let Some((_, old)) = self.0.iter_mut().find(|(known, _)| known == name) {
            *old = value.to_owned();
            return Ok(());
        }
        let conflicts = |known: &&str| is_member(known, name) || is_member(name, known);
        if let Some(known) = self.iter().map(|(known, _)| known).find(conflicts) {
            return Err(Error::invalid_argument(format!(
                "extra parameter \"{}\": \"{}\" is set already, and one name cannot be both a value and an array",
                text::shown(name),
                text::shown(known)
            )));
        }
        self.0.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    pub(crate) fn unset(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }
}

/// Checks that PHP would leave `name` alone and that it is not one of the documented ones.
pub(crate) fn checked_name(name: &[u8]) -> Result<&str, Error> {
    let name = text::checked("extra parameter's name", name, NAME_LIMIT)?;
    let refuse = |reason: &str| {
        Err(Error::invalid_argument(format!(
            "extra parameter \"{}\": {reason}",
            text::shown(name)
        )))
    };
    let base = name::segments(name).next().unwrap_or_default();
    if base == "hash" {
        return refuse("the hash is made by the library");
    }
    if base == "rid" {
        return refuse("groups are added as groups, not as extra parameters");
    }
    if let Some(known) = FIELDS.iter().find(|known| known.name == name) {
        return refuse(&format!(
            "\"{}\" is a documented field; set it as a field",
            known.name
        ));
    }
    if name == "utm" || FIELDS.iter().any(|known| is_member(name, known.name)) {
        return refuse("one name cannot be both a value and an array");
    }
    match name::check(name) {
        Ok(()) => Ok(name),
        Err(reason) => refuse(&reason),
    }
}
