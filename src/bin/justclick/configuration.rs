//! The file of credentials and settings. It holds the secret, so nobody else may read it.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::failure::Failure;
use crate::serve::settings::{RouteSettings, ServeSettings};
#[cfg(unix)]
use unix::{is_open, of_all};
#[cfg(windows)]
use windows::{is_open, of_all};

/// Nobody writes so much by hand.
const LENGTH_LIMIT: u64 = 1024 * 1024;

/// A file's content: the username, the secret, settings of the client, those of the outbox, and
/// the bridge for webhooks.
#[derive(Default, Deserialize)]
pub struct Configuration {
    pub username: Option<String>,
    pub secret: Option<String>,
    #[serde(default)]
    pub outbox: BTreeMap<String, Setting>,
    pub serve: Option<ServeSettings>,
    #[serde(default)]
    pub route: Vec<RouteSettings>,
    #[serde(flatten)]
    pub settings: BTreeMap<String, Setting>,
    /// A file at a usual place that this user may not read, so it is for others.
    #[serde(skip)]
    pub closed: Option<PathBuf>,
}

/// A setting's value as people write it.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Setting {
    Text(String),
    Number(i64),
    Flag(bool),
}

impl fmt::Display for Setting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Setting::Text(text) => formatter.write_str(text),
            Setting::Number(number) => number.fmt(formatter),
            Setting::Flag(flag) => u8::from(*flag).fmt(formatter),
        }
    }
}

/// The file that is named, or the first that is there and that this user may read; none where neither is.
pub fn read(named: Option<&Path>) -> Result<Configuration, Failure> {
    if let Some(path) = named {
        return open(path)?.ok_or_else(|| wrong(path, "there is no such file"));
    }
    let mut closed = None;
    for path in usual() {
        if is_closed(&path) {
            closed.get_or_insert(path);
        } else if let Some(found) = open(&path)? {
            return Ok(found);
        }
    }
    Ok(Configuration {
        closed,
        ..Configuration::default()
    })
}

fn is_closed(path: &Path) -> bool {
    File::open(path).is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
}

fn usual() -> Vec<PathBuf> {
    let of_user = (std::env::var_os("XDG_CONFIG_HOME").filter(|folder| !folder.is_empty()))
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".config")));
    (of_user
        .into_iter()
        .map(|folder| folder.join("justclick.toml")))
    .chain(of_all())
    .collect()
}

fn open(path: &Path) -> Result<Option<Configuration>, Failure> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(path, &error.to_string())),
    };
    check(path, &file)?;
    let mut text = String::new();
    (file.take(LENGTH_LIMIT).read_to_string(&mut text))
        .map_err(|error| wrong(path, &error.to_string()))?;
    toml::from_str(&text).map(Some).map_err(|error| {
        // The message's own form shows the line, which may hold the secret.
        let line = error
            .span()
            .map_or(1, |span| 1 + text[..span.start].matches('\n').count());
        wrong(path, &format!("line {line}: {}", error.message()))
    })
}

/// It is asked of the file that is open, so that nobody exchanges it in between.
fn check(path: &Path, file: &File) -> Result<(), Failure> {
    let about = file
        .metadata()
        .map_err(|error| wrong(path, &error.to_string()))?;
    if !about.is_file() {
        return Err(wrong(path, "it is no file"));
    }
    if !is_open(path, &about) {
        return Ok(());
    }
    let shown = path.display();
    Err(wrong(
        path,
        &format!("others may read it, and it holds the secret; type: chmod 600 {shown}"),
    ))
}

fn wrong(path: &Path, why: &str) -> Failure {
    Failure::WrongUse(format!("{}: {why}", path.display()))
}
