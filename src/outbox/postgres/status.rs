//! How much there is. Nothing here reads all rows.

use super::count;
use super::failure::Failed;
use super::link::Link;
use super::schema::NOW;
use crate::outbox::moment::lasting;
use crate::outbox::row::{AccountStatus, Status};

pub(super) fn status(link: &mut Link) -> Result<Status, Failed> {
    let (mut status, counts) = counted(link)?;
    status.accounts = paused(link)?;
    if counts > count::MANY {
        count::fold(link)?;
    }
    Ok(status)
}

/// As of one moment. The index leads from account to account, and to the first that is due of each.
fn counted(link: &mut Link) -> Result<(Status, i64), Failed> {
    let sql = format!(
        "with recursive name (account) as (
             (select account from justclick_outbox order by account limit 1)
             union all
             select (select other.account from justclick_outbox as other
                     where other.account > name.account order by other.account limit 1)
             from name where name.account is not null
         ), time as materialized (
             select {NOW} as now
         ), counted as (
             select coalesce(sum(living), 0)::int8 as living, coalesce(sum(dead), 0)::int8 as dead,
                    coalesce(sum(delivered), 0)::int8 as delivered,
                    coalesce(sum(dropped), 0)::int8 as dropped,
                    count(*) filter (where slot is null) as counts
             from justclick_count
         )
         select living, dead, delivered, dropped, counts,
                (select count(*) from justclick_outbox where state = 1),
                now - (select kept_at from justclick_outbox where state = 0 order by id limit 1),
                (select min((select other.due from justclick_outbox as other
                             where other.account = name.account order by other.due limit 1))
                 from name) - now
         from counted, time"
    );
    let Some(row) = link.row(&sql, &[])? else {
        return Failed::refused("it answered without a row");
    };
    let number = |column: usize| -> Result<u64, Failed> {
        Ok(u64::try_from(row.try_get::<_, i64>(column)?).unwrap_or_default())
    };
    let leased = number(5)?;
    let status = Status {
        waiting: number(0)?.saturating_sub(leased),
        leased,
        dead: number(1)?,
        delivered: number(2)?,
        dropped: number(3)?,
        spooled: 0,
        oldest_waiting: row.try_get::<_, Option<i64>>(6)?.map(lasting),
        next_due: row.try_get::<_, Option<i64>>(7)?.map(lasting),
        accounts: Vec::new(),
    };
    Ok((status, row.try_get(4)?))
}

fn paused(link: &mut Link) -> Result<Vec<AccountStatus>, Failed> {
    let sql = format!(
        "select account, greatest(held_until, circuit_until) - {NOW}, reason from justclick_account
         where hold_failures + circuit_failures > 0 order by account"
    );
    let rows = link.rows(&sql, &[])?;
    (rows.iter())
        .map(|row| {
            Ok(AccountStatus {
                account: row.try_get(0)?,
                held_for: lasting(row.try_get(1)?),
                reason: row.try_get(2)?,
            })
        })
        .collect()
}
