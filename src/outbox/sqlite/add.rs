//! Keeps a lead.

use rusqlite::{Connection, OptionalExtension, params};

use super::failure::{self, Failed};
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
    if kept(connection)? >= limit {
        return Err(failure::at(
            connection
                .path()
                .filter(|path| !path.is_empty())
                .map(std::path::Path::new),
            &format!(
                "it is full: {limit} leads are kept (max_leads); deliver them, or drop dead ones"
            ),
        )
        .into());
    }
    let id = (connection.prepare_cached(
        "insert into justclick_outbox (account, key, function, due, due_before, kept_at, waits_since, query)
         values (?1, ?2, ?3, ?4, ?4, ?4, ?4, ?5)",
    )?)
    .insert(params![
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

/// How many rows there are, dead ones as well. A row gets the next number, so that the last number
/// tells how many were added.
fn kept(connection: &Connection) -> rusqlite::Result<u64> {
    (connection.prepare_cached(
        "select coalesce((select seq from sqlite_sequence where name = 'justclick_outbox'), 0)
                - delivered - dropped
         from justclick_store",
    )?)
    .query_row([], |row| row.get::<_, i64>(0))
    .map(|rows| u64::try_from(rows).unwrap_or_default())
}
