//! Keeps a lead in MySQL or MariaDB by statements within a transaction of the caller's own.

use crate::error::Error;
use crate::outbox::new_row::hex;
use crate::outbox::row::NewRow;
use crate::outbox::statement::Statement;

/// How long an account may be: with a key, it fills what InnoDB takes into an index.
pub(in crate::outbox) const ACCOUNT_LIMIT: usize = 2800;

/// The moment at which a statement begins.
macro_rules! now {
    () => {
        "timestampdiff(microsecond, '1970-01-01', utc_timestamp(6)) div 1000"
    };
}
#[cfg(feature = "mysql")]
pub(in crate::outbox) use now;

/// Looks without a lock whether the key waits: a lock would last as long as the caller's transaction,
/// and a worker that delivers the row would wait for it. A condition in the insert itself would lock.
const LOOK: &str = "select count(*) into @justclick_waits from justclick_outbox
where account = unhex(?) and `key` = unhex(?)";

/// Another may have kept the key since the transaction began, which the look does not see.
/// `last_insert_id()` is 0 then. How many rows a statement changed tells nothing, since drivers with
/// CLIENT_FOUND_ROWS count otherwise; `insert ignore` would hide other errors.
const INSERT: &str = concat!(
    "insert into justclick_outbox
    (account, `key`, `function`, due, due_before, kept_at, waits_since, reason, query)
select unhex(?), unhex(?), ?, moment.now, moment.now, moment.now, moment.now, '', ?
from (select ",
    now!(),
    " as now) as moment where @justclick_waits = 0
on duplicate key update fence = fence + last_insert_id(0)"
);

/// A row without a slot, since others would wait for one that has it.
const COUNT: &str = "insert into justclick_count (living)
select 1 from (select last_insert_id() as id) as added where @justclick_waits = 0 and added.id > 0";

/// Account and key are bytes and come as digits: a text would depend on the connection's character set.
pub(super) fn statements(row: &NewRow) -> Result<Vec<Statement>, Error> {
    check_account(row)?;
    let (account, key) = (hex(row.account.as_bytes()), hex(row.key.as_bytes()));
    Ok(vec![
        Statement {
            sql: LOOK,
            parameters: vec![account.clone(), key.clone()],
        },
        Statement {
            sql: INSERT,
            parameters: vec![
                account,
                key,
                row.function.clone(),
                row.query.as_str().to_owned(),
            ],
        },
        Statement {
            sql: COUNT,
            parameters: Vec::new(),
        },
    ])
}

/// A connection without strict mode would cut it.
fn check_account(row: &NewRow) -> Result<(), Error> {
    let length = row.account.len();
    if length <= ACCOUNT_LIMIT {
        return Ok(());
    }
    Err(Error::invalid_argument(format!(
        "base_url: with the username it has {length} bytes, and MySQL takes at most {ACCOUNT_LIMIT}"
    )))
}
