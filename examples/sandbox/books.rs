//! The sandbox's books as a page of JSON, for whoever tests a site against the program.

use serde_json::{Map, Value, json};

use super::Contact;
use super::response::Response;
use super::state::State;

pub const PATH: &str = "/sandbox";

/// Everything that the sandbox knows of what was sent to it.
pub fn page(state: &State) -> Response {
    let contacts: Vec<Value> = state.service.contacts().iter().map(entry).collect();
    let bodies: Vec<String> = (state.bodies().iter())
        .map(|body| String::from_utf8_lossy(body).into_owned())
        .collect();
    let page = json!({
        "connections": state.accepted(),
        "requests": state.requests(),
        "contacts": contacts,
        "bodies": bodies,
    });
    let mut response = Response::new(200, page.to_string());
    response.headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    response
}

fn entry(contact: &Contact) -> Value {
    let fields: Map<String, Value> = (contact.fields.iter())
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    let statuses: Map<String, Value> = (contact.subscriptions.iter())
        .map(|place| (place.group.clone(), Value::from(place.status.name())))
        .collect();
    json!({
        "email": contact.email,
        "groups": contact.groups(),
        "statuses": statuses,
        "fields": fields,
    })
}
