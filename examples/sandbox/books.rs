//! The sandbox's books as a page of JSON, and its switches, for whoever tests a site against the program.

use serde_json::{Map, Value, json};

use super::contacts::Contact;
use super::request::Request;
use super::response::Response;
use super::state::State;
use super::switches;

const PATH: &str = "/sandbox";
const CONTACTS: &str = "/sandbox/contacts";

/// What a request to the sandbox itself is answered; `None` for one to the service.
pub fn answer(request: &Request, state: &State) -> Option<Response> {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET" | "HEAD", PATH) => {}
        ("POST", PATH) => {
            if let Err(why) = switches::set(state, &request.body) {
                return Some(refused(400, &why));
            }
        }
        ("DELETE", CONTACTS) => state.service.clear(),
        (_, PATH) => return Some(refused(405, "GET tells the books, POST sets switches")),
        (_, CONTACTS) => return Some(refused(405, "DELETE forgets all contacts")),
        _ => return None,
    }
    Some(in_json(200, &page(state)))
}

/// Everything that the sandbox knows of what was sent to it, and how its switches stand.
fn page(state: &State) -> Value {
    let contacts: Vec<Value> = state.service.contacts().iter().map(entry).collect();
    let bodies: Vec<String> = (state.bodies().iter())
        .map(|body| String::from_utf8_lossy(body).into_owned())
        .collect();
    json!({
        "connections": state.accepted(),
        "requests": state.requests(),
        "contacts": contacts,
        "bodies": bodies,
        "switches": switches::page(state),
    })
}

fn refused(status: u16, why: &str) -> Response {
    in_json(status, &json!({"error": why}))
}

fn in_json(status: u16, value: &Value) -> Response {
    let mut response = Response::new(status, format!("{value}\n"));
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
