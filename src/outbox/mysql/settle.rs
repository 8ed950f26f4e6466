//! Writes what became of a claimed lead.

use mysql_common::Value;

use super::account;
use super::clock;
use super::count::{self, Counts};
use super::failure::Failed;
use super::link::Link;
use crate::outbox::account::Change;
use crate::outbox::moment::milliseconds;
use crate::outbox::row::{Claimed, Death, Settlement};

/// False where another worker has the lead by now: then nothing changes. `before` is what it came to
/// where the answer to the commit was lost.
pub(super) fn settle(
    link: &mut Link,
    name: &str,
    credentials: &str,
    claimed: &Claimed,
    settlement: &Settlement,
    before: Option<&bool>,
) -> Result<bool, Failed> {
    let now = clock::read(link)?;
    let (is_ours, counts) = match settlement {
        Settlement::Delivered => (
            remove(link, claimed)?,
            Counts {
                living: -1,
                delivered: 1,
                ..Counts::default()
            },
        ),
        Settlement::Dead(death) => (
            bury(link, claimed, death, now)?,
            Counts {
                living: -1,
                dead: 1,
                ..Counts::default()
            },
        ),
        Settlement::Later {
            wait,
            may_have_arrived,
            reason,
            ..
        } => (
            put_off(
                link,
                claimed,
                now + milliseconds(*wait),
                *may_have_arrived,
                reason,
            )?,
            Counts::default(),
        ),
        Settlement::Hold { reason, .. } => (put_back(link, claimed, reason)?, Counts::default()),
    };
    if is_ours {
        let change = Change::of(settlement);
        account::change(link, name, credentials, claimed.id, change, now)?;
        count::change(link, counts)?;
    }
    Ok(is_ours || before == Some(&true))
}

fn fence(claimed: &Claimed) -> [Value; 2] {
    [claimed.id.into(), claimed.fence.into()]
}

fn remove(link: &mut Link, claimed: &Claimed) -> Result<bool, Failed> {
    let done = link.run(
        "delete from justclick_outbox where id = ? and fence = ? and state = 1",
        &fence(claimed),
    )?;
    Ok(done.affected > 0)
}

fn bury(link: &mut Link, claimed: &Claimed, death: &Death, now: i64) -> Result<bool, Failed> {
    let locked = link.run(
        "select id from justclick_outbox where id = ? and fence = ? and state = 1 for update",
        &fence(claimed),
    )?;
    if locked.any().is_none() {
        return Ok(false);
    }
    link.run(
        "insert into justclick_dead (id, account, `key`, `function`, fence, attempts,
             may_have_arrived, kept_at, died_at, reason, code, `text`, query)
         select id, account, `key`, `function`, fence, attempts + 1, may_have_arrived, kept_at,
                ?, ?, ?, ?, query
         from justclick_outbox where id = ?",
        &[
            now.into(),
            death.reason.as_str().into(),
            death.code.into(),
            death.text.as_str().into(),
            claimed.id.into(),
        ],
    )?;
    remove(link, claimed)
}

fn put_off(
    link: &mut Link,
    claimed: &Claimed,
    due: i64,
    may_have_arrived: bool,
    reason: &str,
) -> Result<bool, Failed> {
    let done = link.run(
        "update justclick_outbox
         set state = 0, due = ?, attempts = attempts + 1,
             may_have_arrived = may_have_arrived or ?, reason = ?
         where id = ? and fence = ? and state = 1",
        &[
            due.into(),
            may_have_arrived.into(),
            reason.into(),
            claimed.id.into(),
            claimed.fence.into(),
        ],
    )?;
    Ok(done.affected > 0)
}

/// It waits as if it had not been claimed.
fn put_back(link: &mut Link, claimed: &Claimed, reason: &str) -> Result<bool, Failed> {
    let done = link.run(
        "update justclick_outbox set state = 0, due = due_before, reason = ?
         where id = ? and fence = ? and state = 1",
        &[reason.into(), claimed.id.into(), claimed.fence.into()],
    )?;
    Ok(done.affected > 0)
}
