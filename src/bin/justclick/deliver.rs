//! `justclick deliver`: sends what is due in an outbox, once or for as long as it runs.

use std::path::Path;
use std::time::Duration;

use justclick::outbox::{Limits, Report};
use justclick::{Error, ErrorKind};

use crate::account;
use crate::arguments::Deliver;
use crate::failure::{Code, Failure};
use crate::interruption;
use crate::output::Output;

/// Others may add a lead at any time.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

pub fn run(task: &Deliver, config: Option<&Path>, output: &Output) -> Result<Code, Failure> {
    let client = account::client(config)?;
    let outbox = account::outbox(&task.location, config)?;
    interruption::await_signals()?;
    let mut limits = Limits::default();
    limits.time = task.seconds.map(Duration::from_secs);
    limits.leads = task.leads;
    limits.in_flight = Some(task.in_flight);
    limits.id = task.id;
    if task.watch {
        return watch(|| outbox.deliver(&client, &limits), output);
    }
    let report = outbox.deliver(&client, &limits)?;
    output.tell_json(&report, &report.to_json())?;
    Ok(ending(&report))
}

/// Runs until a signal comes. A store that is away is waited for, as a service that is away.
pub fn watch(
    deliver: impl Fn() -> Result<Report, Error>,
    output: &Output,
) -> Result<Code, Failure> {
    let mut last = None;
    while !interruption::has_come() {
        let wait = match deliver() {
            Ok(report) => {
                if last.as_ref() != Some(&report) && !is_idle(&report) {
                    output.tell_json(&report, &report.to_json())?;
                }
                let wait = report.next_due.unwrap_or(BETWEEN_LOOKS).min(BETWEEN_LOOKS);
                last = Some(report);
                wait
            }
            Err(error) if error.kind() == ErrorKind::NotStored => {
                output.warn(error.message());
                BETWEEN_LOOKS * 10
            }
            Err(error) => return Err(error.into()),
        };
        interruption::sleep(wait);
    }
    Ok(Code::Done)
}

fn is_idle(report: &Report) -> bool {
    report.held.is_none() && report.delivered + report.dead + report.later + report.overtaken == 0
}

/// What the run came to, by what is worst for who waits for it.
fn ending(report: &Report) -> Code {
    match report.held_by {
        Some(disposition) => disposition.into(),
        None if report.later > 0 => Code::Later,
        None if report.dead > 0 => Code::Refused,
        None => Code::Done,
    }
}
