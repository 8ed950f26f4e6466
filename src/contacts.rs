//! The service's other contact functions, typed.
//!
//! Their answers carry a `result`, which the answer's hash does not cover: that it comes from the
//! service is known by the certificate alone.

use std::fmt;

use serde_json::Value;

use crate::client::Client;
use crate::error::{Disposition, Error, ErrorKind};
use crate::function;
use crate::outcome::Receipt;
use crate::query::Query;

/// A group of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// Its symbolic identifier (`rass_name`), as [`Lead::add_group`](crate::Lead::add_group) takes it.
    pub name: String,
    /// Its title for people (`rass_title`).
    pub title: String,
}

/// How a contact stands in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Membership {
    /// The group.
    pub group: Group,
    /// The contact's status in it.
    pub status: Subscription,
    /// When the contact was subscribed, as the service writes it.
    pub subscribed_at: Option<String>,
}

/// A contact's status in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subscription {
    /// The contact has yet to confirm (`STATUS_WAIT`).
    Waiting,
    /// The contact is subscribed (`STATUS_SUBSCRIBE`).
    Subscribed,
    /// The contact has unsubscribed (`STATUS_UNSUBSCRIBE`).
    Unsubscribed,
    /// The service has unsubscribed the contact (`STATUS_UNSUBSCRIBE_BY_SERVICE`).
    UnsubscribedByService,
    /// The address does not exist (`STATUS_INVALID_EMAIL`).
    InvalidEmail,
    /// A status that this version does not know.
    Other(String),
}

impl fmt::Display for Subscription {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Subscription::Waiting => "waiting",
            Subscription::Subscribed => "subscribed",
            Subscription::Unsubscribed => "unsubscribed",
            Subscription::UnsubscribedByService => "unsubscribed by the service",
            Subscription::InvalidEmail => "invalid e-mail",
            Subscription::Other(status) => status,
        })
    }
}

/// What is changed of a contact; `None` leaves a value as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct LeadUpdate<'a> {
    /// The contact's new name.
    pub name: Option<&'a str>,
    /// The contact's new telephone number.
    pub phone: Option<&'a str>,
    /// The contact's new city.
    pub city: Option<&'a str>,
    /// The contact's new labels.
    pub tags: Option<&'a str>,
}

/// Whose contacts are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted<'a> {
    /// The contacts of one group.
    Group(&'a str),
    /// All contacts of the account, each once.
    Unique,
    /// All contacts of the account, once for each of their groups.
    All,
}

/// The other contact functions. Errors are those of [`Client::call`], and
/// [`ErrorKind::BadResponse`] for a result that is not of the documented form.
impl Client {
    /// All groups of the account (`GetAllGroups`).
    ///
    /// # Errors
    /// As [`Client::call`].
    pub fn groups(&self) -> Result<Vec<Group>, Error> {
        rows(&self.call(function::GET_GROUPS, &Query::new())?, group)
    }

    /// The groups of a contact (`GetLeadGroups`, which the service calls out of date).
    ///
    /// # Errors
    /// As [`Client::call`].
    pub fn lead_groups(&self, email: &str) -> Result<Vec<Group>, Error> {
        let query = Query::of_names(&[("email", email)])?;
        rows(&self.call(function::GET_LEAD_GROUPS, &query)?, group)
    }

    /// How a contact stands in each of its groups (`GetLeadGroupStatuses`).
    ///
    /// # Errors
    /// As [`Client::call`].
    pub fn lead_statuses(&self, email: &str) -> Result<Vec<Membership>, Error> {
        let query = Query::of_names(&[("email", email)])?;
        rows(&self.call(function::GET_LEAD_STATUSES, &query)?, membership)
    }

    /// Changes what the service knows of a contact (`UpdateSubscriberData`).
    ///
    /// # Errors
    /// As [`Client::call`].
    pub fn update_lead(&self, email: &str, update: &LeadUpdate<'_>) -> Result<Receipt, Error> {
        let values = [
            ("lead_email", Some(email)),
            ("lead_name", update.name),
            ("lead_phone", update.phone),
            ("lead_city", update.city),
            ("lead_tags", update.tags),
        ];
        let given: Vec<_> = (values.into_iter())
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        self.call(function::UPDATE_LEAD, &Query::of_names(&given)?)
    }

    /// Takes a contact out of a group (`DeleteSubscribe`), and says whether it was there.
    ///
    /// # Errors
    /// As [`Client::call`]. An empty address or group is refused before anything is sent.
    pub fn unsubscribe(&self, email: &str, group: &str) -> Result<bool, Error> {
        let query = Query::of_names(&[("lead_email", email), ("rass_name", group)])?;
        match self.call(function::UNSUBSCRIBE, &query) {
            Ok(_) => Ok(true),
            Err(error) if error.disposition() == Disposition::Done => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// How many contacts there are (`GetCountSubscribe`).
    ///
    /// # Errors
    /// As [`Client::call`].
    pub fn count(&self, counted: Counted<'_>) -> Result<u64, Error> {
        let name = match counted {
            Counted::Group(name) => name,
            Counted::Unique => "unique",
            Counted::All => "all",
        };
        let query = Query::of_names(&[("group_name", name)])?;
        let receipt = self.call(function::COUNT, &query)?;
        match result(&receipt) {
            Value::Number(number) => number.as_u64(),
            Value::String(digits) => digits.parse().ok(),
            _ => None,
        }
        .ok_or_else(|| unexpected("it is no number"))
    }
}

fn result(receipt: &Receipt) -> Value {
    let json = receipt.answer().result().unwrap_or("null");
    serde_json::from_str(json).unwrap_or(Value::Null)
}

/// The rows of a result; the service writes none at all as null.
fn rows<T>(receipt: &Receipt, read: fn(&Value) -> Option<T>) -> Result<Vec<T>, Error> {
    match result(receipt) {
        Value::Null => Ok(Vec::new()),
        Value::Array(rows) => (rows.iter().map(read).collect::<Option<_>>())
            .ok_or_else(|| unexpected("a row of it lacks a member, or has one of another type")),
        _ => Err(unexpected("it is no list")),
    }
}

fn unexpected(reason: &str) -> Error {
    Error::new(
        ErrorKind::BadResponse,
        format!("the answer's result is not as the API documents it: {reason}"),
    )
}

fn group(row: &Value) -> Option<Group> {
    Some(Group {
        name: text(row, "rass_name")?,
        title: text(row, "rass_title")?,
    })
}

fn membership(row: &Value) -> Option<Membership> {
    Some(Membership {
        group: group(row)?,
        status: match text(row, "rass_status")?.as_str() {
            "STATUS_WAIT" => Subscription::Waiting,
            "STATUS_SUBSCRIBE" => Subscription::Subscribed,
            "STATUS_UNSUBSCRIBE" => Subscription::Unsubscribed,
            "STATUS_UNSUBSCRIBE_BY_SERVICE" => Subscription::UnsubscribedByService,
            "STATUS_INVALID_EMAIL" => Subscription::InvalidEmail,
            other => Subscription::Other(other.to_owned()),
        },
        subscribed_at: text(row, "subscription_time"),
    })
}

/// PHP writes a number where it has one, so both are read.
fn text(row: &Value, member: &str) -> Option<String> {
    match row.get(member)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
