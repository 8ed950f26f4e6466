//! A password in a file of its own, which its owner alone can read.

use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use super::failure;
use crate::error::Error;
use crate::given_file;
use crate::text;

const SIZE_LIMIT: u64 = 4096;

/// The file's first line.
pub(super) fn read(path: &Path) -> Result<Zeroizing<String>, Error> {
    let refused =
        |why: &str| failure::error(format!("passwordfile {}: {why}", text::shown_path(path)));
    let unusable = |error: std::io::Error| refused(&text::shown_error(&error));
    let mut file = given_file::open(path).map_err(unusable)?;
    let found = file.metadata().map_err(unusable)?;
    if !found.is_file() {
        return Err(refused("it is no ordinary file"));
    }
    if !given_file::is_private(&found) {
        return Err(refused(
            "others than its owner may use it: take their rights by `chmod 600`",
        ));
    }
    let mut content = Zeroizing::new(String::new());
    let size = (&mut file)
        .take(SIZE_LIMIT + 1)
        .read_to_string(&mut content)
        .map_err(unusable)?;
    if size as u64 > SIZE_LIMIT {
        return Err(refused("it is too long for a password"));
    }
    match content.lines().next() {
        Some(line) if !line.is_empty() => Ok(Zeroizing::new(line.to_owned())),
        _ => Err(refused("its first line is empty")),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_first_line_is_the_password_if_nobody_else_can_read_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("password");
        let with = |content: &str, mode: u32| {
            fs::write(&path, content).expect("writes");
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
            read(&path)
        };
        assert_eq!(*with("p@ss word\nmore", 0o600).expect("reads"), "p@ss word");
        assert_eq!(*with("tiger\r\n", 0o400).expect("reads"), "tiger");
        for (content, mode, why) in [
            ("tiger", 0o640, "chmod 600"),
            ("tiger", 0o604, "chmod 600"),
            ("\ntiger", 0o600, "empty"),
            (&"tiger".repeat(1000), 0o600, "too long"),
        ] {
            let error = with(content, mode).expect_err("is refused");
            assert!(error.message().contains(why), "{error}");
            assert!(!error.message().contains("tiger"), "{error}");
        }
        assert!(read(folder.path()).is_err());
        assert!(read(&folder.path().join("none")).is_err());
    }
}
