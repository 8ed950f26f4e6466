//! The row of a lead that is to be kept: whose it is, and what tells it from the account's others.

use ring::digest;

use super::row::NewRow;
use crate::client::Client;
use crate::error::Error;
use crate::function;
use crate::lead::Lead;
use crate::query::Query;
use crate::text;

const KEY_LIMIT: usize = 256;

/// The row of a client's lead, by the caller's key or by one that is made of the lead.
pub(super) fn of(client: &Client, lead: &Lead, key: Option<&[u8]>) -> Result<NewRow, Error> {
    let query = lead.query()?;
    let key = match key {
        Some(key) => checked_key(key)?.to_owned(),
        None => own_key(&query),
    };
    Ok(NewRow {
        account: client.account()?,
        key,
        function: function::ADD_LEAD.to_owned(),
        query,
    })
}

fn checked_key(key: &[u8]) -> Result<&str, Error> {
    let key = text::checked("key", key, KEY_LIMIT)?;
    if key.trim().is_empty() {
        return Err(Error::invalid_argument("key: it is empty"));
    }
    Ok(key)
}

/// Equal leads have equal keys. Visitors choose the bytes, so it is SHA-256.
pub(super) fn own_key(query: &Query) -> String {
    hex(digest::digest(&digest::SHA256, query.as_str().as_bytes()).as_ref())
}

/// Two digits for each byte.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
