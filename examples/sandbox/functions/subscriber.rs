//! `UpdateSubscriberData` and `DeleteSubscribe`.

use super::super::Account;
use super::super::contacts::{Contact, Contacts, Status};
use super::super::php_form::{Array, Value};
use super::{Answer, Refusal, email, lossy, refusal, text};

/// What `UpdateSubscriberData` changes.
const FIELDS: [&str; 4] = ["lead_name", "lead_phone", "lead_city", "lead_tags"];

/// `UpdateSubscriberData`: what is sent is changed, an empty text included.
pub fn update(_: &Account, contacts: &mut Contacts, form: &Array) -> Result<Answer, Refusal> {
    let contact = addressed(contacts, form)?;
    for name in FIELDS {
        if let Some(Value::Scalar(bytes)) = form.get(name) {
            contact.set(name.to_owned(), lossy(bytes));
        }
    }
    Ok(Answer::ok())
}

/// `DeleteSubscribe`: the contact stays in the books, marked as one that left the group.
pub fn unsubscribe(
    account: &Account,
    contacts: &mut Contacts,
    form: &Array,
) -> Result<Answer, Refusal> {
    let contact = addressed(contacts, form)?;
    let name = text(form, "rass_name").unwrap_or_default();
    if !account.groups.iter().any(|group| group.name == name) {
        return Err(refusal(800, "Group subscribers is not found"));
    }
    match contact.subscription(&name) {
        Some(place) if place.status != Status::Unsubscribe => {
            place.status = Status::Unsubscribe;
            Ok(Answer::ok())
        }
        _ => Err(unknown_subscriber()),
    }
}

fn addressed<'a>(contacts: &'a mut Contacts, form: &Array) -> Result<&'a mut Contact, Refusal> {
    let email = email(form, "lead_email")?;
    contacts.find(&email).ok_or_else(unknown_subscriber)
}

fn unknown_subscriber() -> Refusal {
    refusal(801, "Subscriber with such address is not found")
}
