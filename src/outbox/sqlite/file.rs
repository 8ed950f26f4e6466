//! The file of an outbox: its birth, and which files are refused. Nothing here opens a file that is
//! there: a close would end the locks that SQLite has on it in this process.

use std::ffi::OsString;
use std::fs::{self, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::failure;
use super::process::FileId;
use crate::error::Error;
use crate::text;

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

/// Which file stands at the path now.
pub(super) fn id(path: &Path) -> Option<FileId> {
    fs::metadata(path).ok().map(|found| FileId {
        device: found.dev(),
        inode: found.ino(),
    })
}

/// The file beside it that SQLite shares between processes.
pub(super) fn shared_memory(path: &Path) -> PathBuf {
    beside(path, "-shm")
}

/// The file beside it that SQLite writes to first.
pub(super) fn log(path: &Path) -> PathBuf {
    beside(path, "-wal")
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
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
    match (OpenOptions::new().write(true).create_new(true).mode(0o600)).open(path) {
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
    // A group is somebody's choice: that of the web server and of cron, say.
    if found.mode() & 0o007 != 0 {
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
    if kind.is_char_device() || kind.is_block_device() {
        return Err(refused(path, "it is a device"));
    }
    if !kind.is_file() {
        return Err(refused(path, "it is no ordinary file"));
    }
    Ok(())
}

/// Refuses a file or a folder on a file system whose locks do not hold.
///
/// # Errors
/// [`NotStored`](crate::ErrorKind::NotStored) with the name of the file system.
#[cfg(target_os = "linux")]
pub fn check_file_system(path: &Path) -> Result<(), Error> {
    let found =
        rustix::fs::statfs(path).map_err(|error| unusable(path, &io::Error::from(error)))?;
    // The type of the field differs between the architectures.
    match network_file_system(found.f_type as u64 & 0xFFFF_FFFF) {
        None => Ok(()),
        Some(name) => Err(refused(
            path,
            &format!(
                "it is on {name}, where SQLite's locks do not hold: take a local disk, or PostgreSQL or MySQL where several hosts share the outbox"
            ),
        )),
    }
}

/// Such file systems are known on Linux alone.
///
/// # Errors
/// None.
#[cfg(not(target_os = "linux"))]
pub fn check_file_system(_path: &Path) -> Result<(), Error> {
    Ok(())
}

/// The file systems on which neither locks nor shared memory can be trusted, by the numbers of
/// statfs(2).
#[cfg(target_os = "linux")]
fn network_file_system(number: u64) -> Option<&'static str> {
    Some(match number {
        0x6969 => "NFS",
        0x517B | 0xFF53_4D42 | 0xFE53_4D42 => "SMB",
        0x0102_1997 => "9p",
        0x6573_5546 => "FUSE or virtiofs",
        0x5346_414F | 0x6B41_4653 => "AFS",
        0x00C3_6400 => "Ceph",
        0x7375_7245 => "Coda",
        0x0BD0_0BD0 => "Lustre",
        _ => return None,
    })
}

fn refused(path: &Path, why: &str) -> Error {
    failure::at(Some(path), why)
}

fn unusable(path: &Path, error: &io::Error) -> Error {
    let what_to_do = match error.kind() {
        ErrorKind::PermissionDenied => ": this user must be able to write the file and its folder",
        _ => "",
    };
    refused(path, &format!("{}{what_to_do}", text::shown_error(error)))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn file_systems_without_locks_are_known() {
        assert_eq!(network_file_system(0x6969), Some("NFS"));
        assert_eq!(network_file_system(0x6573_5546), Some("FUSE or virtiofs"));
        let ext4 = 0xEF53;
        assert_eq!(network_file_system(ext4), None);
    }

    #[test]
    fn a_file_system_is_asked_for_its_number() {
        assert!(check_file_system(Path::new("/")).is_ok());
        assert!(check_file_system(Path::new("/no/such/folder")).is_err());
    }
}
