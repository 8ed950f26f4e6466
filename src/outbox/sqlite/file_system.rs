//! The file system that an outbox lies on. Over a network neither locks nor shared memory can be trusted.

#[cfg(not(any(target_os = "linux", windows)))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;

use std::path::Path;

use super::failure;
use crate::error::Error;
#[cfg(not(any(target_os = "linux", windows)))]
use elsewhere::network;
#[cfg(target_os = "linux")]
use linux::network;
#[cfg(windows)]
use windows::network;

/// Refuses a file or a folder on a file system whose locks do not hold.
///
/// # Errors
/// [`NotStored`](crate::ErrorKind::NotStored) with the name of the file system.
pub fn check_file_system(path: &Path) -> Result<(), Error> {
    match network(path).map_err(|error| failure::unusable(path, &error))? {
        None => Ok(()),
        Some(name) => Err(failure::at(
            Some(path),
            &format!(
                "it is on {name}, where SQLite's locks do not hold: take a local disk, or PostgreSQL or MySQL where several hosts share the outbox"
            ),
        )),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_is_asked_for_its_number() {
        assert!(check_file_system(Path::new("/")).is_ok());
        assert!(check_file_system(Path::new("/no/such/folder")).is_err());
    }
}
