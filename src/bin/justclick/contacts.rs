//! The service's other functions: groups, statuses, changes and counts of contacts.

use std::path::Path;

use justclick::{Counted, LeadUpdate, Query};
use serde_json::{Value, json};

use crate::account;
use crate::add::receipt_json;
use crate::arguments::{Call, Contact, Count, Unsubscribe, Update};
use crate::failure::{Code, Failure};
use crate::interruption;
use crate::output::Output;

fn client(config: Option<&Path>) -> Result<justclick::Client, Failure> {
    let client = account::client(config)?;
    interruption::await_signals()?;
    Ok(client)
}

pub fn groups(config: Option<&Path>, output: &Output) -> Result<Code, Failure> {
    for group in client(config)?.groups()? {
        let for_people = format!("{}  {}", group.name, group.title);
        output.tell(
            for_people,
            &json!({"name": group.name, "title": group.title}),
        )?;
    }
    Ok(Code::Done)
}

pub fn statuses(task: &Contact, config: Option<&Path>, output: &Output) -> Result<Code, Failure> {
    for membership in client(config)?.lead_statuses(&task.email)? {
        let (group, status) = (&membership.group, membership.status.to_string());
        let since = membership.subscribed_at.as_deref();
        let for_people = format!(
            "{}  {status}{}",
            group.name,
            since.map_or_else(String::new, |since| format!(", subscribed {since}"))
        );
        let for_programs = json!({
            "name": group.name,
            "title": group.title,
            "status": status,
            "subscribed_at": since,
        });
        output.tell(for_people, &for_programs)?;
    }
    Ok(Code::Done)
}

pub fn update(task: &Update, config: Option<&Path>, output: &Output) -> Result<Code, Failure> {
    let update = LeadUpdate {
        name: task.name.as_deref(),
        phone: task.phone.as_deref(),
        city: task.city.as_deref(),
        tags: task.tags.as_deref(),
    };
    let receipt = client(config)?.update_lead(&task.email, &update)?;
    output.tell("the contact was changed", &receipt_json(&receipt))?;
    Ok(Code::Done)
}

pub fn unsubscribe(
    task: &Unsubscribe,
    config: Option<&Path>,
    output: &Output,
) -> Result<Code, Failure> {
    let was_there = client(config)?.unsubscribe(&task.email, &task.group)?;
    let for_people = if was_there {
        "the contact left the group"
    } else {
        "the contact was not in the group"
    };
    output.tell(for_people, &json!({"was_there": was_there}))?;
    Ok(Code::Done)
}

pub fn count(task: &Count, config: Option<&Path>, output: &Output) -> Result<Code, Failure> {
    let counted = match &task.group {
        Some(group) => Counted::Group(group),
        None if task.unique => Counted::Unique,
        None => Counted::All,
    };
    let number = client(config)?.count(counted)?;
    output.tell(number, &json!({"count": number}))?;
    Ok(Code::Done)
}

pub fn call(task: &Call, config: Option<&Path>, output: &Output) -> Result<Code, Failure> {
    let query = Query::from_json(object(&task.parameters))?;
    let receipt = client(config)?.call(&task.function, &query)?;
    let result = receipt.answer().result().unwrap_or("null");
    let mut for_programs = receipt_json(&receipt);
    for_programs["result"] = serde_json::from_str(result).unwrap_or(Value::Null);
    output.tell(result, &for_programs)?;
    Ok(Code::Done)
}

/// As one JSON object, in the order in which they are given. The library refuses a name that is given
/// twice.
fn object(parameters: &[(String, String)]) -> String {
    let member = |(name, value): &(String, String)| format!("{}:{}", json!(name), json!(value));
    let members: Vec<String> = parameters.iter().map(member).collect();
    format!("{{{}}}", members.join(","))
}
