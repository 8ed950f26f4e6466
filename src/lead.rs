//! What is sent: a contact and the groups it is added to, checked as it is set.

mod extra;
mod field;
mod json;
mod value;

use std::fmt;

use crate::error::Error;
use crate::field::FIELDS;
use crate::query::{self, Capacity, Form, PARAMETER_LIMIT, QUERY_LIMIT, Query};
use crate::text::{self, VALUE_LIMIT};
use extra::Extras;
use field::{field_index, group_index, is_empty_array, position, too_many_groups};
use value::{checked_email, checked_flag};

/// The most groups that one request takes.
pub const GROUP_LIMIT: usize = 900;
const GROUP_LENGTH_LIMIT: usize = 1024;

const EMAIL: usize = position("lead_email");
const ACTIVATION: usize = position("activation");
const UTM_MEDIUM: usize = position("utm[utm_medium]");
const UTM_SOURCE: usize = position("utm[utm_source]");
/// Extra members of `utm[…]` are written after this one, since an array must stand together.
const LAST_UTM: usize = position("utm[aff_term]");

/// A contact and the groups it is added to.
///
/// Whatever order it is filled in, it is written in the order of the service's documentation, so
/// equal leads give equal bytes. Setting a field twice replaces it; a field that is not set is
/// left out, and an empty one is sent empty.
///
/// ```
/// let mut lead = justclick::Lead::new();
/// lead.group("super")?
///     .email("lead@email.com")?
///     .name("Name")?
///     .utm_source("direct")?;
/// # Ok::<(), justclick::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Lead {
    groups: Vec<Option<String>>,
    values: [Option<String>; FIELDS.len()],
    extras: Extras,
    /// How many bytes all of it takes, so that a lead that is too long is refused before it grows.
    size: usize,
}

impl Lead {
    /// A lead without groups and fields.
    pub fn new() -> Lead {
        Lead::default()
    }

    /// Adds a group by its symbolic identifier, behind those it has.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for an empty identifier, one with a NUL byte or bytes that
    /// are not UTF-8, and for more than [`GROUP_LIMIT`] groups.
    pub fn add_group(&mut self, group: impl AsRef<[u8]>) -> Result<&mut Lead, Error> {
        let index = self.groups.len();
        let group = text::utf8(format_args!("rid[{index}]"), group.as_ref())?;
        self.set_group(index, group)?;
        Ok(self)
    }

    /// Sets a field by the service's own name: `lead_email`, `utm[utm_source]`, `rid[0]`.
    ///
    /// # Errors
    /// [`UnknownName`](crate::ErrorKind::UnknownName) for a name that is not in [`FIELDS`];
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for a value that breaks a rule. The lead is as it was.
    pub fn set(&mut self, field: &str, value: impl AsRef<[u8]>) -> Result<&mut Lead, Error> {
        match group_index(field)? {
            Some(index) => self.set_group(index, text::utf8(field, value.as_ref())?)?,
            None => self.set_value(field_index(field)?, text::utf8(field, value.as_ref())?)?,
        }
        Ok(self)
    }

    /// Leaves a field out again. `rid[]` and `utm[]` are empty arrays, which leave nothing out.
    ///
    /// # Errors
    /// [`UnknownName`](crate::ErrorKind::UnknownName) for a name that is not in [`FIELDS`].
    pub fn unset(&mut self, field: &str) -> Result<&mut Lead, Error> {
        if is_empty_array(field) {
            return Ok(self);
        }
        match group_index(field)? {
            Some(index) => {
                if let Some(group) = self.groups.get_mut(index) {
                    self.size -= group.take().map_or(0, |old| old.len());
                }
            }
            None => {
                let old = self.values[field_index(field)?].take();
                self.size -= old.map_or(0, |old| old.len());
            }
        }
        Ok(self)
    }

    /// Sets a parameter that this library does not know.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for `hash`, `rid`, a documented field, and a name that PHP
    /// would change when it parses the request, since the service would find another hash.
    pub fn set_extra(
        &mut self,
        name: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> Result<&mut Lead, Error> {
        let name = extra::checked_name(name.as_ref())?;
        let label = format!("extra parameter \"{}\"", text::shown(name));
        let value = text::checked(&label, value.as_ref(), VALUE_LIMIT)?;
        let old = self.extras.get(name).map_or(0, str::len);
        let size = self.size_with(old, value)?;
        self.extras.set(name, value)?;
        self.size = size;
        Ok(self)
    }

    /// Leaves an extra parameter out again.
    ///
    /// # Errors
    /// As [`Lead::set_extra`].
    pub fn unset_extra(&mut self, name: impl AsRef<[u8]>) -> Result<&mut Lead, Error> {
        let name = extra::checked_name(name.as_ref())?;
        self.size -= self.extras.get(name).map_or(0, str::len);
        self.extras.unset(name);
        Ok(self)
    }

    /// The size once `new` has taken the place of `old` bytes.
    fn size_with(&self, old: usize, new: &str) -> Result<usize, Error> {
        match self.size - old + new.len() {
            size if size > QUERY_LIMIT => Err(query::too_long(size)),
            size => Ok(size),
        }
    }

    fn set_group(&mut self, index: usize, group: &str) -> Result<(), Error> {
        if index >= GROUP_LIMIT {
            return Err(too_many_groups(&format!("rid[{index}]")));
        }
        text::check(format_args!("rid[{index}]"), group, GROUP_LENGTH_LIMIT)?;
        if group.trim().is_empty() {
            return Err(Error::invalid_argument(format!(
                "rid[{index}]: a group's identifier cannot be empty"
            )));
        }
        let old = self.groups.get(index).and_then(Option::as_deref);
        self.size = self.size_with(old.map_or(0, str::len), group)?;
        if self.groups.len() <= index {
            self.groups.resize(index + 1, None);
        }
        self.groups[index] = Some(group.to_owned());
        Ok(())
    }

    fn set_value(&mut self, index: usize, text: &str) -> Result<(), Error> {
        text::check(FIELDS[index].name, text, VALUE_LIMIT)?;
        let text = match index {
            EMAIL => checked_email(text)?,
            ACTIVATION => checked_flag(text)?,
            _ => text,
        };
        let old = self.values[index].as_deref().map_or(0, str::len);
        self.size = self.size_with(old, text)?;
        self.values[index] = Some(text.to_owned());
        Ok(())
    }

    /// The rules that only a whole lead can break.
    fn check(&self) -> Result<(), Error> {
        let groups = self.groups.iter().flatten().count();
        if groups == 0 {
            return Err(Error::invalid_argument(
                "the lead has no group; add at least one (rid[0])",
            ));
        }
        if self.values[EMAIL].is_none() {
            return Err(Error::invalid_argument(
                "the lead has no e-mail address; set lead_email",
            ));
        }
        let is_affiliate = self.values[UTM_MEDIUM].as_deref() == Some("affiliate");
        if is_affiliate && self.values[UTM_SOURCE].as_deref().is_none_or(str::is_empty) {
            return Err(Error::invalid_argument(
                "utm[utm_medium] is \"affiliate\", so utm[utm_source] must be the partner's login",
            ));
        }
        let parameters = groups + self.values.iter().flatten().count() + self.extras.len();
        if parameters > PARAMETER_LIMIT {
            return Err(query::too_many(parameters));
        }
        Ok(())
    }

    /// The lead's parameters as they are signed and sent, with all rules checked.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for a rule that only a whole lead can break: no group, no
    /// address, `affiliate` without a partner, too many parameters.
    pub fn query(&self) -> Result<Query, Error> {
        self.check()?;
        let mut form = Form::with_capacity(self.capacity());
        for (index, group) in self.groups.iter().flatten().enumerate() {
            form.push_group(index, group);
        }
        let extras = self.extras.ordered();
        let (of_utm, others): (Vec<_>, Vec<_>) =
            (extras.into_iter()).partition(|(name, _)| name.starts_with("utm["));
        for (index, value) in self.values.iter().enumerate() {
            if let Some(value) = value {
                form.push_field(index, value);
            }
            if index == LAST_UTM {
                push_extras(&mut form, &of_utm);
            }
        }
        push_extras(&mut form, &others);
        let query = form.finish();
        match query.as_str().len() {
            length if length > QUERY_LIMIT => Err(query::too_long(length)),
            _ => Ok(query),
        }
    }

    fn capacity(&self) -> Capacity {
        let mut capacity = Capacity::new();
        for group in self.groups.iter().flatten() {
            capacity = capacity.group(group);
        }
        for (field, value) in FIELDS.iter().zip(&self.values) {
            if let Some(value) = value {
                capacity = capacity.pair(field.query_prefix, value);
            }
        }
        for (name, value) in self.extras.iter() {
            capacity = capacity.raw_pair(name, value);
        }
        capacity
    }
}

/// Two leads are equal where they are sent as the same bytes.
impl PartialEq for Lead {
    fn eq(&self, other: &Lead) -> bool {
        self.groups
            .iter()
            .flatten()
            .eq(other.groups.iter().flatten())
            && self.values == other.values
            && self.extras.ordered() == other.extras.ordered()
    }
}

impl Eq for Lead {}

fn push_extras(form: &mut Form, extras: &[(&str, &str)]) {
    for (name, value) in extras {
        form.push_raw(name, value);
    }
}

/// Names the fields that are set, never their values: those are somebody's personal data.
impl fmt::Debug for Lead {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = (FIELDS.iter().zip(&self.values))
            .filter(|(_, value)| value.is_some())
            .map(|(field, _)| field.name);
        formatter
            .debug_struct("Lead")
            .field("groups", &self.groups.iter().flatten().collect::<Vec<_>>())
            .field("fields", &fields.collect::<Vec<_>>())
            .field(
                "extras",
                &self.extras.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            )
            .finish()
    }
}

macro_rules! typed_setters {
    ($($setter:ident, $field:literal;)*) => {
        /// Short names for Rust; each does what [`Lead::set`] does with the service's own name.
        impl Lead {
            /// Adds a group; see [`Lead::add_group`].
            ///
            /// # Errors
            /// As [`Lead::add_group`].
            pub fn group(&mut self, group: impl AsRef<[u8]>) -> Result<&mut Lead, Error> {
                self.add_group(group)
            }

            /// Sets `activation`: whether the contact must confirm by mail.
            pub fn activation(&mut self, must_confirm: bool) -> &mut Lead {
                let old = self.values[ACTIVATION].as_deref().map_or(0, str::len);
                self.size = self.size - old + 1;
                self.values[ACTIVATION] = Some(if must_confirm { "1" } else { "0" }.to_owned());
                self
            }

            $(
                #[doc = concat!("Sets `", $field, "`.")]
                ///
                /// # Errors
                /// As [`Lead::set`].
                pub fn $setter(&mut self, value: impl AsRef<[u8]>) -> Result<&mut Lead, Error> {
                    const INDEX: usize = position($field);
                    self.set_value(INDEX, text::utf8($field, value.as_ref())?)?;
                    Ok(self)
                }
            )*
        }
    };
}

typed_setters! {
    name, "lead_name";
    email, "lead_email";
    phone, "lead_phone";
    city, "lead_city";
    tag, "tag";
    doneurl2, "doneurl2";
    utm_medium, "utm[utm_medium]";
    utm_source, "utm[utm_source]";
    utm_campaign, "utm[utm_campaign]";
    utm_content, "utm[utm_content]";
    utm_term, "utm[utm_term]";
    aff_medium, "utm[aff_medium]";
    aff_source, "utm[aff_source]";
    aff_campaign, "utm[aff_campaign]";
    aff_content, "utm[aff_content]";
    aff_term, "utm[aff_term]";
    aff, "aff";
    ad, "ad";
}
