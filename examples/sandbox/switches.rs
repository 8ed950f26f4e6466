//! What can be changed while the sandbox runs: the service as a whole, and each account.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::state::State;
use super::{Account, Group, GroupKind};

const LONGEST_DELAY_MS: u64 = 600_000;

/// Whether and how soon requests are answered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Switches {
    /// What a request meets.
    pub power: Power,
    /// How long each request waits first.
    pub delay: Duration,
}

/// What a request meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Power {
    /// The service.
    #[default]
    On,
    /// Nobody: its connection is closed without a word.
    Off,
    /// A page with this HTTP status.
    Status(u16),
}

/// What is to be changed of an account; what is `None` stays.
#[derive(Default)]
struct Change {
    disabled: Option<bool>,
    silent: Option<bool>,
    secret: Option<String>,
    groups: Option<Vec<Group>>,
}

/// Sets what a JSON object names. Where a part of it is wrong, nothing is changed.
pub fn set(state: &State, body: &[u8]) -> Result<(), String> {
    let value: Value =
        serde_json::from_slice(body).map_err(|error| format!("the body is no JSON: {error}"))?;
    let mut switches = state.switches();
    let mut changes = Vec::new();
    for (name, value) in object("the body", &value)? {
        match name.as_str() {
            "service" => switches.power = power(value)?,
            "delay_ms" => switches.delay = delay(value)?,
            "accounts" => changes = account_changes(state, value)?,
            other => return Err(unknown(other, "service, delay_ms and accounts")),
        }
    }
    state.set_switches(switches);
    for (username, change) in changes {
        state
            .service
            .change(&username, |account| change.apply(account));
    }
    Ok(())
}

/// How all of them stand. The secrets are not told.
pub fn page(state: &State) -> Value {
    let switches = state.switches();
    let accounts = state.service.accounts().into_iter().map(|account| {
        let groups: Vec<String> = account.groups.iter().map(group_text).collect();
        let told = json!({
            "disabled": account.disabled,
            "silent": account.silent,
            "groups": groups,
        });
        (account.username.clone(), told)
    });
    json!({
        "service": match switches.power {
            Power::On => json!("on"),
            Power::Off => json!("off"),
            Power::Status(status) => json!(status),
        },
        "delay_ms": u64::try_from(switches.delay.as_millis()).unwrap_or(u64::MAX),
        "accounts": accounts.collect::<Map<_, _>>(),
    })
}

impl Change {
    fn apply(self, account: &mut Account) {
        account.disabled = self.disabled.unwrap_or(account.disabled);
        account.silent = self.silent.unwrap_or(account.silent);
        if let Some(secret) = self.secret {
            account.secret = secret;
        }
        if let Some(groups) = self.groups {
            account.groups = groups;
        }
    }
}

fn account_changes(state: &State, value: &Value) -> Result<Vec<(String, Change)>, String> {
    let known = state.service.accounts();
    let mut changes = Vec::new();
    for (username, value) in object("accounts", value)? {
        if !known.iter().any(|account| account.username == *username) {
            let names: Vec<&str> = known.iter().map(|account| &*account.username).collect();
            let names = names.join(", ");
            return Err(format!(
                "there is no account \"{username}\"; there are: {names}"
            ));
        }
        changes.push((username.clone(), change(username, value)?));
    }
    Ok(changes)
}

fn change(username: &str, value: &Value) -> Result<Change, String> {
    let mut change = Change::default();
    for (name, value) in object(username, value)? {
        match name.as_str() {
            "disabled" => change.disabled = Some(flag(name, value)?),
            "silent" => change.silent = Some(flag(name, value)?),
            "secret" => change.secret = Some(secret(value)?),
            "groups" => change.groups = Some(groups(value)?),
            other => return Err(unknown(other, "disabled, silent, secret and groups")),
        }
    }
    Ok(change)
}

fn power(value: &Value) -> Result<Power, String> {
    match (value.as_str(), value.as_u64()) {
        (Some("on"), _) => Ok(Power::On),
        (Some("off"), _) => Ok(Power::Off),
        (_, Some(status @ 300..=599)) => Ok(Power::Status(status as u16)),
        _ => Err("service: it is \"on\", \"off\" or an HTTP status from 300 to 599".to_owned()),
    }
}

fn delay(value: &Value) -> Result<Duration, String> {
    (value.as_u64())
        .filter(|milliseconds| *milliseconds <= LONGEST_DELAY_MS)
        .map(Duration::from_millis)
        .ok_or_else(|| format!("delay_ms: it is a whole number from 0 to {LONGEST_DELAY_MS}"))
}

fn flag(name: &str, value: &Value) -> Result<bool, String> {
    (value.as_bool()).ok_or_else(|| format!("{name}: it is true or false"))
}

/// The value is not repeated.
fn secret(value: &Value) -> Result<String, String> {
    match value.as_str() {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err("secret: it is a text, and not empty".to_owned()),
    }
}

fn groups(value: &Value) -> Result<Vec<Group>, String> {
    let members = value.as_array().ok_or("groups: it is a list")?;
    let mut groups = Vec::new();
    for member in members {
        let text = member.as_str().ok_or("groups: each is a text")?;
        groups.push(Group::parse(text).map_err(|why| format!("groups: {text}: {why}"))?);
    }
    Ok(groups)
}

fn group_text(group: &Group) -> String {
    let name = &group.name;
    match group.kind {
        GroupKind::Open => name.clone(),
        GroupKind::Activation => format!("{name}:activation"),
        GroupKind::Automatic => format!("{name}:automatic"),
    }
}

fn object<'a>(whose: &str, value: &'a Value) -> Result<&'a Map<String, Value>, String> {
    (value.as_object()).ok_or_else(|| format!("{whose}: it is a JSON object"))
}

fn unknown(name: &str, known: &str) -> String {
    format!("there is no switch \"{name}\"; there are {known}")
}
