//! Parameters beyond the documented ones, under names that survive PHP's parsing.
//!
//! The service parses a request and builds it anew, and what comes out must be the very bytes
//! that were hashed. So a name must be one that PHP leaves alone, and the members of an array
//! must stand next to each other.

use crate::error::Error;
use crate::parameter::PARAMETERS;
use crate::text;

const NAME_LIMIT: usize = 256;
/// PHP drops a name with more than 64 brackets.
const DEPTH_LIMIT: usize = 64;

/// Extra parameters as they will be written: members of one array together, else as they were set.
#[derive(Clone, Default)]
pub(crate) struct Extras(Vec<(String, String)>);

impl Extras {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        if let Some((_, old)) = self.0.iter_mut().find(|(known, _)| known == name) {
            *old = value.to_owned();
            return Ok(());
        }
        let place = self.place_of(name)?;
        self.0.insert(place, (name.to_owned(), value.to_owned()));
        Ok(())
    }

    pub(crate) fn unset(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    /// Right after the members that share the longest way down with `name`.
    fn place_of(&self, name: &str) -> Result<usize, Error> {
        let new: Vec<&str> = segments(name).collect();
        let (mut place, mut longest) = (self.0.len(), 0);
        for (index, (known, _)) in self.0.iter().enumerate() {
            let old: Vec<&str> = segments(known).collect();
            let shared = new.iter().zip(&old).take_while(|(a, b)| a == b).count();
            if shared == new.len() || shared == old.len() {
                return Err(Error::invalid_argument(format!(
                    "extra parameter \"{}\": \"{}\" is set already, and one name cannot be both a value and an array",
                    text::shown(name),
                    text::shown(known)
                )));
            }
            if shared > 0 && shared >= longest {
                (place, longest) = (index + 1, shared);
            }
        }
        Ok(place)
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
    let base = segments(name).next().unwrap_or_default();
    if base == "hash" {
        return refuse("the hash is made by the library");
    }
    if base == "rid" {
        return refuse("groups are added as groups, not as extra parameters");
    }
    if let Some(known) = PARAMETERS.iter().find(|known| known.name == name) {
        return refuse(&format!(
            "\"{}\" is a documented field; set it as a field",
            known.name
        ));
    }
    let is_below_a_field = (PARAMETERS.iter())
        .filter_map(|known| name.strip_prefix(known.name))
        .any(|rest| rest.starts_with('['));
    if name == "utm" || is_below_a_field {
        return refuse("one name cannot be both a value and an array");
    }
    if !base_survives(base) {
        return refuse(
            "PHP would change this name; it must begin with a character other than a bracket, and hold no dots, blanks, control characters or stray brackets",
        );
    }
    if !keys_survive(&name[base.len()..]) {
        return refuse(
            "PHP would change this name; after the first bracket only whole [keys] may follow, none empty, without blanks and brackets inside",
        );
    }
    if let Some(prefix) = forged_prefix(name) {
        return refuse(&format!(
            "PHP drops a name with a key that begins with {prefix}, unless the name itself does"
        ));
    }
    Ok(name)
}

/// PHP guards the names of protected cookies against forgery, in forms as well.
fn forged_prefix(name: &str) -> Option<&'static str> {
    let mut prefixes = ["__Host-", "__Secure-"].into_iter();
    prefixes.find(|prefix| {
        !name.starts_with(prefix) && segments(name).any(|key| key.starts_with(prefix))
    })
}

fn base_survives(base: &str) -> bool {
    !base.is_empty()
        && !base.chars().any(|character| {
            character.is_whitespace() || character.is_control() || ".[]".contains(character)
        })
}

fn keys_survive(keys: &str) -> bool {
    let (mut rest, mut depth) = (keys, 0);
    while !rest.is_empty() {
        let Some((key, after)) = rest.strip_prefix('[').and_then(|key| key.split_once(']')) else {
            return false;
        };
        let changed = |character: char| {
            character.is_whitespace() || character.is_control() || character == '['
        };
        if key.is_empty() || key.contains(changed) {
            return false;
        }
        (rest, depth) = (after, depth + 1);
    }
    depth <= DEPTH_LIMIT
}

/// `a[b][c]` as `a`, `b`, `c`.
fn segments(name: &str) -> impl Iterator<Item = &str> {
    name.split('[')
        .map(|segment| segment.strip_suffix(']').unwrap_or(segment))
}
