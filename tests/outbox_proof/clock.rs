//! The host's clocks, as far ahead as a file is long: a byte is a second. Processes that share the
//! file see time pass together, and nobody has to wait for it.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use justclick::outbox::engine::EngineSettings;
use justclick::outbox::sqlite::{Clock, HostClock, SqliteStore};

pub struct AheadClock(PathBuf);

impl AheadClock {
    /// The clock of an outbox, whose file lies beside it.
    pub fn of(outbox: &Path) -> AheadClock {
        AheadClock(outbox.with_extension("clock"))
    }

    pub fn pass(&self, time: Duration) {
        let file = (OpenOptions::new().write(true).create(true).truncate(false)).open(&self.0);
        let seconds = self.ahead().as_secs() + time.as_secs() + 1;
        (file.and_then(|file| file.set_len(seconds))).expect("the clock's file");
    }

    fn ahead(&self) -> Duration {
        Duration::from_secs(fs::metadata(&self.0).map_or(0, |file| file.len()))
    }
}

impl Clock for AheadClock {
    fn boot(&self) -> String {
        HostClock.boot()
    }

    fn since_boot(&self) -> Duration {
        HostClock.since_boot() + self.ahead()
    }

    fn wall(&self) -> Duration {
        HostClock.wall() + self.ahead()
    }
}

/// The store of an outbox whose clock runs ahead. It waits long, since the machine may be busy.
pub fn store(path: &Path) -> SqliteStore {
    let settings = EngineSettings {
        busy_timeout: Duration::from_secs(30),
        ..EngineSettings::default()
    };
    store_with(path, settings)
}

pub fn store_with(path: &Path, settings: EngineSettings) -> SqliteStore {
    SqliteStore::with_clock(path, settings, Arc::new(AheadClock::of(path))).expect("a store")
}
