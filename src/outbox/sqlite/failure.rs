//! What goes wrong in the store, told to people without SQL and without anybody's data.

use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::ErrorCode;

use crate::error::{Error, ErrorKind};
use crate::text;

/// SQLite's failure, or one that is told already.
#[derive(Debug)]
pub(super) enum Failed {
    Sqlite(rusqlite::Error),
    Told(Error),
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Failed {
        Failed::Sqlite(error)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        Failed::Told(error)
    }
}

pub(super) fn error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::NotStored, message)
}

/// A failure at the file, or in memory where there is none.
pub(super) fn at(path: Option<&Path>, what: &str) -> Error {
    error(format!("{}: {what}", place(path)))
}

/// What the system said of the file, and what to do.
pub(super) fn unusable(path: &Path, error: &io::Error) -> Error {
    let what_to_do = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            ": this user must be able to write the file and its folder"
        }
        _ => "",
    };
    let told = format!("{}{what_to_do}", text::shown_error(error));
    at(Some(path), &told)
}

fn place(path: Option<&Path>) -> String {
    path.map_or_else(
        || "the outbox in memory".to_owned(),
        |path| format!("the outbox {}", text::shown_path(path)),
    )
}

/// The failure with its place, its cause and what to do.
pub(super) fn told(failed: Failed, path: Option<&Path>, patience: Duration) -> Error {
    match failed {
        Failed::Told(error) => error,
        Failed::Sqlite(error) => at(path, &cause(&error, patience)),
    }
}

pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

fn cause(error: &rusqlite::Error, patience: Duration) -> String {
    let code = error.sqlite_error().map_or(0, |error| error.extended_code);
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full: make room on it".into(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => format!(
            "another process kept it locked for longer than {} ms (busy_timeout_ms)",
            patience.as_millis()
        ),
        Some(ErrorCode::ReadOnly) => "it is read-only: this user must be able to write the file and its folder, and the file system must not be mounted read-only".into(),
        Some(ErrorCode::DatabaseCorrupt) => "the file is damaged: keep it as it is, open an outbox at another path, and let that one salvage what this one holds".into(),
        Some(ErrorCode::NotADatabase) => "the file is no SQLite database, or its beginning is damaged: open an outbox at another path, and let that one salvage what this one holds".into(),
        Some(ErrorCode::CannotOpen) => "the file, or one beside it that ends in -wal or -shm, cannot be opened: this user must be able to read and write them, and to write their folder".into(),
        Some(ErrorCode::PermissionDenied) => "this user may not use the file".into(),
        Some(ErrorCode::SystemIoFailure) if code == rusqlite::ffi::SQLITE_IOERR_WRITE => format!("it could not be written: look at this user's quota, at the largest size that a file may have (`ulimit -f`), and whether the disk fails (SQLite's error {code})"),
        Some(ErrorCode::SystemIoFailure) => format!("the disk failed to read or write (SQLite's error {code})"),
        Some(ErrorCode::OutOfMemory) => "there is no memory left".into(),
        Some(ErrorCode::TooBig) => "the lead is too large for the store".into(),
        Some(_) => format!("SQLite failed ({}, error {code})", rusqlite::ffi::code_to_str(code)),
        None => "a row is not as this library writes it: the file is damaged, or another program changed it".into(),
    }
}
