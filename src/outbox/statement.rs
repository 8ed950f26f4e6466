//! A statement for a driver of the caller's, as plain data, and the engines that it may be for.

use std::fmt;

use crate::error::Error;
use crate::text;

const NAME_LIMIT: usize = 64;

/// An engine whose tables may lie in a database of the caller's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file of SQLite, which has its tables by `sqlite:PATH?tables=site`.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL or MariaDB.
    Mysql,
}

impl Engine {
    /// The engine of this name: `sqlite`, `postgres` or `mysql`.
    ///
    /// # Errors
    /// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for another.
    pub fn named(name: impl AsRef<[u8]>) -> Result<Engine, Error> {
        match text::checked("engine", name.as_ref(), NAME_LIMIT)? {
            "sqlite" => Ok(Engine::Sqlite),
            "postgres" => Ok(Engine::Postgres),
            "mysql" => Ok(Engine::Mysql),
            other => Err(Error::invalid_argument(format!(
                "engine: there is no \"{}\"; it is sqlite, postgres or mysql (MariaDB is mysql)",
                text::shown(other)
            ))),
        }
    }
}

/// A statement for a driver of the caller's. Each `?` in its SQL stands for a parameter, and neither `%`
/// nor `:` is in it, so that a driver with other placeholders needs no more than their exchange.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    /// The text, which is always the same.
    pub sql: &'static str,
    /// The values in their order: somebody's personal data.
    pub parameters: Vec<String>,
}

/// Shows no values.
impl fmt::Debug for Statement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Statement")
            .field("sql", &self.sql)
            .finish_non_exhaustive()
    }
}
