//! A form as PHP 8.2 reads it into `$_POST`, and as its `http_build_query` writes it again.
//!
//! The service hashes what PHP rebuilds, so every oddity of PHP's reading decides whether a hash
//! is right. Each one here was seen in PHP itself; the tests hold what it answered.

/// How many variables a POST is read to: PHP notices `max_input_vars` (1000) one too late.
pub const POST_VARIABLES: usize = 1001;

/// How many levels of brackets PHP's `max_input_nesting_level` lets pass.
const NESTING_LEVELS: usize = 64;

/// An array's key; text that is a number in its shortest form is a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A number.
    Number(i64),
    /// Any other bytes.
    Text(Vec<u8>),
}

impl From<&[u8]> for Key {
    fn from(bytes: &[u8]) -> Key {
        let number = std::str::from_utf8(bytes)
            .ok()
            .and_then(|text| text.parse::<i64>().ok());
        match number {
            // "01", "+1" and "-0" are numbers to Rust, and text to PHP.
            Some(number) if number.to_string().as_bytes() == bytes => Key::Number(number),
            _ => Key::Text(bytes.to_vec()),
        }
    }
}

/// A value: raw bytes, or an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Raw bytes.
    Scalar(Vec<u8>),
    /// A nested array.
    Array(Array),
}

/// PHP's array: keys in the order of their first appearance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Array {
    entries: Vec<(Key, Value)>,
    /// The highest number used as a key so far.
    highest: Option<i64>,
}

impl Array {
    /// The keys and values in order.
    pub fn entries(&self) -> &[(Key, Value)] {
        &self.entries
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let key = Key::from(name.as_bytes());
        let entry = self.entries.iter().find(|(known, _)| *known == key);
        entry.map(|(_, value)| value)
    }

    /// Takes out the value of a name.
    pub fn remove(&mut self, name: &[u8]) -> Option<Value> {
        let key = Key::from(name);
        let position = self.entries.iter().position(|(known, _)| *known == key)?;
        Some(self.entries.remove(position).1)
    }

    /// The place of a key, made where it is missing; `None` appends. A name's place stays the
    /// one where it stood first. Nothing can be appended after the largest number.
    fn place(&mut self, index: Option<&[u8]>) -> Option<&mut Value> {
        let key = match (index, self.highest) {
            (Some(name), _) => Key::from(name),
            (None, None) => Key::Number(0),
            (None, Some(highest)) => Key::Number(highest.checked_add(1)?),
        };
        let known = self.entries.iter().position(|(known, _)| *known == key);
        let position = known.unwrap_or_else(|| {
            if let Key::Number(number) = key {
                self.highest = self.highest.max(Some(number));
            }
            self.entries.push((key, Value::Array(Array::default())));
            self.entries.len() - 1
        });
        Some(&mut self.entries[position].1)
    }

    /// The array at a key; a scalar there gives way to one.
    fn descend(&mut self, index: Option<&[u8]>) -> Option<&mut Array> {
        let place = self.place(index)?;
        if let Value::Scalar(_) = place {
            *place = Value::Array(Array::default());
        }
        match place {
            Value::Array(array) => Some(array),
            Value::Scalar(_) => None,
        }
    }

    /// Adds one variable, by the name as it was sent.
    fn register(&mut self, name: &[u8], value: Vec<u8>) {
        let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
        let blanks = name.iter().take_while(|byte| **byte == b' ').count();
        let name = &name[blanks..];
        if name.is_empty() || name.starts_with(b"[") {
            return;
        }
        let path = Path::of(name);
        let Some((last, containers)) = path.indices.split_last() else {
            return;
        };
        let mut array = &mut *self;
        for index in containers {
            if is_forged(index.as_deref(), name) {
                return;
            }
            let Some(inner) = array.descend(index.as_deref()) else {
                return;
            };
            array = inner;
        }
        if path.too_deep {
            // PHP forgets all of the variable then, what came before included.
            self.remove(path.head());
        } else if !is_forged(last.as_deref(), name)
            && let Some(place) = array.place(last.as_deref())
        {
            *place = Value::Scalar(value);
        }
    }
}

/// PHP drops a part that begins like a protected cookie's name where the whole name does not.
fn is_forged(index: Option<&[u8]>, name: &[u8]) -> bool {
    let index = index.unwrap_or_default();
    [b"__Host-".as_slice(), b"__Secure-"]
        .iter()
        .any(|prefix| index.starts_with(prefix) && !name.starts_with(prefix))
}

/// A name taken apart: `a[b][]` is `a`, `b` and `None`, which appends.
struct Path {
    indices: Vec<Option<Vec<u8>>>,
    too_deep: bool,
}

impl Path {
    fn of(name: &[u8]) -> Path {
        let head = name.split(|byte| *byte == b'[').next().unwrap_or(name);
        let mut indices = vec![Some(mangled(head))];
        let mut rest = &name[head.len()..];
        while let Some(inner) = rest.strip_prefix(b"[") {
            if indices.len() > NESTING_LEVELS {
                return Path {
                    indices,
                    too_deep: true,
                };
            }
            let Some((index, after)) = bracketed(inner) else {
                if indices.len() == 1 {
                    indices = vec![Some(mangled(name))];
                }
                break;
            };
            indices.push(index.map(<[u8]>::to_vec));
            rest = after;
        }
        Path {
            indices,
            too_deep: false,
        }
    }

    fn head(&self) -> &[u8] {
        self.indices
            .first()
            .and_then(Option::as_deref)
            .unwrap_or_default()
    }
}

/// The index up to the closing bracket, and what follows. One blank alone is no index.
fn bracketed(inner: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let blank = usize::from(matches!(inner.first(), Some(b' ' | b'\t'..=b'\r')));
    let close = blank + inner[blank..].iter().position(|byte| *byte == b']')?;
    let index = (close > blank).then_some(&inner[..close]);
    Some((index, &inner[close + 1..]))
}

fn mangled(name: &[u8]) -> Vec<u8> {
    let replaced = name.iter().map(|byte| match byte {
        b' ' | b'.' | b'[' => b'_',
        byte => *byte,
    });
    replaced.collect()
}

/// Reads a form body as PHP reads that of a POST, up to so many variables.
pub fn parse(body: &[u8], variables: usize) -> Array {
    let mut form = Array::default();
    if body.is_empty() {
        return form;
    }
    for pair in body.split(|byte| *byte == b'&').take(variables) {
        let equals = pair.iter().position(|byte| *byte == b'=');
        let name = &pair[..equals.unwrap_or(pair.len())];
        let value = equals.map_or(&pair[..0], |equals| &pair[equals + 1..]);
        form.register(&decoded(name), decoded(value));
    }
    form
}

fn decoded(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        bytes.push(match (*first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high << 4 | low
                }
                _ => b'%',
            },
            (byte, _) => byte,
        });
    }
    bytes
}

fn digit(byte: u8) -> Option<u8> {
    let value = char::from(byte).to_digit(16)?;
    u8::try_from(value).ok()
}

/// Writes the form as `http_build_query` does.
pub fn build_query(form: &Array) -> Vec<u8> {
    let mut query = Vec::new();
    write_array(form, None, &mut query);
    query
}

fn write_array(array: &Array, prefix: Option<&[u8]>, query: &mut Vec<u8>) {
    for (key, value) in &array.entries {
        let mut name = prefix.map_or_else(Vec::new, <[u8]>::to_vec);
        if prefix.is_some() {
            name.extend_from_slice(b"%5B");
        }
        match key {
            Key::Number(number) => name.extend_from_slice(number.to_string().as_bytes()),
            Key::Text(text) => encode(text, &mut name),
        }
        if prefix.is_some() {
            name.extend_from_slice(b"%5D");
        }
        match value {
            Value::Array(inner) => write_array(inner, Some(&name), query),
            Value::Scalar(bytes) => {
                if !query.is_empty() {
                    query.push(b'&');
                }
                query.append(&mut name);
                query.push(b'=');
                encode(bytes, query);
            }
        }
    }
}

fn encode(bytes: &[u8], query: &mut Vec<u8>) {
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => query.push(*byte),
            b' ' => query.push(b'+'),
            byte => query.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
}
