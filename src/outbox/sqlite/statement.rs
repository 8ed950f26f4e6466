//! Keeps a lead in SQLite by a statement within a transaction of the caller's own.

use super::clock::{Clock, HostClock};
use crate::outbox::moment::milliseconds;
use crate::outbox::row::NewRow;
use crate::outbox::statement::Statement;

/// It begins with "insert", which is how Python's sqlite3 knows that a transaction is to begin. Where
/// the host was started anew since the store was last opened, time goes on from the wall clock, as it
/// will at the next opening.
const SQL: &str = "insert into justclick_outbox
    (id, account, key, function, due, due_before, kept_at, waits_since, query)
select last + 1, account, key, function, now, now, now, now, query from (
    select lead.*, max(last_id, coalesce((select max(id) from justclick_outbox), 0)) as last,
        case when store.boot = lead.boot then clock_offset + since_boot
            else max(clock_last, wall, coalesce(
                (select kept_at from justclick_outbox order by id desc limit 1), 0)) end as now
    from justclick_store as store, (
        select ? as account, ? as key, ? as function, ? as query, ? as boot,
            cast(? as integer) as since_boot, cast(? as integer) as wall
    ) as lead
) where true
on conflict (account, key) do nothing";

pub(in crate::outbox) fn statement(row: &NewRow) -> Statement {
    Statement {
        sql: SQL,
        parameters: vec![
            row.account.clone(),
            row.key.clone(),
            row.function.clone(),
            row.query.as_str().to_owned(),
            HostClock.boot(),
            milliseconds(HostClock.since_boot()).to_string(),
            milliseconds(HostClock.wall()).to_string(),
        ],
    }
}
