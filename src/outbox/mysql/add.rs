//! Keeps a lead.

use mysql_common::Value;

use super::clock::now;
use super::count::{self, Counts};
use super::failure::Failed;
use super::link::Link;
use crate::outbox::row::{Kept, NewRow};
use crate::outbox::within::mysql::ACCOUNT_LIMIT;

/// Keeps it, unless its key waits already or `limit` rows are kept. `before` is what it came to where
/// the answer to the commit was lost.
pub(super) fn add(
    link: &mut Link,
    row: &NewRow,
    limit: u64,
    before: Option<&Kept>,
) -> Result<Kept, Failed> {
    let length = row.account.len();
    if length > ACCOUNT_LIMIT {
        return Err(Failed::TooLarge(format!(
            "username and base URL have {length} bytes, and it takes at most {ACCOUNT_LIMIT}"
        )));
    }
    let found = link
        .run(
            concat!(
                "select ",
                now!(),
                ", (select id from justclick_outbox where account = ? and `key` = ?),
                   (select cast(sum(living + dead) as signed) from justclick_count)"
            ),
            &[row.account.as_str().into(), row.key.as_str().into()],
        )?
        .first()?;
    if !found.is_null(1) {
        let id = found.int(1)?;
        // Others see a row before the disk has it, and this caller is promised that it has.
        count::touch(link)?;
        let is_ours = before.is_some_and(|kept| kept.id == id && !kept.was_there);
        return Ok(Kept {
            id,
            was_there: !is_ours,
        });
    }
    if found.count::<u64>(2)? >= limit {
        return Err(Failed::Full(limit));
    }
    let id = insert(link, row, found.int(0)?)?;
    count::change(
        link,
        Counts {
            living: 1,
            ..Counts::default()
        },
    )?;
    Ok(Kept {
        id,
        was_there: false,
    })
}

fn insert(link: &mut Link, row: &NewRow, now: i64) -> Result<i64, Failed> {
    let now: Value = now.into();
    let done = link.run(
        "insert into justclick_outbox
             (account, `key`, `function`, due, due_before, kept_at, waits_since, reason, query)
         values (?, ?, ?, ?, ?, ?, ?, '', ?)",
        &[
            row.account.as_str().into(),
            row.key.as_str().into(),
            row.function.as_str().into(),
            now.clone(),
            now.clone(),
            now.clone(),
            now,
            row.query.as_str().into(),
        ],
    )?;
    Ok(done.last_id)
}
