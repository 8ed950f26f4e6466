//! The service's stand-in, clients of it and leads for it.

use justclick::outbox::Limits;
use justclick::{Client, Lead};

use crate::sandbox::{Options, Sandbox};

const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

pub fn sandbox() -> Sandbox {
    Sandbox::start(Options::demo()).expect("a sandbox")
}

pub fn client(base_url: &str) -> Client {
    let mut client = Client::new("username", SECRET).expect("a client");
    client.set("base_url", base_url).expect("a base URL");
    client
}

pub fn lead(email: &str) -> Lead {
    let mut lead = Lead::new();
    (lead.group("super").and_then(|lead| lead.email(email))).expect("a lead");
    lead
}

pub fn limits(json: &str) -> Limits {
    Limits::from_json(json.as_bytes()).expect("limits")
}
