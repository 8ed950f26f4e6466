//! `GetCountSubscribe`.

use super::super::Account;
use super::super::contacts::{Contact, Contacts, Status};
use super::super::php_form::Array;
use super::{Answer, Refusal, refusal, text};

/// A group's active contacts; `unique` stands for the active ones of all groups, each once, and `all`
/// for every contact of every group, active or not. A group of such a name cannot be asked for.
pub fn answer(account: &Account, contacts: &mut Contacts, form: &Array) -> Result<Answer, Refusal> {
    let name = text(form, "group_name").ok_or_else(|| refusal(3, "Wrong posted data"))?;
    let counted =
        |of: &dyn Fn(&Contact) -> bool| contacts.all().iter().filter(|contact| of(contact)).count();
    let count = match name.as_str() {
        "all" => (contacts.all().iter())
            .map(|contact| contact.subscriptions.len())
            .sum(),
        "unique" => counted(&|contact| is_active(contact, None)),
        name if account.groups.iter().any(|group| group.name == name) => {
            counted(&|contact| is_active(contact, Some(name)))
        }
        _ => return Err(refusal(103, "Has an invalid subscriptions group")),
    };
    Ok(Answer::with(count.to_string()))
}

/// Whether the contact gets mail as a member of this group, or of any.
fn is_active(contact: &Contact, group: Option<&str>) -> bool {
    (contact.subscriptions.iter()).any(|place| {
        place.status == Status::Subscribe && group.is_none_or(|group| place.group == group)
    })
}
