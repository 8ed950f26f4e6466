//! The tables, their version, and how an older file becomes a newer one.

use rusqlite::{Connection, OptionalExtension};

use super::clock::{self, Clock};
use super::failure::{self, Failed};

/// "JCob": what tells an outbox from other databases.
const APPLICATION: i32 = 0x4A43_6F62;
/// What brings tables from each version to the next. The first step makes them.
const STEPS: &[&str] = &[TABLES];
/// The version of the tables that this library writes.
const VERSION: i32 = STEPS.len() as i32;

/// Times are milliseconds of the store's clock. State 0 waits, 1 is leased; dead leads stand in a
/// table of their own, so that they cost nothing to those who add and claim. The query stands last,
/// since it may be long. A number is not used again: `last_id` keeps it where its row is gone. SQLite's
/// own `autoincrement` would write one more page with each row.
const TABLES: &str = "
create table justclick_store (
    one integer primary key check (one = 1),
    boot text not null,
    clock_offset integer not null,
    clock_last integer not null,
    last_id integer not null, -- the largest number of the rows that left justclick_outbox
    delivered integer not null,
    dropped integer not null,
    dead integer not null
) strict;
insert into justclick_store values (1, '', 0, 0, 0, 0, 0, 0);
create table justclick_outbox (
    id integer primary key,
    account text not null,
    key text not null,
    function text not null,
    state integer not null default 0,
    fence integer not null default 0,
    attempts integer not null default 0,
    may_have_arrived integer not null default 0,
    due integer not null, -- of a leased row: when its lease ends
    due_before integer not null, -- when it was due before it was leased
    kept_at integer not null,
    waits_since integer not null, -- when it was kept, or retried
    reason text not null default '',
    query text not null,
    unique (account, key)
) strict;
create index justclick_due on justclick_outbox (account, due);
create index justclick_leased on justclick_outbox (id) where state = 1;
create table justclick_dead (
    id integer primary key,
    account text not null,
    key text not null,
    function text not null,
    fence integer not null,
    attempts integer not null,
    may_have_arrived integer not null,
    kept_at integer not null,
    died_at integer not null,
    reason text not null,
    code integer not null,
    text text not null,
    query text not null
) strict;
create index justclick_died on justclick_dead (died_at);
create table justclick_account (
    account text primary key,
    reason text not null default '',
    held_until integer not null default 0,
    hold_failures integer not null default 0,
    hold_credentials text not null default '',
    circuit_until integer not null default 0,
    circuit_failures integer not null default 0,
    probe_id integer not null default 0,
    probe_until integer not null default 0
) strict, without rowid;
";

/// What tells that our tables are in a file of the site's own, whose application id and user version are
/// the site's: it has their version instead.
const SITE: &str = "
create table if not exists justclick_site (
    one integer primary key check (one = 1),
    version integer not null
);
insert or ignore into justclick_site values (1, 0);
";

/// Whose the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Outbox,
    Site,
}

/// Refuses a file that is another program's, before anything in it is changed.
pub(super) fn check(connection: &Connection, owner: Owner) -> Result<(), Failed> {
    let tables: i64 =
        connection.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    let is_outbox = number(connection, "application_id")? == APPLICATION;
    match owner {
        Owner::Outbox if tables == 0 || is_outbox => Ok(()),
        Owner::Outbox => refused(
            connection,
            "the file is another program's SQLite database: give the outbox a file of its own, or let its tables into this one by sqlite:PATH?tables=site",
        ),
        Owner::Site if is_outbox => refused(
            connection,
            "the file is an outbox's own: open it without ?tables=site",
        ),
        Owner::Site => Ok(()),
    }
}

/// Makes the tables or brings them to this version, under a lock, and sets the store's clock. Where
/// nothing is to be done, it does not wait for those who write. Returns the clock's offset.
pub(super) fn settle(
    connection: &mut Connection,
    owner: Owner,
    clock: &dyn Clock,
) -> Result<i64, Failed> {
    if version(connection, owner)? == VERSION
        && let Some(offset) = clock::kept(connection, clock)?
    {
        return Ok(offset);
    }
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    check(&transaction, owner)?;
    advance(&transaction, owner, STEPS)?;
    let offset = clock::offset(&transaction, clock)?;
    transaction.commit()?;
    Ok(offset)
}

/// Takes the steps that the tables lack: all of them, or none where one fails.
fn advance(transaction: &Connection, owner: Owner, steps: &[&str]) -> Result<(), Failed> {
    let (version, newest) = (version(transaction, owner)?, steps.len());
    let Some(lacking) = usize::try_from(version)
        .ok()
        .and_then(|done| steps.get(done..))
    else {
        let what = format!(
            "its tables are of version {version} and this library knows those up to {newest}: take the newer library that wrote it"
        );
        return refused(transaction, &what);
    };
    for step in lacking {
        match owner {
            Owner::Outbox => transaction.execute_batch(step)?,
            Owner::Site => transaction.execute_batch(&loose(step))?,
        }
    }
    if !lacking.is_empty() {
        note_version(transaction, owner, newest as i64)?;
    }
    Ok(())
}

fn note_version(connection: &Connection, owner: Owner, version: i64) -> rusqlite::Result<()> {
    match owner {
        Owner::Outbox => {
            connection.pragma_update(None, "application_id", APPLICATION)?;
            connection.pragma_update(None, "user_version", version)
        }
        Owner::Site => {
            connection.execute_batch(SITE)?;
            (connection.execute("update justclick_site set version = ?", [version])).map(drop)
        }
    }
}

/// SQLite before 3.37 reads no file that has a strict table, and the site may have an old one.
fn loose(tables: &str) -> String {
    (tables.replace(") strict, without rowid;", ") without rowid;")).replace(") strict;", ");")
}

/// Nothing where the tables are not made yet.
fn version(connection: &Connection, owner: Owner) -> rusqlite::Result<i32> {
    if owner == Owner::Outbox {
        return number(connection, "user_version");
    }
    let is_there = "select 1 from sqlite_schema where name = 'justclick_site'";
    match connection.query_row(is_there, [], |_| Ok(())).optional()? {
        None => Ok(0),
        Some(()) => {
            connection.query_row("select version from justclick_site", [], |row| row.get(0))
        }
    }
}

fn refused<T>(connection: &Connection, why: &str) -> Result<T, Failed> {
    let path = connection.path().map(std::path::Path::new);
    Err(failure::at(path, why).into())
}

fn number(connection: &Connection, pragma: &str) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, pragma, |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use rusqlite::TransactionBehavior::Immediate;

    use super::*;

    const NEXT: &str = "alter table justclick_store add column next integer not null default 7";

    fn advanced(connection: &mut Connection, owner: Owner, steps: &[&str]) -> Result<(), Failed> {
        let transaction = connection.transaction_with_behavior(Immediate)?;
        advance(&transaction, owner, steps)?;
        Ok(transaction.commit()?)
    }

    fn next(connection: &Connection) -> rusqlite::Result<i64> {
        connection.query_row("select next from justclick_store", [], |row| row.get(0))
    }

    #[test]
    fn tables_take_the_steps_that_they_lack_and_each_once() {
        for owner in [Owner::Outbox, Owner::Site] {
            let mut old = Connection::open_in_memory().expect("a store");
            advanced(&mut old, owner, STEPS).expect("its tables");
            assert!(next(&old).is_err());
            let mut new = Connection::open_in_memory().expect("a store");
            for _ in 0..2 {
                for store in [&mut old, &mut new] {
                    advanced(store, owner, &[TABLES, NEXT]).expect("the steps");
                    assert_eq!(next(store).expect("the new column"), 7);
                    assert_eq!(version(store, owner).expect("a version"), 2);
                    assert!(check(store, owner).is_ok());
                }
            }
            let error = advanced(&mut old, owner, STEPS).expect_err("it is newer");
            let Failed::Told(error) = error else {
                panic!("{error:?}")
            };
            assert!(error.message().contains("version 2"), "{error}");
        }
    }

    #[test]
    fn a_step_that_fails_leaves_the_tables_as_they_were() {
        for owner in [Owner::Outbox, Owner::Site] {
            let mut store = Connection::open_in_memory().expect("a store");
            let broken = "alter table nowhere add column next integer";
            for done in [&[][..], STEPS] {
                advanced(&mut store, owner, done).expect("its tables");
                let steps = [TABLES, NEXT, broken];
                assert!(advanced(&mut store, owner, &steps).is_err());
                let version = version(&store, owner).expect("a version");
                assert_eq!(version as usize, done.len());
                assert!(next(&store).is_err(), "half of the steps are left");
            }
        }
    }
}
