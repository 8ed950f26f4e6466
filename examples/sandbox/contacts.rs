//! The contacts of one account, and where each stands in its groups.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

/// A contact that was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The address.
    pub email: String,
    /// The groups, in the order of joining.
    pub subscriptions: Vec<Subscription>,
    /// The other parameters by name, such as `lead_name` and `utm[utm_term]`, each as last sent.
    pub fields: Vec<(String, String)>,
}

/// A contact's place in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The group's symbolic identifier.
    pub group: String,
    /// How the contact stands there.
    pub status: Status,
    /// When the contact joined, in seconds since 1970.
    pub time: u64,
}

/// How a contact stands in a group. The service has two more, for addresses that do not work and
/// for contacts that left the service as a whole; nothing that is sent leads to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The contact has still to confirm.
    Wait,
    /// The contact gets mail.
    Subscribe,
    /// The contact left the group, and never comes back by a lead.
    Unsubscribe,
}

impl Status {
    /// The service's word.
    pub fn name(self) -> &'static str {
        match self {
            Status::Wait => "STATUS_WAIT",
            Status::Subscribe => "STATUS_SUBSCRIBE",
            Status::Unsubscribe => "STATUS_UNSUBSCRIBE",
        }
    }
}

impl Contact {
    fn new(email: &str) -> Contact {
        Contact {
            email: email.to_owned(),
            subscriptions: Vec::new(),
            fields: Vec::new(),
        }
    }

    /// The groups' names, in the order of joining.
    pub fn groups(&self) -> Vec<&str> {
        let groups = self.subscriptions.iter();
        groups.map(|place| place.group.as_str()).collect()
    }

    /// The place in a group, also of a contact that has left it.
    pub fn subscription(&mut self, group: &str) -> Option<&mut Subscription> {
        let mut places = self.subscriptions.iter_mut();
        places.find(|place| place.group == group)
    }

    /// Joins a group, unless the contact joined it before: who left it stays away.
    pub fn join(&mut self, group: &str, status: Status) {
        if self.subscription(group).is_some() {
            return;
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        self.subscriptions.push(Subscription {
            group: group.to_owned(),
            status,
            time: now.map_or(0, |now| now.as_secs()),
        });
    }

    /// Keeps a parameter, in place of what it was before.
    pub fn set(&mut self, name: String, value: String) {
        let known = self.fields.iter_mut().find(|(known, _)| *known == name);
        match known {
            Some((_, text)) => *text = value,
            None => self.fields.push((name, value)),
        }
    }
}

/// The contacts of one account, in the order of appearance.
#[derive(Default)]
pub struct Contacts {
    list: Vec<Contact>,
    places: HashMap<String, usize>,
}

impl Contacts {
    pub fn all(&self) -> &[Contact] {
        &self.list
    }

    pub fn find(&mut self, email: &str) -> Option<&mut Contact> {
        self.list.get_mut(*self.places.get(email)?)
    }

    /// The contact with this address, made where there is none.
    pub fn entry(&mut self, email: &str) -> &mut Contact {
        let place = *self.places.entry(email.to_owned()).or_insert_with(|| {
            self.list.push(Contact::new(email));
            self.list.len() - 1
        });
        &mut self.list[place]
    }
}
