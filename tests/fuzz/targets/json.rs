//! Whatever JSON a lead or a call's parameters are: what is taken is JSON, and what is sent is a query
//! that PHP rebuilds to the same bytes. Field by field and as one object a lead is the same.

use justclick::field::FIELDS;
use justclick::{Client, ErrorKind, Lead, Query};
use serde_json::{Map, Value, json};

use super::input::Input;
use super::php_form::{self, POST_VARIABLES};

pub fn run(data: &[u8]) {
    let mut input = Input(data);
    match input.below(3) {
        0 => any_lead(input.rest()),
        1 => any_parameters(input.rest()),
        _ => same_lead(&mut input),
    }
}

fn client() -> Client {
    Client::new("username", "Ae7-hush").expect("a client")
}

fn any_lead(text: &[u8]) {
    let mut lead =
        Lead::from_json(r#"{"rid": ["super"], "lead_email": "a@b.ru"}"#).expect("a lead");
    let before = lead.clone();
    let taken = lead.set_json(text).map(drop);
    match taken {
        Ok(()) => {
            assert!(is_json(text));
            if let Ok(request) = client().sign_lead(&lead) {
                let (query, _) = request.body().rsplit_once("&hash=").expect("a hash");
                rebuilt(query);
            }
        }
        Err(error) => {
            assert!(matches!(
                error.kind(),
                ErrorKind::InvalidArgument | ErrorKind::UnknownName
            ));
            assert_eq!(lead, before);
        }
    }
}

fn any_parameters(text: &[u8]) {
    match Query::from_json(text) {
        Ok(query) => {
            assert!(is_json(text));
            rebuilt(query.as_str());
        }
        Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidArgument),
    }
    if let Ok(query) = std::str::from_utf8(text)
        .map_err(drop)
        .and_then(|text| Query::parse(text).map_err(drop))
    {
        assert_eq!(query.as_str().as_bytes(), text);
        rebuilt(query.as_str());
    }
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<&serde_json::value::RawValue>(text).is_ok()
}

/// The sandbox's own reader of forms, which shares nothing with the library.
fn rebuilt(query: &str) {
    let form = php_form::parse(query.as_bytes(), POST_VARIABLES);
    let text = php_form::build_query(&form);
    assert_eq!(String::from_utf8_lossy(&text), query);
    assert_eq!(Query::parse(query).expect("a query").as_str(), query);
}

fn same_lead(input: &mut Input) {
    let mut lead = Lead::new();
    let mut groups = Vec::new();
    let (mut flat, mut nested) = (Map::new(), Map::new());
    while !input.is_empty() {
        let choice = input.below(FIELDS.len() + 1);
        let value = String::from_utf8_lossy(input.bytes()).into_owned();
        let Some(field) = FIELDS.get(choice) else {
            if lead.add_group(&value).is_ok() {
                flat.insert(format!("rid[{}]", groups.len()), json!(value));
                groups.push(value);
            }
            continue;
        };
        if lead.set(field.name, &value).is_err() {
            continue;
        }
        flat.insert(field.name.to_owned(), json!(value));
        match field
            .name
            .strip_suffix(']')
            .and_then(|name| name.split_once('['))
        {
            Some((array, key)) => {
                nested.entry(array).or_insert_with(|| json!({}))[key] = json!(value);
            }
            None => drop(nested.insert(field.name.to_owned(), json!(value))),
        }
    }
    nested.insert("rid".to_owned(), json!(groups));
    for object in [flat, nested] {
        let read = Lead::from_json(Value::from(object).to_string()).expect("a lead");
        assert_eq!(read, lead);
    }
}
