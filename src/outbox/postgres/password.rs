//! The password: of the URL, of the environment, or of a password file as libpq reads it.

use std::env;
use std::io::Read;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::address::{Address, Host};
use crate::given_file;
use crate::text;

const SIZE_LIMIT: u64 = 1024 * 1024;
const FOLDER: &str = "/var/run/postgresql";

/// A password where there is one, and why a file was passed over.
#[derive(Default)]
pub(super) struct Found {
    pub(super) password: Option<Zeroizing<String>>,
    pub(super) passed_over: Option<String>,
}

/// The password for one of the address's hosts.
pub(super) fn find(address: &Address, host: &Host) -> Found {
    if let Some(password) = &address.password {
        return Found::of(Some(password.clone()));
    }
    if let Ok(password) = env::var("PGPASSWORD")
        && !password.is_empty()
    {
        return Found::of(Some(Zeroizing::new(password)));
    }
    let Some(path) = address.passfile.clone().or_else(usual_file) else {
        return Found::default();
    };
    match content(&path) {
        Ok(content) => Found::of(in_file(&content, address, host)),
        Err(why) => Found {
            password: None,
            passed_over: Some(format!(
                "the password file {} was passed over: {why}",
                text::shown_path(&path)
            )),
        },
    }
}

impl Found {
    fn of(password: Option<Zeroizing<String>>) -> Found {
        Found {
            password,
            passed_over: None,
        }
    }
}

fn usual_file() -> Option<PathBuf> {
    let named = env::var_os("PGPASSFILE").map(PathBuf::from);
    named.or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".pgpass")))
}

/// One that others may read is not read, as libpq does.
fn content(path: &Path) -> Result<Zeroizing<String>, String> {
    let file = given_file::open(path).map_err(|error| error.to_string())?;
    let metadata = file.metadata().map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("it is no file".to_owned());
    }
    if !given_file::is_private(&metadata) {
        return Err("other users may read it; set its mode to 0600".to_owned());
    }
    let mut content = Zeroizing::new(String::new());
    file.take(SIZE_LIMIT)
        .read_to_string(&mut content)
        .map_err(|error| error.to_string())?;
    Ok(content)
}

/// The first line `host:port:database:user:password` that fits. `*` fits all, `\` makes the character
/// behind it a plain one.
fn in_file(content: &str, address: &Address, host: &Host) -> Option<Zeroizing<String>> {
    let (host, port) = match host {
        Host::Name(name, port) => (name.clone(), *port),
        Host::Folder(folder, port) if folder == Path::new(FOLDER) => {
            ("localhost".to_owned(), *port)
        }
        Host::Folder(folder, port) => (folder.to_string_lossy().into_owned(), *port),
    };
    let port = port.to_string();
    let wanted = [host.as_str(), &port, &address.database, &address.user];
    let lines = content.lines().filter(|line| !line.starts_with('#'));
    lines.into_iter().find_map(|line| {
        let mut rest = line;
        for wanted in wanted {
            let (found, after) = field(rest)?;
            if found.as_str() != wanted && rest.split(':').next() != Some("*") {
                return None;
            }
            rest = after;
        }
        Some(unescaped(rest))
    })
}

/// A field and what stands behind its colon.
fn field(line: &str) -> Option<(Zeroizing<String>, &str)> {
    let mut is_escaped = false;
    for (place, character) in line.char_indices() {
        match character {
            '\\' if !is_escaped => is_escaped = true,
            ':' if !is_escaped => return Some((unescaped(&line[..place]), &line[place + 1..])),
            _ => is_escaped = false,
        }
    }
    None
}

fn unescaped(text: &str) -> Zeroizing<String> {
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.extend(characters.next()),
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn found(content: &str, url: &str) -> Option<String> {
        let address = Address::read(url).expect("an address");
        in_file(content, &address, &address.hosts[0]).map(|password| password.to_string())
    }

    #[test]
    fn a_line_is_found_as_libpq_finds_it() {
        let file = "# db:5432:leads:me:comment\nshort:line\n\
                    other:5432:leads:me:wrong\ndb:1:leads:me:wrong\ndb:5432:leads:me:ti\\:g\\\\er:x\n\
                    db:*:*:you:first\n*:*:*:you:second\n/run/db:*:*:*:local\nlocalhost:*:*:*:usual\n";
        for (url, password) in [
            ("postgres://me@db/leads", Some("ti:g\\er:x")),
            ("postgres://you@db/leads", Some("first")),
            ("postgres://you@elsewhere/leads", Some("second")),
            ("postgres://me@elsewhere/leads", None),
            ("postgres:///leads?user=me&host=/run/db", Some("local")),
            ("postgres://me@/leads", Some("usual")),
        ] {
            assert_eq!(found(file, url).as_deref(), password, "{url}");
        }
    }

    #[test]
    fn a_file_that_others_may_read_is_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("pass");
        fs::write(&path, "*:*:*:*:tiger\n").expect("writes");
        let url = format!("postgres://me@db/leads?passfile={}", path.display());
        let address = Address::read(&url).expect("an address");
        for (mode, password) in [(0o600, Some("tiger")), (0o640, None), (0o604, None)] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).expect("changes");
            let found = find(&address, &address.hosts[0]);
            let text = found.password.map(|password| password.to_string());
            assert_eq!(text.as_deref(), password, "{mode:o}");
            assert_eq!(found.passed_over.is_some(), password.is_none());
        }
    }
}
