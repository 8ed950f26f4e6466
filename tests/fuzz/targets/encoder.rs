//! Whatever a lead is filled with: what PHP reads is what was set, and the hash is right.

use std::collections::BTreeMap;

use justclick::field::FIELDS;
use justclick::{Client, Error, ErrorKind, Lead};

use super::hash;
use super::input::Input;
use super::php_form::{self, Array, Key, POST_VARIABLES, Value};

const USERNAME: &str = "username";
const SECRET: &str = "Ae7-hush";

/// The byte order mark, joiners, marks of direction and the soft hyphen.
const INVISIBLE: &[char] = &[
    '\u{ad}', '\u{34f}', '\u{61c}', '\u{180e}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}',
    '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2060}', '\u{2061}',
    '\u{2062}', '\u{2063}', '\u{2064}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}', '\u{206a}',
    '\u{206b}', '\u{206c}', '\u{206d}', '\u{206e}', '\u{206f}', '\u{2065}', '\u{feff}',
];

/// What the lead must hold: groups by their place, and everything else by its name.
#[derive(Default)]
struct Model {
    groups: BTreeMap<usize, Vec<u8>>,
    values: BTreeMap<Vec<u8>, Vec<u8>>,
}

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    let (mut lead, mut model) = (Lead::new(), Model::default());
    fill(&mut lead, &mut model, 0, b"super", b"a@b.ru");
    while !input.is_empty() {
        step(&mut lead, &mut model, &mut input);
    }
    let client = Client::new(USERNAME, SECRET).expect("a client");
    match client.sign_lead(&lead) {
        Ok(request) => compare(request.body().as_bytes(), &model),
        // Only a partner without a name is left to be refused.
        Err(error) => assert!(error.message().contains("affiliate"), "{error}"),
    }
}

fn fill(lead: &mut Lead, model: &mut Model, index: usize, group: &[u8], email: &[u8]) {
    lead.set(&format!("rid[{index}]"), group).expect("a group");
    lead.set("lead_email", email).expect("an address");
    model.groups.insert(index, group.to_vec());
    model.values.insert(b"lead_email".to_vec(), email.to_vec());
}

fn step(lead: &mut Lead, model: &mut Model, input: &mut Input) {
    match input.below(6) {
        0 => {
            let group = input.bytes();
            let index = model.groups.keys().last().map_or(0, |last| last + 1);
            if taken(lead.add_group(group)) {
                model.groups.insert(index, group.to_vec());
            }
        }
        1 => {
            let (index, group) = (input.below(9), input.bytes());
            if taken(lead.set(&format!("rid[{index}]"), group)) {
                model.groups.insert(index, group.to_vec());
            }
        }
        2 | 3 => {
            let field = FIELDS[input.below(FIELDS.len())].name;
            let value = input.bytes();
            if taken(lead.set(field, value)) {
                let value = as_sent(field, value);
                model.values.insert(field.into(), value);
            }
        }
        4 => {
            let (name, value) = (input.bytes(), input.bytes());
            if taken(lead.set_extra(name, value)) {
                model.values.insert(name.to_vec(), value.to_vec());
            }
        }
        _ => {
            let field = FIELDS[input.below(FIELDS.len())].name;
            if field != "lead_email" {
                lead.unset(field).expect("a field");
                model.values.remove(field.as_bytes());
            }
        }
    }
}

fn taken(result: Result<&mut Lead, Error>) -> bool {
    match result {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
            false
        }
    }
}

/// Blanks and what cannot be seen around an address are cut off, and a flag is a digit.
fn as_sent(field: &str, value: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(value).expect("what was taken is UTF-8");
    match field {
        "lead_email" => text
            .trim_matches(|letter: char| letter.is_whitespace() || INVISIBLE.contains(&letter))
            .into(),
        "activation" if text.eq_ignore_ascii_case("true") => b"1".to_vec(),
        "activation" if text.eq_ignore_ascii_case("false") => b"0".to_vec(),
        _ => value.to_vec(),
    }
}

fn compare(body: &[u8], model: &Model) {
    let mut form = php_form::parse(body, POST_VARIABLES);
    let sent = form.remove(b"hash").expect("a hash");
    let query = php_form::build_query(&form);
    let found = hash(&[&query, USERNAME.as_bytes(), SECRET.as_bytes()]);
    assert_eq!(sent, Value::Scalar(found.into_bytes()));

    let mut expected = model.values.clone();
    for (place, group) in model.groups.values().enumerate() {
        expected.insert(format!("rid[{place}]").into_bytes(), group.clone());
    }
    let mut read = BTreeMap::new();
    flatten(&form, None, &mut read);
    assert_eq!(read, expected);
}

/// The names as a form spells them.
fn flatten(array: &Array, outer: Option<&[u8]>, into: &mut BTreeMap<Vec<u8>, Vec<u8>>) {
    for (key, value) in array.entries() {
        let key = match key {
            Key::Number(number) => number.to_string().into_bytes(),
            Key::Text(text) => text.clone(),
        };
        let name = match outer {
            None => key,
            Some(outer) => [outer, b"[", &key, b"]"].concat(),
        };
        match value {
            Value::Scalar(bytes) => drop(into.insert(name, bytes.clone())),
            Value::Array(inner) => flatten(inner, Some(&name), into),
        }
    }
}
