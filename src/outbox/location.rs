//! Where an outbox lies: the text that people give, and the engine that it names.
//!
//! A location may hold a password, so no message repeats it.

use std::path::{Path, PathBuf};

use super::store::Store;
use crate::error::Error;
use crate::outbox::engine::EngineSettings;
use crate::outbox::sqlite::SqliteStore;
use crate::text;

const LENGTH_LIMIT: usize = 4096;

/// An engine, and what it is to open.
#[derive(Debug, PartialEq, Eq)]
enum Location<'a> {
    Memory,
    File(&'a str),
    /// A file of the site's own, with its tables and ours.
    Site(&'a str),
    Postgres(&'a str),
    Mysql(&'a str),
}

/// Opens what a location names. A database is connected to at its first use: it may be away, and a
/// spool is set later.
pub(super) fn open(location: &[u8], settings: EngineSettings) -> Result<Box<dyn Store>, Error> {
    let location = text::checked("location", location, LENGTH_LIMIT)?;
    Ok(match read(location)? {
        Location::Memory => Box::new(SqliteStore::in_memory(settings)?),
        Location::File(path) => Box::new(SqliteStore::open(path, settings)?),
        Location::Site(path) => Box::new(SqliteStore::open_site(path, settings)?),
        Location::Postgres(url) => postgres(url, settings)?,
        Location::Mysql(url) => mysql(url, settings)?,
    })
}

/// The file that a location names; none where it names a database, or the memory of the process.
///
/// # Errors
/// [`InvalidArgument`](crate::ErrorKind::InvalidArgument) where it names nothing that can be opened.
pub fn file_of(location: impl AsRef<[u8]>) -> Result<Option<PathBuf>, Error> {
    let location = text::checked("location", location.as_ref(), LENGTH_LIMIT)?;
    Ok(match read(location)? {
        Location::File(path) | Location::Site(path) => Some(PathBuf::from(path)),
        Location::Memory | Location::Postgres(_) | Location::Mysql(_) => None,
    })
}

#[cfg(feature = "postgres")]
fn postgres(url: &str, settings: EngineSettings) -> Result<Box<dyn Store>, Error> {
    Ok(Box::new(super::postgres::PostgresStore::at(url, settings)?))
}

#[cfg(not(feature = "postgres"))]
fn postgres(_: &str, _: EngineSettings) -> Result<Box<dyn Store>, Error> {
    Err(is_left_out("PostgreSQL", "postgres"))
}

#[cfg(feature = "mysql")]
fn mysql(url: &str, settings: EngineSettings) -> Result<Box<dyn Store>, Error> {
    Ok(Box::new(super::mysql::MysqlStore::at(url, settings)?))
}

#[cfg(not(feature = "mysql"))]
fn mysql(_: &str, _: EngineSettings) -> Result<Box<dyn Store>, Error> {
    Err(is_left_out("MySQL", "mysql"))
}

#[cfg(not(all(feature = "mysql", feature = "postgres")))]
fn is_left_out(engine: &str, feature: &str) -> Error {
    Error::invalid_argument(format!(
        "location: this library was built without {engine}: build it with the feature \"{feature}\", or give a path"
    ))
}

fn read(location: &str) -> Result<Location<'_>, Error> {
    if location == ":memory:" {
        return Ok(Location::Memory);
    }
    let Some((scheme, rest)) = scheme(location) else {
        return file(location);
    };
    match (scheme.to_ascii_lowercase().as_str(), rest.starts_with("//")) {
        ("sqlite", _) if rest == ":memory:" => Ok(Location::Memory),
        ("sqlite", _) => sqlite(rest),
        ("postgres" | "postgresql", true) => Ok(Location::Postgres(location)),
        ("mysql", true) => Ok(Location::Mysql(location)),
        ("postgres" | "postgresql" | "pgsql", _) => Err(as_url("PostgreSQL", "postgres")),
        ("mysql", false) => Err(as_url("MySQL", "mysql")),
        ("mariadb", _) => Err(as_url("MariaDB", "mysql")),
        (other, true) => Err(Error::invalid_argument(format!(
            "location: this library keeps no leads in \"{}\"; give a path, sqlite:PATH, postgres://… or mysql://…",
            text::shown(other)
        ))),
        (_, false) => file(location),
    }
}

/// What stands before the first colon, where it can be the name of an engine.
fn scheme(location: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = location.split_once(':')?;
    let is_name = !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_name.then_some((scheme, rest))
}

/// A path, and behind a question mark whose tables are in the file.
fn sqlite(rest: &str) -> Result<Location<'_>, Error> {
    let Some((path, parameters)) = rest.split_once('?') else {
        return file(rest);
    };
    file(path)?;
    match parameters {
        "tables=site" if path != ":memory:" => Ok(Location::Site(path)),
        _ => Err(Error::invalid_argument(
            "location: behind the \"?\" it takes \"tables=site\" alone, for a file of the site's own; give a path with a \"?\" in it without \"sqlite:\"",
        )),
    }
}

/// A path stands in messages, so what looks like a password must not pass for one.
fn file(location: &str) -> Result<Location<'_>, Error> {
    if location.trim().is_empty() {
        return Err(Error::invalid_argument(
            "location: it is empty; give a path, such as /var/lib/site/leads.db",
        ));
    }
    if location.contains("password=") || location.contains("://") {
        return Err(Error::invalid_argument(
            "location: it is no path, and no engine is named so; give a path, sqlite:PATH, postgres://… or mysql://…",
        ));
    }
    Ok(Location::File(location))
}

fn as_url(engine: &str, scheme: &str) -> Error {
    Error::invalid_argument(format!(
        "location: name a database of {engine} as {scheme}://USER@HOST/DATABASE"
    ))
}

/// The path of a file that keeps leads while a database is away; `None` for an empty one.
pub(super) fn spool(value: &str) -> Result<Option<&Path>, Error> {
    if value.is_empty() {
        return Ok(None);
    }
    match read(value) {
        Ok(Location::File(path)) => Ok(Some(Path::new(path))),
        _ => Err(Error::invalid_argument(
            "spool: it is no path of a file on this host; give one, such as /var/lib/site/spool.db",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spool_is_a_file_of_this_host() {
        let path = |text| spool(text).expect(text);
        assert_eq!(path(""), None);
        for text in ["/var/spool.db", "sqlite:/var/spool.db"] {
            assert_eq!(path(text), Some(Path::new("/var/spool.db")));
        }
        for text in [
            " ",
            ":memory:",
            "sqlite::memory:",
            "mysql://me:tiger@host/db",
            "password=tiger",
        ] {
            let error = spool(text).expect_err(text);
            assert!(error.message().contains("no path"), "{error}");
            assert!(!error.message().contains("tiger"), "{error}");
        }
    }

    #[test]
    fn a_location_names_its_engine() {
        for (location, expected) in [
            (":memory:", Location::Memory),
            ("sqlite::memory:", Location::Memory),
            ("leads.db", Location::File("leads.db")),
            ("/var/lib/a:b.db", Location::File("/var/lib/a:b.db")),
            ("c:leads.db", Location::File("c:leads.db")),
            ("sqlite:leads.db", Location::File("leads.db")),
            ("SQLite:/leads.db", Location::File("/leads.db")),
            ("sqlite:/site.db?tables=site", Location::Site("/site.db")),
            (
                "/site.db?tables=site",
                Location::File("/site.db?tables=site"),
            ),
            ("postgres://a@b/c", Location::Postgres("postgres://a@b/c")),
            ("PostgreSQL://a@b", Location::Postgres("PostgreSQL://a@b")),
            ("mysql://a@b/c", Location::Mysql("mysql://a@b/c")),
        ] {
            assert_eq!(read(location).expect(location), expected, "{location}");
        }
    }

    #[test]
    fn what_names_none_is_refused_without_its_password() {
        for (location, why) in [
            ("oracle://me:tiger@host/db", "\"oracle\""),
            ("postgres:me:tiger@host/db", "postgres://USER@HOST/DATABASE"),
            ("pgsql:host=h;password=tiger", "postgres://USER"),
            ("mysql:host=h;password=tiger", "mysql://USER"),
            ("mariadb://me:tiger@host/db", "mysql://USER"),
            ("host=h user=me password=tiger", "it is no path"),
            ("", "it is empty"),
            ("sqlite: ", "it is empty"),
            ("sqlite:?tables=site", "it is empty"),
            ("sqlite:site.db?tabels=site", "\"tables=site\" alone"),
            ("sqlite::memory:?tables=site", "\"tables=site\" alone"),
            ("my sql://me:tiger@host", "it is no path"),
        ] {
            let error = read(location).expect_err(location);
            assert!(error.message().contains(why), "{error}");
            assert!(!error.message().contains("tiger"), "{error}");
        }
    }
}
