//! `justclick add`: one contact, sent now or kept in an outbox.

use std::path::Path;

use justclick::{Lead, Receipt, field};
use serde_json::{Value, json};

use crate::account;
use crate::arguments::Add;
use crate::failure::{Code, Failure};
use crate::interruption;
use crate::output::Output;

pub fn run(task: &Add, config: Option<&Path>, output: &Output) -> Result<Code, Failure> {
    let client = account::client(config)?;
    let lead = lead(task)?;
    let Some(location) = &task.outbox else {
        interruption::await_signals()?;
        let receipt = client.add_lead(&lead)?;
        output.tell(receipt.message(), &receipt_json(&receipt))?;
        return Ok(Code::Done);
    };
    let outbox = account::outbox(location, config)?;
    let kept = outbox.add(&client, &lead, task.key.as_deref().map(str::as_bytes))?;
    let told = if kept.was_there {
        format!("the contact waits in the outbox already, as {}", kept.id)
    } else {
        format!("the contact is kept as {}", kept.id)
    };
    output.tell(told, &json!({"id": kept.id, "was_there": kept.was_there}))?;
    Ok(Code::Done)
}

fn lead(task: &Add) -> Result<Lead, Failure> {
    let mut lead = Lead::new();
    for group in &task.groups {
        lead.add_group(group)?;
    }
    lead.set(field::EMAIL, &task.email)?;
    let given = [
        (field::NAME, &task.name),
        (field::PHONE, &task.phone),
        (field::CITY, &task.city),
        (field::TAG, &task.tag),
    ];
    for (name, value) in given {
        if let Some(value) = value {
            lead.set(name, value)?;
        }
    }
    for (name, value) in &task.fields {
        lead.set(name, value)?;
    }
    Ok(lead)
}

/// What the service carried out, for programs.
pub fn receipt_json(receipt: &Receipt) -> Value {
    json!({
        "outcome": receipt.outcome().to_string(),
        "unsure": receipt.is_unsure(),
        "code": receipt.answer().code(),
        "text": receipt.answer().text(),
        "message": receipt.message(),
    })
}
