//! Keeps a lead within a transaction of the caller's own: SQL and its values, made without a connection,
//! so that no driver of this library's is needed.

// The SQL stands with its engine, which may be left out of this build.
#[path = "mysql/statement.rs"]
pub(super) mod mysql;
#[path = "postgres/statement.rs"]
pub(super) mod postgres;

use super::new_row;
use super::sqlite;
use super::statement::{Engine, Statement};
use crate::client::Client;
use crate::error::Error;
use crate::lead::Lead;

/// The statements that keep a lead as [`Outbox::add`](crate::Outbox::add) does, but within a transaction
/// of the caller's own: an order and its lead are committed together, or neither is. They are to be
/// executed one after the other on one connection, whose database has the outbox's tables; none has a
/// result.
///
/// A key that waits already is left as it is. What a lead survives is what the caller's commit
/// survives, and `max_leads` is not looked at.
///
/// Begin the transaction again, the order too, where a key that came after its first look makes the database
/// refuse the statement: PostgreSQL with SQLSTATE 40001, from `repeatable read` on; MariaDB with error 1020,
/// where [`innodb_snapshot_isolation`](https://mariadb.com/kb/en/innodb-system-variables/) is on, as it is by
/// default from 11.6.2 on.
///
/// ```
/// use justclick::outbox::{Engine, statements};
///
/// # fn main() -> Result<(), justclick::Error> {
/// let client = justclick::Client::new("username", "secret")?;
/// let lead = justclick::Lead::from_json(r#"{"rid": ["super"], "lead_email": "lead@email.com"}"#)?;
/// for statement in statements(Engine::Postgres, &client, &lead, Some(b"order 17"))? {
///     println!("{}, with {} parameters", statement.sql, statement.parameters.len());
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for a lead or key that breaks a rule.
pub fn statements(
    engine: Engine,
    client: &Client,
    lead: &Lead,
    key: Option<&[u8]>,
) -> Result<Vec<Statement>, Error> {
    let row = new_row::of(client, lead, key)?;
    match engine {
        Engine::Sqlite => Ok(vec![sqlite::statement(&row)]),
        Engine::Postgres => Ok(vec![postgres::statement(&row)]),
        Engine::Mysql => mysql::statements(&row),
    }
}
