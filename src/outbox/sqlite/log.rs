//! The write-ahead log: a commit writes there, and what it wrote is moved into the file later.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::Connection;

use super::failure;

/// The log is moved once it has so many pages. Who opens a file that no other process has open reads the log
/// as a whole, so it is short.
const PAGES: u32 = 1000;
/// It is moved again once it has grown by so many, where others wrote on meanwhile.
const FURTHER_PAGES: u32 = 100;
/// A log that could not be moved is moved by each commit from here on.
const MOST_PAGES: u32 = 4 * PAGES;
/// What is left of the log's file after it was moved, in bytes.
const LIMIT: u32 = 4 * 1024 * 1024;

/// The log as a connection's last commit found it.
#[derive(Default)]
pub(super) struct Log {
    pages: Arc<AtomicU32>,
    /// How many it had when it was moved last, which may have left some: others write on.
    moved: u32,
}

impl Log {
    /// Counts from now on.
    pub(super) fn counted(connection: &mut Connection) -> rusqlite::Result<Log> {
        let log = Log::default();
        let pages = Arc::clone(&log.pages);
        connection.pragma_update(None, "journal_size_limit", LIMIT)?;
        connection.wal_hook(Some(move |wal: &mut rusqlite::hooks::Wal, now| {
            let now = u32::try_from(now).unwrap_or(MOST_PAGES);
            pages.store(now, Ordering::Relaxed);
            if now >= MOST_PAGES {
                // It is kept, whatever comes of this.
                wal.checkpoint().unwrap_or_default();
            }
            Ok(())
        }))?;
        Ok(log)
    }

    fn pages(&self) -> u32 {
        self.pages.load(Ordering::Relaxed)
    }

    /// Its length, where it is time to move it; whoever gets it moves it.
    pub(super) fn take_length(&mut self) -> Option<u32> {
        let pages = self.pages();
        if pages < self.moved {
            self.moved = 0;
        }
        if pages < PAGES.max(self.moved + FURTHER_PAGES) {
            return None;
        }
        self.moved = pages;
        Some(pages)
    }
}

/// Moves what nobody reads any more. Other connections write on.
pub(super) fn move_part(connection: &Connection) -> rusqlite::Result<()> {
    checkpoint(connection, "passive")
}

/// Moves what other threads wrote since the log had so many pages: it is little, and they wait for it.
pub(super) fn move_rest(
    connection: &Connection,
    log: &mut Log,
    since: u32,
) -> rusqlite::Result<()> {
    if log.pages() <= since {
        return Ok(());
    }
    log.moved = log.pages();
    checkpoint(connection, "passive")
}

/// Moves what is left and empties the log.
pub(super) fn empty(connection: &Connection) -> rusqlite::Result<()> {
    checkpoint(connection, "truncate")
}

fn checkpoint(connection: &Connection, mode: &str) -> rusqlite::Result<()> {
    match connection.query_row(&format!("pragma wal_checkpoint({mode})"), [], |_| Ok(())) {
        // Somebody reads or writes; the next one does it.
        Err(error) if failure::is_busy(&error) => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::thread;
    use std::time::Duration;

    use super::*;

    /// Another moves the log and waits for who writes: then nobody else can move it.
    static IS_MOVED: AtomicBool = AtomicBool::new(false);

    fn waits(_times: i32) -> bool {
        IS_MOVED.store(true, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(1));
        true
    }

    #[test]
    fn a_commit_stands_whatever_becomes_of_the_log() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("leads.db");
        let mut connection = Connection::open(&path).expect("opens");
        (connection.pragma_update(None, "journal_mode", "wal")).expect("has a log");
        let mut log = Log::counted(&mut connection).expect("counts");
        (connection.execute_batch("create table leads (content blob); begin immediate"))
            .expect("a table");
        assert_eq!(log.take_length(), None);
        let mover = thread::spawn(move || {
            let mut other = Connection::open(&path).expect("opens");
            other.busy_handler(Some(waits)).expect("waits");
            checkpoint(&other, "full").expect("moves it");
        });
        while !IS_MOVED.load(Ordering::SeqCst) {
            thread::yield_now();
        }
        let bytes = MOST_PAGES * 4096;
        (connection.execute("insert into leads values (zeroblob(?))", [bytes])).expect("writes");
        connection.execute_batch("commit").expect("is kept");
        assert!(log.take_length().is_some_and(|pages| pages >= MOST_PAGES));
        mover.join().expect("no panic");
    }
}
