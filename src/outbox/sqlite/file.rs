//! The file of an outbox: its birth, and which files are refused. Nothing here opens a file that is
//! there: a close would end the locks that SQLite has on it in this process.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::failure::{self, unusable};
use super::file_system::check_file_system;
use crate::error::Error;
#[cfg(unix)]
use unix::{create, is_device, is_open_to_all};
#[cfg(windows)]
use windows::{create, is_device, is_open_to_all};

#[cfg(unix)]
pub(super) use unix::{FileId, id};
#[cfg(windows)]
pub(super) use windows::{FileId, id};

/// The file's real path. It is made where it is not there, readable by its owner alone.
///
/// Only one thread of the process may do this at a time, and none may open the file meanwhile.
pub(super) fn prepared(path: &Path) -> Result<PathBuf, Error> {
    // A file is written to before it has a log, so the log is looked at first.
    let has_log = has_log(path);
    match fs::metadata(path) {
        Ok(found) => {
            check(path, &found)?;
            if has_log && found.len() == 0 {
                return Err(bereft(path));
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound && has_log => return Err(bereft(path)),
        Err(error) if error.kind() == ErrorKind::NotFound => give_birth(path)?,
        Err(error) => return Err(unusable(path, &error)),
    }
    let real = fs::canonicalize(path).map_err(|error| unusable(path, &error))?;
    check_file_system(&real)?;
    Ok(real)
}

/// The real path of a file of the site's own, which the site has made. Who may read it is the site's to say.
pub(super) fn of_site(path: &Path) -> Result<PathBuf, Error> {
    match fs::metadata(path) {
        Ok(found) => check_kind(path, &found)?,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(refused(
                path,
                "there is no such file, and with ?tables=site it is the site's to make",
            ));
        }
        Err(error) => return Err(unusable(path, &error)),
    }
    let real = fs::canonicalize(path).map_err(|error| unusable(path, &error))?;
    check_file_system(&real)?;
    Ok(real)
}

/// The file beside it that SQLite writes to first.
pub(super) fn log(path: &Path) -> PathBuf {
    beside(path, "-wal")
}

/// The file beside it that SQLite names so.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Whether something stands in the log beside the file, or beside the place where it should be.
fn has_log(path: &Path) -> bool {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    fs::metadata(beside(&real, "-wal")).is_ok_and(|log| log.len() > 0)
}

/// SQLite deletes a log beside an empty file, and with it the leads that stand in it alone.
fn bereft(path: &Path) -> Error {
    refused(
        path,
        "the file is gone or empty, and the log beside it that ends in -wal may hold leads: put the file back, or move the log away to begin anew",
    )
}

fn give_birth(path: &Path) -> Result<(), Error> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        check_folder(path, folder)?;
    }
    match create(path) {
        Ok(_) => Ok(()),
        // Another process made it meanwhile, or a link leads nowhere: then the next step says so.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(unusable(path, &error)),
    }
}

fn check_folder(path: &Path, folder: &Path) -> Result<(), Error> {
    match fs::metadata(folder) {
        Ok(found) if found.is_dir() => check_file_system(folder),
        Ok(_) => Err(refused(path, "what should be its folder is none")),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(refused(
            path,
            "there is no such folder: make it, writable by the users that add and deliver",
        )),
        Err(error) => Err(unusable(path, &error)),
    }
}

fn check(path: &Path, found: &Metadata) -> Result<(), Error> {
    check_kind(path, found)?;
    if is_open_to_all(found) {
        return Err(refused(
            path,
            "every user of this host may use the file, and it holds personal data: take their rights by `chmod o-rwx`, while nobody uses it",
        ));
    }
    Ok(())
}

fn check_kind(path: &Path, found: &Metadata) -> Result<(), Error> {
    let kind = found.file_type();
    if kind.is_dir() {
        return Err(refused(
            path,
            "it is a folder: give the path of a file in it",
        ));
    }
    if is_device(kind) {
        return Err(refused(path, "it is a device"));
    }
    if !kind.is_file() {
        return Err(refused(path, "it is no ordinary file"));
    }
    Ok(())
}

fn refused(path: &Path, why: &str) -> Error {
    failure::at(Some(path), why)
}
