//! Adds leads to the groups of a JustClick account.

#[allow(dead_code, unused_imports, reason = "the client is its user")]
mod transport;
