//! What the proofs of the outbox share: a service and leads for it, parts of this program in processes
//! of their own, where an outbox lies and how time passes there, the account of all leads, and saboteurs.

pub mod account;
pub mod clock;
pub mod part;
pub mod place;
pub mod saboteur;
pub mod service;

use std::str::FromStr;

/// A number that the caller may choose by a variable of the environment.
pub fn chosen<T: FromStr>(variable: &str, otherwise: T) -> T {
    match std::env::var(variable) {
        Ok(text) => (text.parse().ok())
            .unwrap_or_else(|| panic!("{variable}: \"{text}\" should be a whole number")),
        Err(_) => otherwise,
    }
}
