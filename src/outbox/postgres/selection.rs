//! Finds the rows of a selection, and lists, retries and drops them.

use std::time::Duration;

use tokio_postgres::Row;

use super::account;
use super::count;
use super::failure::Failed;
use super::link::Link;
use super::schema::NOW;
use super::value::Value;
use crate::outbox::moment::{lasting, milliseconds};
use crate::outbox::row::{Listed, Selection, State};

/// How many rows one transaction changes, so that others wait for a moment only.
pub(super) const CHUNK: u32 = 1000;

/// The rows by their numbers.
pub(super) fn list(link: &mut Link, selection: &Selection) -> Result<Vec<Listed>, Failed> {
    let sql = both_tables(
        selection,
        &format!(
            "id, account, key, state, attempts, {NOW} - kept_at,
             case when state = 0 then due - {NOW} else 0 end, reason, -1, '', query"
        ),
        &format!(
            "id, account, key, 2, attempts, {NOW} - kept_at, 0::int8, reason, code, text, query"
        ),
    );
    let rows = link.rows(&sql, &values(selection, selection.limit))?;
    rows.iter().map(listed).collect()
}

/// Parameters: 1 is the number before the first, 2 the account, 3 the numbers, 4 the limit.
fn both_tables(selection: &Selection, living: &str, dead: &str) -> String {
    let ids = match &selection.ids {
        Some(_) => "id = any($3)",
        None => "$3::int8[] is null",
    };
    let account = match &selection.account {
        Some(_) => "account = $2",
        None => "$2::text is null",
    };
    let chosen = format!("id > $1 and {account} and {ids}");
    let state = match selection.state {
        None => "true",
        Some(State::Waiting) => "state = 0",
        Some(State::Leased) => "state = 1",
        Some(State::Dead) => "false",
    };
    let is_dead = matches!(selection.state, None | Some(State::Dead));
    format!(
        "(select {living} from justclick_outbox where {chosen} and {state} order by id limit $4)
         union all
         (select {dead} from justclick_dead where {chosen} and {is_dead} order by id limit $4)
         order by 1 limit $4"
    )
}

fn values(selection: &Selection, limit: Option<u32>) -> [Value<'_>; 4] {
    [
        Value::Number(selection.after),
        Value::MaybeText(selection.account.as_deref()),
        Value::Numbers(selection.ids.as_deref()),
        Value::MaybeNumber(limit.map(i64::from)),
    ]
}

fn listed(row: &Row) -> Result<Listed, Failed> {
    let state = match row.try_get::<_, i32>(3)? {
        0 => State::Waiting,
        1 => State::Leased,
        _ => State::Dead,
    };
    Ok(Listed {
        id: row.try_get(0)?,
        account: row.try_get(1)?,
        key: row.try_get(2)?,
        state,
        attempts: u32::try_from(row.try_get::<_, i32>(4)?).unwrap_or_default(),
        age: lasting(row.try_get(5)?),
        due_in: lasting(row.try_get(6)?),
        reason: row.try_get(7)?,
        code: row.try_get(8)?,
        text: row.try_get(9)?,
        query: row.try_get(10)?,
    })
}

/// The numbers of the next rows of a selection.
pub(super) fn numbers(link: &mut Link, selection: &Selection) -> Result<Vec<i64>, Failed> {
    let limit = selection.limit.map_or(CHUNK, |limit| limit.min(CHUNK));
    let sql = both_tables(selection, "id", "id");
    let rows = link.rows(&sql, &values(selection, Some(limit)))?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// These rows go, but those that a worker has. Returns how many.
pub(super) fn drop_rows(link: &mut Link, numbers: &[i64]) -> Result<u64, Failed> {
    let count = count::Change {
        living: "-living",
        dead: "-dead",
        dropped: "living + dead",
        from: "gone where living + dead > 0",
        ..count::NONE
    };
    let sql = format!(
        "with living as (
             delete from justclick_outbox
             where id = any($1) and not (state = 1 and due > {NOW}) returning id
         ), dead as (
             delete from justclick_dead where id = any($1) returning id
         ), gone (living, dead) as materialized (
             select (select count(*) from living), (select count(*) from dead)
         ), counted as (
             {}
         )
         select living + dead from gone",
        count.sql()
    );
    changed(link, &sql, numbers)
}

/// These dead rows wait again. One whose key waits in another row stays dead. Returns how many.
pub(super) fn retry_rows(link: &mut Link, numbers: &[i64]) -> Result<u64, Failed> {
    let count = count::Change {
        living: "count(*)",
        dead: "-count(*)",
        from: "moved having count(*) > 0",
        ..count::NONE
    };
    let sql = format!(
        "with time as materialized (
             select {NOW} as now
         ), chosen as materialized (
             select * from justclick_dead where id = any($1) order by id for update
         ), moved as (
             insert into justclick_outbox (id, account, key, function, fence, may_have_arrived, due,
                 due_before, kept_at, waits_since, query)
             select id, account, key, function, fence, may_have_arrived, now, now, kept_at, now, query
             from chosen, time on conflict do nothing returning id
         ), gone as (
             delete from justclick_dead where id in (select id from moved)
         ), counted as (
             {}
         )
         select count(*) from moved",
        count.sql()
    );
    let accounts = accounts(link, numbers)?;
    // In the order in which a settlement locks: rows, counts, account.
    let done = changed(link, &sql, numbers)?;
    for account in accounts {
        account::release(link, &account)?;
    }
    Ok(done)
}

/// A statement tells how many it changed.
fn changed(link: &mut Link, sql: &str, numbers: &[i64]) -> Result<u64, Failed> {
    let changed: i64 = match link.row(sql, &[Value::Numbers(Some(numbers))])? {
        Some(row) => row.try_get(0)?,
        None => 0,
    };
    Ok(u64::try_from(changed).unwrap_or_default())
}

fn accounts(link: &mut Link, numbers: &[i64]) -> Result<Vec<String>, Failed> {
    let rows = link.rows(
        "select distinct account from justclick_dead where id = any($1) order by account",
        &[Value::Numbers(Some(numbers))],
    )?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Some dead rows that died longer ago than `keep` go. Returns how many.
pub(super) fn forget_part(link: &mut Link, keep: Duration) -> Result<u64, Failed> {
    let count = count::Change {
        dead: "-count(*)",
        dropped: "count(*)",
        from: "gone having count(*) > 0",
        ..count::NONE
    };
    let sql = format!(
        "with gone as (
             delete from justclick_dead where id in
                 (select id from justclick_dead where died_at < {NOW} - $1
                  order by died_at limit $2 for update skip locked)
             returning id
         ), counted as (
             {}
         )
         select count(*) from gone",
        count.sql()
    );
    let values = [
        Value::Number(milliseconds(keep)),
        Value::Number(i64::from(CHUNK)),
    ];
    let gone: i64 = match link.row(&sql, &values)? {
        Some(row) => row.try_get(0)?,
        None => 0,
    };
    Ok(u64::try_from(gone).unwrap_or_default())
}
