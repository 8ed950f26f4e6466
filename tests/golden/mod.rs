//! The golden leads, made by PHP itself, as each door takes them.

use serde_json::{Map, Value, json};

/// Those that no lead can carry are left out: no parameters, and bytes that are not UTF-8.
pub const LEADS: usize = 1008;

pub struct Golden {
    pub username: String,
    pub secret: String,
    /// Names and values in the order in which they are sent.
    pub pairs: Vec<(String, Value)>,
    /// The signed request.
    pub body: String,
}

pub fn leads() -> Vec<Golden> {
    let rows = include_str!("../vectors/requests.jsonl").lines();
    let leads: Vec<Golden> = rows.filter_map(lead).collect();
    assert_eq!(leads.len(), LEADS);
    leads
}

fn lead(row: &str) -> Option<Golden> {
    let row: Value = serde_json::from_str(row).expect("a row");
    if matches!(text(&row["kind"]).as_str(), "bytes" | "empty") {
        return None;
    }
    let parameters = row["params"].as_array().expect("parameters").iter();
    Some(Golden {
        username: text(&row["username"]),
        secret: text(&row["secret"]),
        pairs: parameters
            .map(|pair| (text(&pair[0]), pair[1].clone()))
            .collect(),
        body: format!("{}&hash={}", text(&row["query"]), text(&row["hash"])),
    })
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

impl Golden {
    /// Each field with its value as a string.
    pub fn fields(&self) -> Vec<(&str, &str)> {
        let value = |value| match value {
            &Value::Bool(true) => "1",
            &Value::Bool(false) => "0",
            value => value.as_str().expect("a text"),
        };
        (self.pairs.iter())
            .map(|(name, given)| (name.as_str(), value(given)))
            .collect()
    }

    /// The lead as one object of the service's names.
    pub fn flat(&self) -> String {
        Value::from(self.pairs.iter().cloned().collect::<Map<_, _>>()).to_string()
    }

    /// The lead as PHP's nested array.
    pub fn nested(&self) -> String {
        let mut object = Map::new();
        for (name, value) in &self.pairs {
            match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
                Some(("rid", _)) => match object.entry("rid").or_insert_with(|| json!([])) {
                    Value::Array(list) => list.push(value.clone()),
                    other => panic!("{other}"),
                },
                Some((array, key)) => {
                    object.entry(array).or_insert_with(|| json!({}))[key] = value.clone();
                }
                None => {
                    object.insert(name.clone(), value.clone());
                }
            }
        }
        Value::from(object).to_string()
    }
}
