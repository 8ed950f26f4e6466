//! Keeps a lead.

use rusqlite::{Connection, OptionalExtension, params};

use super::failure::{self, Failed};
use crate::error::Refused;
use crate::outbox::row::{Kept, NewRow};

/// Keeps it, unless its key waits already or `limit` rows are kept.
pub(super) fn add(
    connection: &Connection,
    row: &NewRow,
    limit: u64,
    now: i64,
) -> Result<Kept, Failed> {
    if let Some(id) = waiting(connection, row)? {
        // It may have been kept with less durability than this caller is promised: a commit writes
        // out what was written before it.
        (connection.prepare_cached("update justclick_outbox set key = key where id = ?")?)
            .execute([id])?;
        return Ok(Kept {
            id,
            was_there: true,
        });
    }
    let (last, gone) = numbers(connection)?;
    if u64::try_from(last.saturating_sub(gone)).unwrap_or_default() >= limit {
        return Err(failure::at(
            connection
                .path()
                .filter(|path| !path.is_empty())
                .map(std::path::Path::new),
            &format!(
                "it is full: {limit} leads are kept (max_leads); deliver them, or drop dead ones"
            ),
        )
        .with_refused(Refused::Further)
        .into());
    }
    let id = (last.checked_add(1)).ok_or(rusqlite::Error::IntegralValueOutOfRange(0, last))?;
    (connection.prepare_cached(
        "insert into justclick_outbox (id, account, key, function, due, due_before, kept_at, waits_since, query)
         values (?1, ?2, ?3, ?4, ?5, ?5, ?5, ?5, ?6)",
    )?)
    .execute(params![
        id,
        row.account,
        row.key,
        row.function,
        now,
        row.query.as_str()
    ])?;
    Ok(Kept {
        id,
        was_there: false,
    })
}

fn waiting(connection: &Connection, row: &NewRow) -> rusqlite::Result<Option<i64>> {
    (connection.prepare_cached("select id from justclick_outbox where account = ? and key = ?")?)
        .query_row([&row.account, &row.key], |found| found.get(0))
        .optional()
}

/// The last number that was given, which is how many rows were added, and how many of them are gone.
fn numbers(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    (connection.prepare_cached(
        "select max(last_id, coalesce((select max(id) from justclick_outbox), 0)),
                delivered + dropped
         from justclick_store",
    )?)
    .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}
