//! Keeps a lead in PostgreSQL by a statement within a transaction of the caller's own.

use crate::outbox::new_row::hex;
use crate::outbox::row::NewRow;
use crate::outbox::statement::Statement;

/// The database's time in milliseconds since 1970, read once in a statement.
macro_rules! now {
    () => {
        "(select cast(extract(epoch from clock_timestamp()) * 1000 as int8))"
    };
}
#[cfg(feature = "postgres")]
pub(in crate::outbox) use now;

/// The row that is counted has no slot: the transaction may take long, and others would wait for one. The
/// key comes as digits, since the caller's connection may have another encoding.
const SQL: &str = concat!(
    "with lead as materialized (
    select cast(? as text) as account, convert_from(decode(cast(? as text), 'hex'), 'UTF8') as key,
        cast(? as text) as function, cast(? as text) as query, ",
    now!(),
    " as now
), added as (
    insert into justclick_outbox
        (account, key, function, due, due_before, kept_at, waits_since, query)
    select account, key, function, now, now, now, now, query from lead
    on conflict (account, key) do nothing
    returning 1
)
insert into justclick_count (living) select 1 from added"
);

pub(super) fn statement(row: &NewRow) -> Statement {
    Statement {
        sql: SQL,
        parameters: vec![
            row.account.clone(),
            hex(row.key.as_bytes()),
            row.function.clone(),
            row.query.as_str().to_owned(),
        ],
    }
}
