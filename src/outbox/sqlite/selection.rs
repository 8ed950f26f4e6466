//! Finds the rows of a selection, and lists, retries and drops them.

use rusqlite::{Connection, Row, params};

use super::account;
use crate::outbox::moment::between;
use crate::outbox::row::{Listed, Selection, State};

/// How many rows one transaction changes, so that others wait for a moment only.
pub(super) const CHUNK: u32 = 1000;

/// The rows by their numbers.
pub(super) fn list(
    connection: &Connection,
    selection: &Selection,
    now: i64,
) -> rusqlite::Result<Vec<Listed>> {
    let sql = both_tables(
        selection,
        "id, account, key, state, attempts, kept_at, due, reason, -1, '', query",
        "id, account, key, 2, attempts, kept_at, 0, reason, code, text, query",
    );
    let limit = selection.limit.map_or(-1, i64::from);
    (connection.prepare_cached(&sql)?)
        .query_map(
            params![
                selection.after,
                selection.account,
                json_list(selection.ids.as_deref()),
                limit
            ],
            |row| listed(row, now),
        )?
        .collect()
}

/// Parameters: 1 is the number before the first, 2 the account, 3 the numbers, 4 the limit.
fn both_tables(selection: &Selection, living: &str, dead: &str) -> String {
    let ids = match &selection.ids {
        Some(_) => "id in (select value from json_each(?3))",
        None => "?3 is null",
    };
    let chosen = format!("id > ?1 and (?2 is null or account = ?2) and {ids}");
    let state = match selection.state {
        None => "true",
        Some(State::Waiting) => "state = 0",
        Some(State::Leased) => "state = 1",
        Some(State::Dead) => "false",
    };
    let is_dead = matches!(selection.state, None | Some(State::Dead));
    format!(
        "select {living} from justclick_outbox where {chosen} and {state}
         union all
         select {dead} from justclick_dead where {chosen} and {is_dead}
         order by 1 limit ?4"
    )
}

fn json_list(ids: Option<&[i64]>) -> Option<String> {
    ids.and_then(|ids| serde_json::to_string(ids).ok())
}

fn listed(row: &Row, now: i64) -> rusqlite::Result<Listed> {
    let state = match row.get(3)? {
        0 => State::Waiting,
        1 => State::Leased,
        _ => State::Dead,
    };
    let due = if state == State::Waiting {
        row.get(6)?
    } else {
        now
    };
    Ok(Listed {
        id: row.get(0)?,
        account: row.get(1)?,
        key: row.get(2)?,
        state,
        attempts: row.get(4)?,
        age: between(row.get(5)?, now),
        due_in: between(now, due),
        reason: row.get(7)?,
        code: row.get(8)?,
        text: row.get(9)?,
        query: row.get(10)?,
    })
}

/// The numbers of the next rows of a selection.
pub(super) fn numbers(
    connection: &Connection,
    selection: &Selection,
) -> rusqlite::Result<Vec<i64>> {
    let limit = selection.limit.map_or(CHUNK, |limit| limit.min(CHUNK));
    (connection.prepare_cached(&both_tables(selection, "id", "id"))?)
        .query_map(
            params![
                selection.after,
                selection.account,
                json_list(selection.ids.as_deref()),
                limit
            ],
            |row| row.get(0),
        )?
        .collect()
}

/// These rows go, but those that a worker has. Returns how many.
pub(super) fn drop_rows(
    connection: &Connection,
    numbers: &[i64],
    now: i64,
) -> rusqlite::Result<u64> {
    let chosen = json_list(Some(numbers));
    let living = (connection.prepare_cached(
        "delete from justclick_outbox
         where id in (select value from json_each(?1)) and not (state = 1 and due > ?2)",
    )?)
    .execute(params![chosen, now])?;
    let dead = (connection.prepare_cached(
        "delete from justclick_dead where id in (select value from json_each(?1))",
    )?)
    .execute(params![chosen])?;
    (connection.prepare_cached(
        "update justclick_store set dropped = dropped + ?1 + ?2, dead = dead - ?2, clock_last = ?3,
             last_id = max(last_id, ?4)",
    )?)
    .execute(params![
        living,
        dead,
        now,
        numbers.last().copied().unwrap_or_default()
    ])?;
    Ok((living + dead) as u64)
}

/// These dead rows wait again. One whose key waits in another row stays dead. Returns how many.
pub(super) fn retry_rows(
    connection: &Connection,
    numbers: &[i64],
    now: i64,
) -> rusqlite::Result<u64> {
    let chosen = json_list(Some(numbers));
    for account in accounts(connection, chosen.as_deref())? {
        account::release(connection, &account)?;
    }
    let changed = (connection.prepare_cached(
        "insert or ignore into justclick_outbox
             (id, account, key, function, fence, may_have_arrived, due, due_before, kept_at, waits_since, query)
         select id, account, key, function, fence, may_have_arrived, ?2, ?2, kept_at, ?2, query
         from justclick_dead where id in (select value from json_each(?1))",
    )?)
    .execute(params![chosen, now])?;
    (connection.prepare_cached(
        "delete from justclick_dead where id in (select value from json_each(?1))
             and id in (select id from justclick_outbox)",
    )?)
    .execute(params![chosen])?;
    (connection.prepare_cached("update justclick_store set dead = dead - ?, clock_last = ?")?)
        .execute(params![changed, now])?;
    Ok(changed as u64)
}

fn accounts(connection: &Connection, chosen: Option<&str>) -> rusqlite::Result<Vec<String>> {
    (connection.prepare_cached(
        "select distinct account from justclick_dead where id in (select value from json_each(?))",
    )?)
    .query_map([chosen], |row| row.get(0))?
    .collect()
}

/// Some dead rows that died before a moment go. Returns how many.
pub(super) fn forget_part(connection: &Connection, before: i64, now: i64) -> rusqlite::Result<u64> {
    let gone = (connection.prepare_cached(
        "delete from justclick_dead where id in
             (select id from justclick_dead where died_at < ? order by died_at limit ?)",
    )?)
    .execute(params![before, CHUNK])?;
    (connection.prepare_cached(
        "update justclick_store set dead = dead - ?1, dropped = dropped + ?1, clock_last = ?2",
    )?)
    .execute(params![gone, now])?;
    Ok(gone as u64)
}
