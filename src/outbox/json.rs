//! Limits and selections from JSON, and what an outbox tells as JSON, for languages that pass both so.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::{Map, Value, json};

use super::milliseconds;
use super::report::{Limits, Report};
use super::row::{Listed, Salvaged, Selection, State, Status};
use super::statement::Statement;
use crate::error::Error;
use crate::query::Query;
use crate::text;

const LOWEST_RATE: f64 = 0.001;
const HIGHEST_RATE: f64 = 1e6;
const LONGEST: f64 = 365.0 * 24.0 * 60.0 * 60.0;

impl Limits {
    /// Reads `{"seconds": 5, "leads": 100, "in_flight": 8, "per_second": 20, "id": 17, "alone": true}`;
    /// each may be missing.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) with the name and the rule.
    pub fn from_json(json: &[u8]) -> Result<Limits, Error> {
        let mut limits = Limits::default();
        for (name, value) in object("limits", json)? {
            match name.as_str() {
                "seconds" => limits.time = Some(seconds(&name, &value)?),
                "leads" => limits.leads = Some(number(&name, &value, 1, u64::MAX)?),
                "in_flight" => limits.in_flight = Some(number(&name, &value, 1, 256)? as u32),
                "per_second" => limits.per_second = Some(rate(&name, &value)?),
                "id" => limits.id = Some(number(&name, &value, 0, i64::MAX as u64)? as i64),
                "alone" => limits.alone = flag(&name, &value)?,
                _ => {
                    let known = ["seconds", "leads", "in_flight", "per_second", "id", "alone"];
                    return Err(unknown("limits", &name, &known));
                }
            }
        }
        Ok(limits)
    }
}

/// Which rows are meant, and whether their personal data is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Which {
    /// The rows.
    pub selection: Selection,
    /// Whether the leads' values are shown.
    pub with_leads: bool,
}

impl Which {
    /// Reads `{"state": "dead", "account": …, "ids": […], "after": 0, "limit": 100, "with_leads": true}`;
    /// each may be missing.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) with the name and the rule.
    pub fn from_json(json: &[u8]) -> Result<Which, Error> {
        let mut which = Which::default();
        let selection = &mut which.selection;
        for (name, value) in object("which", json)? {
            match name.as_str() {
                "state" => selection.state = Some(state(&value)?),
                "account" => selection.account = Some(word(&name, &value)?),
                "ids" => selection.ids = Some(ids(&value)?),
                "after" => selection.after = number(&name, &value, 0, i64::MAX as u64)? as i64,
                "limit" => selection.limit = Some(number(&name, &value, 1, 10_000)? as u32),
                "with_leads" => which.with_leads = flag(&name, &value)?,
                _ => {
                    let known = ["state", "account", "ids", "after", "limit", "with_leads"];
                    return Err(unknown("which", &name, &known));
                }
            }
        }
        Ok(which)
    }
}

impl Report {
    /// The report as one JSON object, its members named as here, times in seconds.
    pub fn to_json(&self) -> String {
        json!({
            "delivered": self.delivered,
            "known": self.known,
            "repeated": self.repeated,
            "dead": self.dead,
            "later": self.later,
            "overtaken": self.overtaken,
            "held": self.held,
            "held_by": self.held_by.map(|disposition| disposition.to_string()),
            "next_due_s": self.next_due.map(in_seconds),
            "moved": self.moved,
            "unmoved": self.unmoved,
        })
        .to_string()
    }
}

impl Salvaged {
    /// Both numbers as one JSON object, its members named as here.
    pub fn to_json(&self) -> String {
        json!({"leads": self.leads, "lost": self.lost}).to_string()
    }
}

impl Status {
    /// The status as one JSON object, its members named as here, times in seconds.
    pub fn to_json(&self) -> String {
        let accounts = self.accounts.iter().map(|account| {
            json!({
                "account": account.account,
                "held_until": unix_time(account.held_for),
                "held_for_s": in_seconds(account.held_for),
                "reason": account.reason,
            })
        });
        json!({
            "waiting": self.waiting,
            "leased": self.leased,
            "dead": self.dead,
            "delivered": self.delivered,
            "dropped": self.dropped,
            "spooled": self.spooled,
            "oldest_waiting_s": self.oldest_waiting.map(in_seconds),
            "next_due_s": self.next_due.map(in_seconds),
            "accounts": accounts.collect::<Vec<_>>(),
        })
        .to_string()
    }
}

/// Rows as a JSON list, with the leads' values only where they are asked for.
pub fn rows_to_json(rows: &[Listed], with_leads: bool) -> String {
    let rows: Vec<Value> = rows.iter().map(|row| listed(row, with_leads)).collect();
    Value::from(rows).to_string()
}

/// Statements as `{"statements": [{"sql": …, "parameters": […]}]}`: somebody's personal data.
pub fn statements_to_json(statements: &[Statement]) -> String {
    let statements = statements
        .iter()
        .map(|statement| json!({"sql": statement.sql, "parameters": statement.parameters}));
    json!({"statements": statements.collect::<Vec<_>>()}).to_string()
}

fn listed(row: &Listed, with_leads: bool) -> Value {
    let mut object = json!({
        "id": row.id,
        "account": row.account,
        "key": row.key,
        "state": match row.state {
            State::Waiting => "waiting",
            State::Leased => "leased",
            State::Dead => "dead",
        },
        "attempts": row.attempts,
        "age_s": in_seconds(row.age),
        "due_in_s": in_seconds(row.due_in),
        "reason": row.reason,
        "error_code": row.code,
        "error_text": row.text,
    });
    if with_leads {
        object["lead"] = match Query::parse(&row.query) {
            Ok(query) => {
                let pairs = query.pairs().into_iter();
                Value::from(
                    pairs
                        .map(|(name, value)| (name, Value::from(value)))
                        .collect::<Map<_, _>>(),
                )
            }
            Err(_) => Value::Null,
        };
    }
    object
}

/// The moment after this time, in seconds since 1970.
fn unix_time(after: Duration) -> u64 {
    let moment = SystemTime::now() + after;
    (moment.duration_since(UNIX_EPOCH)).map_or(0, |time| time.as_secs())
}

/// To a thousandth.
fn in_seconds(duration: Duration) -> f64 {
    milliseconds(duration) as f64 / 1000.0
}

/// The members of a JSON object, each once.
fn object(label: &str, json: &[u8]) -> Result<Vec<(String, Value)>, Error> {
    let json = text::utf8(label, json)?;
    let Members(members) = serde_json::from_str(json).map_err(|error| {
        Error::invalid_argument(format!(
            "{label}: the text cannot be read as a JSON object ({})",
            text::json_fault(&error)
        ))
    })?;
    for (place, (name, _)) in members.iter().enumerate() {
        if members.iter().take(place).any(|(other, _)| other == name) {
            let shown = text::shown(name);
            let message = format!("{label}: \"{shown}\" is there twice");
            return Err(Error::invalid_argument(message));
        }
    }
    Ok(members)
}

struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }

            /// An empty list is taken for an empty object, since PHP writes its empty array so.
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Members, A::Error> {
                match list.next_element::<Value>()? {
                    None => Ok(Members(Vec::new())),
                    Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
                }
            }
        }
        deserializer.deserialize_any(MembersVisitor)
    }
}

fn seconds(name: &str, value: &Value) -> Result<Duration, Error> {
    (value.as_f64())
        .filter(|seconds| (0.0..=LONGEST).contains(seconds))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| refused(name, "a number of seconds, at most a year"))
}

fn rate(name: &str, value: &Value) -> Result<f64, Error> {
    (value.as_f64())
        .filter(|rate| (LOWEST_RATE..=HIGHEST_RATE).contains(rate))
        .ok_or_else(|| refused(name, "a number from 0.001 to 1000000"))
}

fn number(name: &str, value: &Value, least: u64, most: u64) -> Result<u64, Error> {
    (value.as_u64())
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| refused(name, &format!("a whole number from {least} to {most}")))
}

fn flag(name: &str, value: &Value) -> Result<bool, Error> {
    (value.as_bool()).ok_or_else(|| refused(name, "true or false"))
}

fn word(name: &str, value: &Value) -> Result<String, Error> {
    let text = value.as_str().ok_or_else(|| refused(name, "a text"))?;
    Ok(text.to_owned())
}

fn ids(value: &Value) -> Result<Vec<i64>, Error> {
    let ids = value.as_array().filter(|ids| ids.len() <= 10_000);
    let ids = ids.and_then(|ids| ids.iter().map(Value::as_i64).collect());
    ids.ok_or_else(|| refused("ids", "a list of at most 10000 numbers"))
}

fn state(value: &Value) -> Result<State, Error> {
    match value.as_str() {
        Some("waiting") => Ok(State::Waiting),
        Some("leased") => Ok(State::Leased),
        Some("dead") => Ok(State::Dead),
        _ => Err(refused("state", "waiting, leased or dead")),
    }
}

fn refused(name: &str, rule: &str) -> Error {
    Error::invalid_argument(format!("{name}: it must be {rule}"))
}

fn unknown(label: &str, name: &str, known: &[&str]) -> Error {
    Error::invalid_argument(format!(
        "{label}: there is no \"{}\"{}",
        text::shown(name),
        text::suggestion(name, known.iter().copied())
    ))
}
