//! Opens the connections of an outbox.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::super::engine::Durability;
use super::clock::Clock;
use super::failure::{self, Failed};
use super::file;
use super::foreign;
use super::log::Log;
use super::process::{Call, Link, Opened};
use super::schema::{self, Owner};

const STATEMENTS: usize = 32;
const BETWEEN_LOOKS: Duration = Duration::from_millis(1);

/// A connection to a file, which is made where it is not there.
pub(super) fn to_file(
    call: &Call,
    path: &Path,
    patience: Duration,
    clock: &Arc<dyn Clock>,
) -> Result<Link, Failed> {
    let _alone = call.alone();
    let real = file::prepared(path)?;
    let opened = file::id(&real).and_then(|id| call.opened(id));
    if let Some(opened) = &opened {
        // This connection would share the memory of those that are open, and take another log.
        foreign::check_log(opened)?;
    }
    foreign::check(&real, opened.is_some())?;
    let mut connection = Connection::open_with_flags(
        &real,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    set_up(&mut connection)?;
    schema::check(&connection, Owner::Outbox)?;
    write_ahead(&connection, patience)?;
    let log = Log::counted(&mut connection)?;
    let mut link = Link {
        connection,
        opened: None,
        log,
        offset: 0,
        durability: None,
    };
    link.offset = schema::settle(&mut link.connection, Owner::Outbox, clock.as_ref())?;
    if let Some(file) = file::id(&real) {
        let log = file::id(&file::log(&real));
        let path = real;
        let opened = Opened { path, file, log };
        call.note(opened.clone());
        link.opened = Some(opened);
    }
    Ok(link)
}

/// A connection to a file of the site's own, whose application id, user version, journal and rights are the
/// site's. The tables are made where they are not there.
pub(super) fn to_site(path: &Path, clock: &Arc<dyn Clock>) -> Result<Link, Failed> {
    let real = file::of_site(path)?;
    foreign::check_site(&real)?;
    let mut connection = Connection::open_with_flags(
        &real,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    set_up(&mut connection)?;
    schema::check(&connection, Owner::Site)?;
    let offset = schema::settle(&mut connection, Owner::Site, clock.as_ref())?;
    let opened = file::id(&real).map(|file| Opened {
        path: real,
        file,
        log: None,
    });
    Ok(Link {
        connection,
        opened,
        log: Log::default(),
        offset,
        durability: None,
    })
}

/// A store that ends with its connection.
pub(super) fn to_memory(clock: &Arc<dyn Clock>) -> Result<Link, Failed> {
    let mut connection = Connection::open_in_memory_with_flags(
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    set_up(&mut connection)?;
    let offset = schema::settle(&mut connection, Owner::Outbox, clock.as_ref())?;
    Ok(Link {
        connection,
        opened: None,
        log: Log::default(),
        offset,
        durability: None,
    })
}

thread_local! {
    /// How long this thread's call waits for a lock, and since when it does.
    static PATIENCE: Cell<(Duration, Option<Instant>)> = const { Cell::new((Duration::ZERO, None)) };
}

/// Lets this thread's next calls wait so long.
pub(super) fn wait_for(patience: Duration) {
    PATIENCE.set((patience, None));
}

/// SQLite's own waiting looks every 100 ms in the end. Those who write without a pause free the lock for
/// microseconds, and would keep it from others for seconds.
fn is_waited_for(times: i32) -> bool {
    let (patience, mut began) = PATIENCE.get();
    if times == 0 {
        began = Some(Instant::now());
        PATIENCE.set((patience, began));
    }
    std::thread::sleep(BETWEEN_LOOKS);
    began.is_some_and(|began| began.elapsed() < patience)
}

/// What holds for a file that may be damaged or another's, too.
fn set_up(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_handler(Some(is_waited_for))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A close writes and deletes nothing: a child of fork closes what it inherited.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // Without this a claim would be planned anew for each time that it is given.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "secure_delete", true)
}

/// Several processes may try this at once on a new file, and SQLite does not wait here.
fn write_ahead(connection: &Connection, patience: Duration) -> Result<(), Failed> {
    let began = Instant::now();
    loop {
        match connection
            .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0))
        {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => {
                return Err(failure::at(
                    connection.path().map(Path::new),
                    "its file system has no shared memory for SQLite: take another disk",
                )
                .into());
            }
            Err(error) if failure::is_busy(&error) && began.elapsed() < patience => {
                std::thread::sleep(Duration::from_millis(2));
            }
            Err(error) => return Err(error.into()),
        }
    }
}

impl Link {
    /// Lets further commits survive this.
    pub(super) fn keep_by(&mut self, durability: Durability) -> rusqlite::Result<()> {
        if self.durability == Some(durability) {
            return Ok(());
        }
        let synchronous = match durability {
            Durability::Power => "full",
            Durability::Crash => "normal",
        };
        (self.connection).pragma_update(None, "synchronous", synchronous)?;
        self.durability = Some(durability);
        Ok(())
    }
}
