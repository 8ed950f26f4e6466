//! `GetAllGroups`, `GetLeadGroups` and `GetLeadGroupStatuses`.

use super::super::contacts::{Contacts, Status, Subscription};
use super::super::json::{self, Row};
use super::super::php_form::Array;
use super::super::{Account, Group};
use super::{Answer, Refusal, email, refusal};

/// `GetAllGroups`: the account's groups, whoever is in them.
pub fn of_account(account: &Account, _: &mut Contacts, _: &Array) -> Result<Answer, Refusal> {
    let rows: Vec<Row> = account.groups.iter().map(group_row).collect();
    Ok(Answer::with(json::rows(&rows)))
}

/// `GetLeadGroups`: the groups that the contact has not left.
pub fn of_contact(
    account: &Account,
    contacts: &mut Contacts,
    form: &Array,
) -> Result<Answer, Refusal> {
    rows_of_contact(account, contacts, form, |group, place| {
        (place.status != Status::Unsubscribe).then(|| group_row(group))
    })
}

/// `GetLeadGroupStatuses`: all groups that the contact has ever joined.
pub fn statuses(
    account: &Account,
    contacts: &mut Contacts,
    form: &Array,
) -> Result<Answer, Refusal> {
    rows_of_contact(account, contacts, form, |group, place| {
        let mut row = group_row(group);
        row.push(("rass_status", place.status.name().to_owned()));
        row.push(("subscription_time", place.time.to_string()));
        Some(row)
    })
}

fn rows_of_contact(
    account: &Account,
    contacts: &mut Contacts,
    form: &Array,
    row: impl Fn(&Group, &Subscription) -> Option<Row>,
) -> Result<Answer, Refusal> {
    let email = email(form, "email")?;
    let contact = (contacts.find(&email)).ok_or_else(|| refusal(500, "Subscriber not found"))?;
    let rows: Vec<Row> = (contact.subscriptions.iter())
        .filter_map(|place| {
            let group = account
                .groups
                .iter()
                .find(|group| group.name == place.group)?;
            row(group, place)
        })
        .collect();
    if rows.is_empty() {
        return Err(refusal(501, "Group not found"));
    }
    Ok(Answer::with(json::rows(&rows)))
}

fn group_row(group: &Group) -> Row {
    vec![
        ("rass_name", group.name.clone()),
        ("rass_title", group.title.clone()),
    ]
}
