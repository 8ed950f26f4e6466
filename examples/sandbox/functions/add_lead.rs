//! `AddLeadToGroup`.

use super::super::contacts::{Contact, Contacts, Status};
use super::super::php_form::{Array, Key, Value};
use super::super::{Account, Group, GroupKind};
use super::{Answer, Refusal, email, lossy, refusal};

pub fn answer(account: &Account, contacts: &mut Contacts, form: &Array) -> Result<Answer, Refusal> {
    let email = email(form, "lead_email")?;
    let groups = chosen_groups(account, form)?;
    let contact = contacts.entry(&email);
    if (groups.iter()).all(|group| contact.subscription(&group.name).is_some()) {
        return Err(refusal(102, "The subscriber is already registered"));
    }
    let is_asked_to_confirm = form.get("activation").is_some_and(is_truthy)
        || (groups.iter()).any(|group| group.kind == GroupKind::Activation);
    let (status, text) = if is_asked_to_confirm {
        (Status::Wait, "Activation email sent to subscriber")
    } else {
        (Status::Subscribe, "OK")
    };
    for group in groups {
        contact.join(&group.name, status);
    }
    keep_fields(contact, form);
    Ok(Answer { text, result: None })
}

fn chosen_groups<'a>(account: &'a Account, form: &Array) -> Result<Vec<&'a Group>, Refusal> {
    let members = match form.get("rid") {
        Some(Value::Array(array)) if !array.entries().is_empty() => array.entries(),
        _ => return Err(refusal(3, "Wrong posted data")),
    };
    let mut groups = Vec::new();
    for (_, member) in members {
        let group = (account.groups.iter())
            .find(|group| matches!(member, Value::Scalar(name) if group.name.as_bytes() == name));
        groups.push(group.ok_or_else(|| refusal(103, "Has an invalid subscriptions group"))?);
    }
    if let Some(group) = (groups.iter()).find(|group| group.kind == GroupKind::Automatic) {
        return Err((104, format!("Subscription forbidden for {}", group.name)));
    }
    Ok(groups)
}

/// A value is true in PHP unless it is empty or a lone zero.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Scalar(bytes) => !bytes.is_empty() && bytes != b"0",
        Value::Array(array) => !array.entries().is_empty(),
    }
}

fn keep_fields(contact: &mut Contact, form: &Array) {
    for (key, value) in form.entries() {
        let name = key_text(key);
        if name != "rid" && name != "lead_email" {
            keep_field(contact, name, value);
        }
    }
}

fn keep_field(contact: &mut Contact, name: String, value: &Value) {
    match value {
        Value::Scalar(bytes) => contact.set(name, lossy(bytes)),
        Value::Array(array) => {
            for (key, inner) in array.entries() {
                keep_field(contact, format!("{name}[{}]", key_text(key)), inner);
            }
        }
    }
}

fn key_text(key: &Key) -> String {
    match key {
        Key::Number(number) => number.to_string(),
        Key::Text(bytes) => lossy(bytes),
    }
}
