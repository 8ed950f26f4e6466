//! Writes what became of a claimed lead.

use mysql_common::Value;

use super::account::{self, Change};
use super::clock::{self, milliseconds};
use super::count::{self, Counts};
use super::failure::Failed;
use super::link::Link;
use crate::outbox::row::{Claimed, Death, Settlement};

/// Whether it says something of the account, which needs a row then.
pub(super) fn is_of_account(settlement: &Settlement) -> bool {
    match settlement {
        Settlement::Delivered | Settlement::Dead(_) => false,
        Settlement::Later { circuit, .. } => circuit.is_some(),
        Settlement::Hold { .. } => true,
    }
}

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
    let (is_ours, change, counts) = match settlement {
        Settlement::Delivered => (
            remove(link, claimed)?,
            Change::Works,
            Counts {
                living: -1,
                delivered: 1,
                ..Counts::default()
            },
        ),
        Settlement::Dead(death) => (
            bury(link, claimed, death, now)?,
            Change::Answers,
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
            circuit,
        } => (
            put_off(
                link,
                claimed,
                now + milliseconds(*wait),
                *may_have_arrived,
                reason,
            )?,
            circuit.map_or(Change::Unknown, |pause| Change::Circuit(pause, reason)),
            Counts::default(),
        ),
        Settlement::Hold { pause, reason } => (
            put_back(link, claimed, reason)?,
            Change::Hold(*pause, credentials, reason),
            Counts::default(),
        ),
    };
    if is_ours {
        account::change(link, name, claimed.id, &change, now)?;
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
