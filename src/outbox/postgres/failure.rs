//! What goes wrong in the database, told to people without SQL and without anybody's data.

use std::error::Error as _;
use std::time::Duration;

use tokio_postgres::error::{DbError, SqlState};

use crate::error::{Error, ErrorKind, Refused};
use crate::text;

/// Why a call did not do what it should.
#[derive(Debug)]
pub(super) enum Failed {
    /// The server said no.
    Sql(Box<DbError>),
    /// The connection is gone, and what was asked may be done or not.
    Lost(String),
    /// The time of the call is over.
    Late,
    /// Nothing that another attempt would change.
    Refused(String),
    /// So many leads are kept.
    Full(u64),
    /// It failed again, and what was asked before may be done.
    Doubtful(Box<Failed>),
}

impl From<tokio_postgres::Error> for Failed {
    fn from(error: tokio_postgres::Error) -> Failed {
        if let Some(told) = error.as_db_error() {
            return if ends_connection(told.code()) {
                Failed::Lost(message(told))
            } else {
                Failed::Sql(Box::new(told.clone()))
            };
        }
        if error.is_closed() {
            return Failed::Lost("the server closed it".into());
        }
        match error.source() {
            Some(cause) if cause.is::<std::io::Error>() => Failed::Lost(text::shown_error(&cause)),
            Some(cause) => Failed::Refused(text::shown_error(&format!("{error}: {cause}"))),
            None => Failed::Refused(text::shown_error(&error)),
        }
    }
}

/// The server ends, or has not begun.
fn ends_connection(code: &SqlState) -> bool {
    [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ]
    .contains(code)
        || code.code().starts_with("08")
}

impl Failed {
    pub(super) fn refused<T>(why: impl Into<String>) -> Result<T, Failed> {
        Err(Failed::Refused(why.into()))
    }

    pub(super) fn is(&self, code: &SqlState) -> bool {
        matches!(self, Failed::Sql(told) if told.code() == code)
    }

    /// Whether others were in the way, so that the same works a moment later.
    pub(super) fn is_of_a_moment(&self) -> bool {
        self.is(&SqlState::T_R_DEADLOCK_DETECTED) || self.is(&SqlState::T_R_SERIALIZATION_FAILURE)
    }

    /// The failure with its place, its cause and what to do.
    pub(super) fn told(self, place: &str, patience: Duration) -> Error {
        let refused = match &self {
            Failed::Full(_) => Refused::Further,
            failed if failed.is(&SqlState::PROGRAM_LIMIT_EXCEEDED) => Refused::This,
            _ => Refused::All,
        };
        let why = self.why(patience);
        Error::new(ErrorKind::NotStored, format!("{place}: {why}")).with_refused(refused)
    }

    pub(super) fn doubtful(self) -> Failed {
        Failed::Doubtful(Box::new(self))
    }

    fn why(self, patience: Duration) -> String {
        match self {
            Failed::Sql(told) => cause(&told, patience),
            Failed::Lost(why) => format!(
                "the connection was lost ({why}): see that the server runs and this host reaches it"
            ),
            Failed::Late => format!(
                "it did not answer within {} ms (busy_timeout_ms), so it is not known whether it did what it was asked: see that the server runs and this host reaches it",
                patience.as_millis()
            ),
            Failed::Refused(why) => why,
            Failed::Full(limit) => format!(
                "it is full: {limit} leads are kept (max_leads); deliver them, or drop dead ones"
            ),
            Failed::Doubtful(failed) => format!(
                "{}; it may have been done all the same, and to do it again does no harm",
                failed.why(patience)
            ),
        }
    }
}

fn cause(told: &DbError, patience: Duration) -> String {
    let code = told.code().code();
    match told.code() {
        code if *code == SqlState::LOCK_NOT_AVAILABLE || *code == SqlState::QUERY_CANCELED => {
            format!(
                "others kept it locked, or it worked, for longer than {} ms (busy_timeout_ms)",
                patience.as_millis()
            )
        }
        code if *code == SqlState::READ_ONLY_SQL_TRANSACTION => {
            "it is read-only: name the server that can be written to".into()
        }
        code if *code == SqlState::INSUFFICIENT_PRIVILEGE => format!(
            "the user lacks a right ({}): grant it, or let the tables' owner open the outbox once",
            message(told)
        ),
        code if *code == SqlState::DISK_FULL => "the server's disk is full: make room on it".into(),
        code if *code == SqlState::TOO_MANY_CONNECTIONS => {
            "the server has no connection left: raise its max_connections, or let fewer processes use it".into()
        }
        code if *code == SqlState::DATA_CORRUPTED || *code == SqlState::INDEX_CORRUPTED => {
            "the database is damaged: restore it from a backup".into()
        }
        code if *code == SqlState::UNDEFINED_TABLE || *code == SqlState::UNDEFINED_COLUMN => {
            "its tables are gone or another's: give the outbox a database, or a schema, of its own".into()
        }
        code if *code == SqlState::PROGRAM_LIMIT_EXCEEDED => "the lead's account and key are too long for the database".into(),
        _ if code.starts_with("28") || code.starts_with("3D") || code.starts_with("53") => message(told),
        _ => format!("PostgreSQL failed (its error {code})"),
    }
}

/// The server's own words; only for errors that cannot hold anybody's data.
fn message(told: &DbError) -> String {
    text::shown_error(&told.message())
}
