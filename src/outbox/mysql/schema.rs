//! The tables and their version.

use std::time::{Duration, Instant};

use mysql_common::Value;

use super::count;
use super::failure::{Failed, NO_SUCH_TABLE};
use super::link::Link;

type Step = fn(&mut Link) -> Result<(), Failed>;

/// What brings tables from each version to the next. The first step makes them. A step that did not
/// finish is taken again, since each of its statements is a transaction of its own.
const STEPS: &[Step] = &[make];
/// The version of the tables that this library writes.
const VERSION: usize = STEPS.len();
/// What making them may take at the least. It is done once.
const MAKING: Duration = Duration::from_secs(30);

/// Times are milliseconds of the database's clock. State 0 waits, 1 is leased; dead leads stand in a
/// table of their own. Accounts and keys are bytes: a collation would take some for equal, such as
/// those that differ by a space at their end. `living` counts the rows of `justclick_outbox`.
const TABLES: [&str; 5] = [
    "create table if not exists justclick_store (
        one tinyint not null primary key,
        version int not null
    )",
    "create table if not exists justclick_count (
        number bigint not null auto_increment primary key,
        slot int,
        living bigint not null default 0,
        dead bigint not null default 0,
        delivered bigint not null default 0,
        dropped bigint not null default 0,
        touched bigint not null default 0,
        unique key justclick_slot (slot)
    )",
    "create table if not exists justclick_outbox (
        id bigint not null auto_increment primary key,
        account varbinary(2800) not null,
        `key` varbinary(256) not null,
        `function` varchar(64) not null,
        state tinyint not null default 0,
        fence bigint not null default 0,
        attempts int not null default 0,
        may_have_arrived tinyint not null default 0,
        due bigint not null comment 'of a leased row: when its lease ends',
        due_before bigint not null comment 'when it was due before it was leased',
        kept_at bigint not null,
        waits_since bigint not null comment 'when it was kept, or retried',
        reason mediumtext not null,
        query mediumtext not null,
        unique key justclick_key (account, `key`),
        key justclick_due (account, due, id),
        key justclick_state (state, id)
    )",
    "create table if not exists justclick_dead (
        id bigint not null primary key,
        account varbinary(2800) not null,
        `key` varbinary(256) not null,
        `function` varchar(64) not null,
        fence bigint not null,
        attempts int not null,
        may_have_arrived tinyint not null,
        kept_at bigint not null,
        died_at bigint not null,
        reason mediumtext not null,
        code int not null,
        `text` mediumtext not null,
        query mediumtext not null,
        key justclick_died (died_at, id)
    )",
    "create table if not exists justclick_account (
        account varbinary(2800) not null primary key,
        reason mediumtext not null,
        held_until bigint not null default 0,
        hold_failures int not null default 0,
        hold_credentials varbinary(64) not null default '',
        circuit_until bigint not null default 0,
        circuit_failures int not null default 0,
        probe_id bigint not null default 0,
        probe_until bigint not null default 0
    )",
];
const STORAGE: &str =
    "engine = InnoDB default character set utf8mb4 collate utf8mb4_bin row_format = dynamic";

/// Makes the tables or brings them to this version, and refuses those of a newer library.
pub(super) fn settle(link: &mut Link, until: Instant, patience: Duration) -> Result<(), Failed> {
    if version(link)? < VERSION {
        link.set_deadline(until.max(Instant::now() + MAKING));
        advance(link, patience.max(MAKING))?;
        link.set_deadline(until);
    }
    check_engines(link)
}

/// Zero where the tables are not there, or not all of them: a version is written last.
fn version(link: &mut Link) -> Result<usize, Failed> {
    let found = match link.plain("select version from justclick_store where one = 1") {
        Ok(reply) => reply.any().map_or(Ok(0), |row| row.int(0))?,
        Err(failed) if failed.is(NO_SUCH_TABLE) => 0,
        Err(failed) => return Err(failed),
    };
    match usize::try_from(found) {
        Ok(version) if version <= VERSION => Ok(version),
        _ => Err(Failed::Refused(format!(
            "its tables are of version {found} and this library knows those up to {VERSION}: take the newer library that wrote them"
        ))),
    }
}

/// One takes the steps that are lacking then, and others wait.
fn advance(link: &mut Link, patience: Duration) -> Result<(), Failed> {
    const NAME: &str = "concat('justclick.', left(sha1(database()), 40))";
    let seconds = patience.as_secs().max(1);
    let got = link
        .plain(&format!("select coalesce(get_lock({NAME}, {seconds}), 0)"))?
        .first()?
        .int(0)?;
    if got != 1 {
        return Err(Failed::Refused(
            "somebody else has been making its tables for too long: see that they get on"
                .to_owned(),
        ));
    }
    let made = take_steps(link);
    if !made.as_ref().is_err_and(Failed::ends_connection) {
        link.plain(&format!("do release_lock({NAME})"))?;
    }
    made
}

fn take_steps(link: &mut Link) -> Result<(), Failed> {
    let done = version(link)?;
    for (step, version) in STEPS.iter().zip(1_i64..).skip(done) {
        step(link)?;
        link.run_once(
            "replace into justclick_store (one, version) values (1, ?)",
            &[Value::from(version)],
        )?;
    }
    Ok(())
}

fn make(link: &mut Link) -> Result<(), Failed> {
    for table in TABLES {
        link.plain(&format!("{table} {STORAGE}"))?;
    }
    let slots: Vec<String> = (0..count::SLOTS).map(|slot| format!("({slot})")).collect();
    link.plain(&format!(
        "insert ignore into justclick_count (slot) values {}",
        slots.join(", ")
    ))
    .map(drop)
}

/// Other engines keep no promise.
fn check_engines(link: &mut Link) -> Result<(), Failed> {
    let other = link
        .plain(
            "select table_name, engine from information_schema.tables
             where table_schema = database() and engine <> 'InnoDB' and table_name in
                 ('justclick_store', 'justclick_count', 'justclick_outbox', 'justclick_dead',
                  'justclick_account') limit 1",
        )?
        .any();
    match other {
        None => Ok(()),
        Some(row) => Err(Failed::Refused(format!(
            "its table {} is kept by {}, which loses leads: make it InnoDB (alter table … engine = InnoDB)",
            row.text(0)?,
            row.text(1)?
        ))),
    }
}
