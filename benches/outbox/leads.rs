//! The leads that are kept, and the files that keep them.

use std::path::Path;
use std::time::Duration;

use justclick::outbox::engine::{Durability, EngineSettings};
use justclick::outbox::row::NewRow;
use justclick::outbox::sqlite::SqliteStore;
use justclick::{Client, Query};

pub const USERNAME: &str = "username";
pub const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";
/// More than is ever kept.
pub const LIMIT: u64 = 10_000_000;

pub fn store(path: &Path, durability: Durability) -> SqliteStore {
    let settings = EngineSettings {
        durability,
        // Those who add without a pause keep others waiting, which is to be measured.
        busy_timeout: Duration::from_secs(60),
    };
    SqliteStore::open(path, settings).expect("a store")
}

pub fn client(base_url: &str, ca_file: Option<&str>) -> Client {
    let mut client = Client::new(USERNAME, SECRET).expect("a client");
    client.set("base_url", base_url).expect("a base URL");
    if let Some(ca_file) = ca_file {
        client.set("ca_file", ca_file).expect("a CA");
    }
    client
}

/// A lead of the account at this base URL.
pub fn row(base_url: &str, number: u32) -> NewRow {
    NewRow {
        account: format!("{USERNAME}@{base_url}"),
        key: key(number),
        function: "AddLeadToGroup".into(),
        query: query(number),
    }
}

/// Keys as digests are: in no order.
fn key(number: u32) -> String {
    format!(
        "{:016x}",
        u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    )
}

fn query(number: u32) -> Query {
    Query::parse(&format!(
        "rid%5B0%5D=super&lead_name=Somebody&lead_email=somebody{number}%40email.com&lead_phone=%2B70000000000&utm%5Butm_medium%5D=email"
    ))
    .expect("a query")
}
