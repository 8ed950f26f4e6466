//! Where the outbox of a proof lies, how time passes there, and what can happen to it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use justclick::Error;
use justclick::outbox::engine::EngineSettings;
use justclick::outbox::store::Store;

use super::account::is_whole;
use super::clock::{self, AheadClock};

/// The place of an outbox that several processes share.
pub trait Place {
    /// What the processes of a host open it by.
    fn location(&self, host: usize) -> String;

    /// Lets time pass, for which nobody has to wait.
    fn pass(&self, time: Duration);

    /// Whether what keeps the rows finds no fault in them, and met no deadlock.
    fn is_whole(&self) -> Result<(), String>;

    /// The database's server, where it lies in one.
    fn database(&mut self) -> Option<&mut dyn Database> {
        None
    }
}

/// What can happen to a database that several hosts use.
pub trait Database {
    /// Ends the server by SIGKILL, and starts it anew on the same data.
    fn restart(&mut self);

    /// Cuts a host off, or lets what it sent arrive at last.
    fn cut_off(&self, host: usize, is_off: bool);
}

/// An SQLite file, with a clock beside it.
pub struct File {
    path: PathBuf,
    clock: AheadClock,
}

impl File {
    pub fn new(path: PathBuf) -> File {
        File {
            clock: AheadClock::of(&path),
            path,
        }
    }
}

impl Place for File {
    fn location(&self, _: usize) -> String {
        self.path.to_str().expect("UTF-8").to_owned()
    }

    fn pass(&self, time: Duration) {
        self.clock.pass(time);
    }

    fn is_whole(&self) -> Result<(), String> {
        is_whole(&self.path)
    }
}

/// The store of a place, by what a process was told of it.
pub fn store(location: &str) -> Result<Box<dyn Store>, Error> {
    store_with(location, settings(location))
}

pub fn store_with(location: &str, settings: EngineSettings) -> Result<Box<dyn Store>, Error> {
    match location.split_once("://") {
        #[cfg(feature = "postgres")]
        Some(("postgres", _)) => Ok(Box::new(justclick::outbox::postgres::PostgresStore::open(
            location, settings,
        )?)),
        #[cfg(feature = "mysql")]
        Some(("mysql", _)) => Ok(Box::new(justclick::outbox::mysql::MysqlStore::open(
            location, settings,
        )?)),
        _ => Ok(Box::new(clock::store_with(Path::new(location), settings))),
    }
}

/// Whether it can be away for a while, as a database can.
pub fn can_be_away(location: &str) -> bool {
    location.contains("://")
}

/// How long a call waits. A worker that stands still may hold a row for as long in a database.
pub fn patience_ms(location: &str) -> String {
    settings(location).busy_timeout.as_millis().to_string()
}

fn settings(location: &str) -> EngineSettings {
    EngineSettings {
        busy_timeout: match can_be_away(location) {
            true => Duration::from_secs(5),
            false => Duration::from_secs(30),
        },
        ..EngineSettings::default()
    }
}

/// As [`store`], once it is there.
pub fn store_at_last(location: &str) -> Box<dyn Store> {
    loop {
        match store(location) {
            Ok(store) => return store,
            Err(error) => assert!(can_be_away(location), "{error}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
