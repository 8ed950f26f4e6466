//! The columns of a row.

/// A column, as far as leads need it.
#[derive(Debug, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Integer,
    Text(&'a str),
}

/// A row.
pub(super) struct Record<'a>(Vec<Value<'a>>);

impl<'a> Record<'a> {
    /// `None` where the content is not as its own header says.
    pub(super) fn parse(payload: &'a [u8]) -> Option<Record<'a>> {
        let (length, mut place) = variable_number(payload)?;
        let header = payload.get(..usize::try_from(length).ok()?)?;
        let mut content = payload.get(header.len()..)?;
        let mut values = Vec::new();
        while place < header.len() {
            let (kind, size) = variable_number(header.get(place..)?)?;
            place += size;
            let (value, rest) = value(kind, content)?;
            values.push(value);
            content = rest;
        }
        content.is_empty().then_some(Record(values))
    }

    pub(super) fn values(&self) -> &[Value<'a>] {
        &self.0
    }
}

fn value(kind: u64, content: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let (value, length) = match kind {
        0 => (Value::Null, 0),
        8 | 9 => (Value::Integer, 0),
        1..=4 => (Value::Integer, kind),
        5 => (Value::Integer, 6),
        6 => (Value::Integer, 8),
        13.. if kind % 2 == 1 => (Value::Text(""), (kind - 13) / 2),
        // The tables have neither fractions nor bytes.
        _ => return None,
    };
    let (own, rest) = content.split_at_checked(usize::try_from(length).ok()?)?;
    match value {
        Value::Text(_) => Some((Value::Text(std::str::from_utf8(own).ok()?), rest)),
        value => Some((value, rest)),
    }
}

/// A number of one to nine bytes, of which all but the ninth have seven bits; and its length.
pub(super) fn variable_number(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut number = 0;
    for (place, byte) in bytes.iter().take(8).enumerate() {
        number = number << 7 | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            return Some((number, place + 1));
        }
    }
    bytes.get(8).map(|last| (number << 8 | u64::from(*last), 9))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_to_nine_bytes() {
        assert_eq!(variable_number(&[0x7F]), Some((127, 1)));
        assert_eq!(variable_number(&[0x81, 0x00, 0xFF]), Some((128, 2)));
        assert_eq!(variable_number(&[0xFF; 9]), Some((u64::MAX, 9)));
        assert_eq!(variable_number(&[0xFF; 8]), None);
        assert_eq!(variable_number(&[]), None);
    }

    #[test]
    fn a_record_is_as_its_header_says_or_nothing() {
        let row = [5, 0, 1, 9, 17, 42, b'o', b'k'];
        let record = Record::parse(&row).expect("a record");
        let values = [
            Value::Null,
            Value::Integer,
            Value::Integer,
            Value::Text("ok"),
        ];
        assert_eq!(record.values(), values);
        for length in 0..row.len() {
            assert!(Record::parse(&row[..length]).is_none());
        }
        assert!(Record::parse(&[5, 0, 1, 9, 17, 42, 0xFF, 0xFF]).is_none());
    }
}
