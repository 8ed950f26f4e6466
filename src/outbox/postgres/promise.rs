//! What a server must be to keep leads, and what holds for its session.

use std::time::Duration;

use tokio_postgres::Row;

use super::failure::Failed;
use super::link::Link;
use super::value::Value;
use crate::outbox::engine::{Durability, EngineSettings};

/// Knows `for update skip locked`, generated identities and `vacuum_truncate`.
const OLDEST: i32 = 120_000;

/// Sets the session up and reads what the server is. A commit is as durable as the server is set now,
/// also where that is changed later.
const SESSION: &str = "
    select current_setting('server_version_num')::int4, current_setting('server_version'),
           pg_is_in_recovery() or current_setting('transaction_read_only') = 'on',
           current_setting('server_encoding'), current_setting('fsync'),
           current_setting('full_page_writes'), current_setting('synchronous_commit'),
           current_setting('synchronous_standby_names'),
           set_config('synchronous_commit', coalesce($1, current_setting('synchronous_commit')), false),
           set_config('statement_timeout', $2, false), set_config('lock_timeout', $3, false),
           set_config('idle_in_transaction_session_timeout', $2, false),
           set_config('default_transaction_isolation', 'read committed', false)";

/// Refuses a server that cannot be used; what it cannot promise alone is noted.
pub(super) fn check(link: &mut Link, settings: EngineSettings) -> Result<(), Failed> {
    let durability = match settings.durability {
        Durability::Power => None,
        Durability::Crash => Some("off"),
    };
    let all = milliseconds(settings.busy_timeout);
    // A lock is told as what it is while there is time left.
    let most = milliseconds(settings.busy_timeout * 3 / 4);
    let values = [
        Value::MaybeText(durability),
        Value::Text(&all),
        Value::Text(&most),
    ];
    let Some(row) = link.row(SESSION, &values)? else {
        return Failed::refused("it answered without a row");
    };
    check_server(&row)?;
    if settings.durability == Durability::Power {
        link.broken_promise = broken_promise(&row)?;
    }
    Ok(())
}

/// Zero would mean no limit.
fn milliseconds(time: Duration) -> String {
    time.as_millis().max(1).to_string()
}

fn check_server(row: &Row) -> Result<(), Failed> {
    let version: i32 = row.try_get(0)?;
    if version < OLDEST {
        let shown: String = row.try_get(1)?;
        return Failed::refused(format!(
            "the server is PostgreSQL {}, and 12 or newer is needed",
            crate::text::shown(&shown)
        ));
    }
    if row.try_get(2)? {
        return Failed::refused(
            "the server is read-only (a standby, or default_transaction_read_only is on): name the one that can be written to",
        );
    }
    let encoding: String = row.try_get(3)?;
    if encoding != "UTF8" {
        return Failed::refused(format!(
            "the database is encoded in {}: make one with the encoding UTF8",
            crate::text::shown(&encoding)
        ));
    }
    Ok(())
}

/// What keeps the server from keeping leads through a loss of power.
fn broken_promise(row: &Row) -> Result<Option<String>, Failed> {
    for (column, setting) in [
        (4, "fsync"),
        (5, "full_page_writes"),
        (6, "synchronous_commit"),
    ] {
        let value: String = row.try_get(column)?;
        if value == "off" {
            return Ok(Some(told(&format!("{setting} is off"), setting)));
        }
    }
    let (commit, standbys): (String, String) = (row.try_get(6)?, row.try_get(7)?);
    if commit == "local" && !standbys.is_empty() {
        return Ok(Some(told(
            "synchronous_commit is local though synchronous_standby_names is set",
            "synchronous_commit",
        )));
    }
    Ok(None)
}

fn told(what: &str, setting: &str) -> String {
    format!(
        "the server's {what}, so it could lose leads that it took: set {setting} to on, or take durability=crash"
    )
}
