//! Finds the rows of a selection, and lists, retries and drops them.

use std::collections::BTreeSet;

use mysql_common::Value;

use super::account;
use super::clock;
use super::count::{self, Counts};
use super::failure::Failed;
use super::link::{Link, Reply, Row};
use crate::outbox::moment::between;
use crate::outbox::row::{Listed, Selection, State};

/// How many rows one transaction changes, so that others wait for a moment only.
pub(super) const CHUNK: u32 = 200;

/// The rows by their numbers.
pub(super) fn list(link: &mut Link, selection: &Selection) -> Result<Vec<Listed>, Failed> {
    let now = clock::read(link)?;
    let found = both_tables(
        link,
        selection,
        "id, account, `key`, state, attempts, kept_at, due, reason, -1, '', query",
        "id, account, `key`, 2, attempts, kept_at, 0, reason, code, `text`, query",
    )?;
    found.iter().map(|row| listed(row, now)).collect()
}

/// The numbers of the next rows of a selection.
pub(super) fn numbers(link: &mut Link, selection: &Selection) -> Result<Vec<i64>, Failed> {
    let limited = Selection {
        limit: Some(selection.limit.map_or(CHUNK, |limit| limit.min(CHUNK))),
        ..selection.clone()
    };
    let found = both_tables(link, &limited, "id", "id")?;
    found.iter().map(|row| row.int(0)).collect()
}

/// Each table gives no more than is asked for, since what they give is sorted together.
fn both_tables(
    link: &mut Link,
    selection: &Selection,
    living: &str,
    dead: &str,
) -> Result<Vec<Row>, Failed> {
    let mut chosen = "id > ?".to_owned();
    let mut values: Vec<Value> = vec![selection.after.into()];
    if let Some(account) = &selection.account {
        chosen.push_str(" and account = ?");
        values.push(account.as_str().into());
    }
    if let Some(ids) = &selection.ids {
        chosen.push_str(&format!(" and id in ({})", listed_numbers(ids)));
    }
    let limit = selection.limit.map_or(u64::MAX, u64::from);
    let end = format!("order by id limit {limit}");
    let of_living = |state: &str| {
        format!("(select {living} from justclick_outbox where {chosen}{state} {end})")
    };
    let of_dead = format!("(select {dead} from justclick_dead where {chosen} {end})");
    let sql = match selection.state {
        None => {
            values.extend(values.clone());
            format!(
                "{} union all {of_dead} order by 1 limit {limit}",
                of_living("")
            )
        }
        Some(State::Waiting) => of_living(" and state = 0"),
        Some(State::Leased) => of_living(" and state = 1"),
        Some(State::Dead) => of_dead,
    };
    Ok(link.run_once(&sql, &values)?.rows)
}

/// The rows with these numbers, of a table that is called `leads` then, each found by its number. With
/// `in (…)`, a server reads all of a small table, and waits for what others have locked there.
fn by_number(table: &str, ids: &[i64]) -> String {
    let numbers: Vec<String> = ids.iter().map(|id| format!("select {id} as id")).collect();
    let chosen = match numbers.is_empty() {
        true => "select null as id".to_owned(),
        false => numbers.join(" union all "),
    };
    format!(
        "({chosen}) as chosen straight_join {table} as leads force index (primary)
         on leads.id = chosen.id"
    )
}

/// For `in (…)`, which must not be empty.
fn listed_numbers(ids: &[i64]) -> String {
    if ids.is_empty() {
        return "null".to_owned();
    }
    let digits: Vec<String> = ids.iter().map(i64::to_string).collect();
    digits.join(",")
}

fn listed(row: &Row, now: i64) -> Result<Listed, Failed> {
    let state = match row.int(3)? {
        0 => State::Waiting,
        1 => State::Leased,
        _ => State::Dead,
    };
    let due = if state == State::Waiting {
        row.int(6)?
    } else {
        now
    };
    Ok(Listed {
        id: row.int(0)?,
        account: row.text(1)?,
        key: row.text(2)?,
        state,
        attempts: row.count(4)?,
        age: between(row.int(5)?, now),
        due_in: between(now, due),
        reason: row.text(7)?,
        code: row.count(8)?,
        text: row.text(9)?,
        query: row.text(10)?,
    })
}

/// These rows go, but those that a worker has. Returns how many.
///
/// Dead ones come first, here and where they are retried, so that nobody waits in a circle.
pub(super) fn drop_rows(link: &mut Link, ids: &[i64]) -> Result<u64, Failed> {
    let now = clock::read(link)?;
    let dead = remove_dead(link, ids)?;
    let living = link
        .run_once(
            &format!(
                "delete leads from {} where not (leads.state = 1 and leads.due > ?)",
                by_number("justclick_outbox", ids)
            ),
            &[now.into()],
        )?
        .affected;
    count::change(
        link,
        Counts {
            living: -signed(living),
            dead: -signed(dead),
            dropped: signed(living + dead),
            ..Counts::default()
        },
    )?;
    Ok(living + dead)
}

fn remove_dead(link: &mut Link, ids: &[i64]) -> Result<u64, Failed> {
    let dead = by_number("justclick_dead", ids);
    Ok(link.plain(&format!("delete leads from {dead}"))?.affected)
}

/// These dead rows wait again. One whose key waits in another row stays dead.
pub(super) fn retry_rows(link: &mut Link, ids: &[i64]) -> Result<u64, Failed> {
    let now: Value = clock::read(link)?.into();
    let dead = by_number("justclick_dead", ids);
    let locked = link.plain(&format!(
        "select leads.id, leads.account from {dead} for update"
    ))?;
    let accounts: BTreeSet<String> =
        (locked.rows.iter().map(|row| row.text(1))).collect::<Result<_, _>>()?;
    let mut moved = Vec::new();
    for id in ids_of(&locked)? {
        if revive(link, id, &now)? {
            moved.push(id);
        }
    }
    let changed = remove_dead(link, &moved)?;
    for account in accounts {
        account::release(link, &account)?;
    }
    count::change(
        link,
        Counts {
            living: signed(changed),
            dead: -signed(changed),
            ..Counts::default()
        },
    )?;
    Ok(changed)
}

/// A row whose key somebody adds at this moment is passed over as well. To insert what a statement
/// selects would lock the table's numbers against all who add.
fn revive(link: &mut Link, id: i64, now: &Value) -> Result<bool, Failed> {
    let found = link.run(
        "select account, `key`, `function`, fence, may_have_arrived, kept_at, query
         from justclick_dead as leads
         where id = ? and not exists (select 1 from justclick_outbox as living
             where living.account = leads.account and living.`key` = leads.`key`)",
        &[id.into()],
    )?;
    let Some(row) = found.any() else {
        return Ok(false);
    };
    let (account, key, function) = (row.text(0)?, row.text(1)?, row.text(2)?);
    let inserted = link.run(
        "insert ignore into justclick_outbox (id, account, `key`, `function`, fence,
             may_have_arrived, due, due_before, kept_at, waits_since, reason, query)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?)",
        &[
            id.into(),
            account.into(),
            key.into(),
            function.into(),
            row.int(3)?.into(),
            row.int(4)?.into(),
            now.clone(),
            now.clone(),
            row.int(5)?.into(),
            now.clone(),
            row.text(6)?.into(),
        ],
    )?;
    Ok(inserted.affected > 0)
}

/// Some dead rows that died longer ago than `keep` go. Returns how many.
pub(super) fn forget(link: &mut Link, keep: i64) -> Result<u64, Failed> {
    let before = clock::read(link)?.saturating_sub(keep);
    let found = link.run(
        "select id from justclick_dead where died_at < ? order by died_at limit ?",
        &[before.into(), CHUNK.into()],
    )?;
    let mut ids = ids_of(&found)?;
    ids.sort_unstable();
    let gone = remove_dead(link, &ids)?;
    count::change(
        link,
        Counts {
            dead: -signed(gone),
            dropped: signed(gone),
            ..Counts::default()
        },
    )?;
    Ok(gone)
}

fn ids_of(reply: &Reply) -> Result<Vec<i64>, Failed> {
    reply.rows.iter().map(|row| row.int(0)).collect()
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
