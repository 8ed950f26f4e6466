//! Which names PHP leaves alone when it parses a request.
//!
//! The service parses a request and builds it anew, and what comes out must be the very bytes that
//! were hashed. See <https://www.php.net/manual/en/language.variables.external.php>.

/// PHP drops a name with more than 64 brackets.
pub(super) const DEPTH_LIMIT: usize = 64;

/// Says why PHP would change or drop a name.
pub(crate) fn check(name: &str) -> Result<(), String> {
    let base = segments(name).next().unwrap_or_default();
    if !base_survives(base) {
        return Err("PHP would change this name; it must begin with a character other than a bracket, and hold no dots, blanks, control characters or stray brackets".to_owned());
    }
    if !keys_survive(name.get(base.len()..).unwrap_or_default()) {
        return Err("PHP would change this name; after the first bracket only whole [keys] may follow, none empty, without blanks and brackets inside".to_owned());
    }
    match forged_prefix(name) {
        Some(prefix) => Err(format!(
            "PHP drops a name with a key that begins with {prefix}, unless the name itself does"
        )),
        None => Ok(()),
    }
}

/// `a[b][c]` as `a`, `b`, `c`.
pub(crate) fn segments(name: &str) -> impl Iterator<Item = &str> {
    name.split('[')
        .map(|segment| segment.strip_suffix(']').unwrap_or(segment))
}

/// Whether `name` is a member of `array`, at any depth.
pub(crate) fn is_member(name: &str, array: &str) -> bool {
    name.strip_prefix(array)
        .is_some_and(|key| key.starts_with('['))
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
