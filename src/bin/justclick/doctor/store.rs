//! The outbox: where it lies, who else uses it, and what it holds.

use std::path::Path;
use std::time::Instant;

use justclick::outbox::file_of;
use justclick::outbox::row::Status;

use super::finding::{Finding, Report};
use super::{disk, holders};
use crate::account;
use crate::failure::{Code, Failure};

const CHECK: &str = "outbox";

pub fn examine(location: &str, config: Option<&Path>, report: &mut Report) -> Result<(), Failure> {
    if let Some(path) = file_of(location)? {
        disk::examine(&path, report)?;
        // An empty file becomes an outbox with the first opening.
        if !std::fs::metadata(&path).is_ok_and(|found| found.len() > 0) {
            let found = format!(
                "{}: nothing is there yet; the first lead makes it",
                path.display()
            );
            return report.tell(Finding::skipped(CHECK, found));
        }
        report.tell(holders::judge(&path))?;
    }
    let start = Instant::now();
    let status = account::outbox(location, config).and_then(|outbox| Ok(outbox.status()?));
    let taken = start.elapsed();
    report.tell(match status {
        Ok(status) => judge(&status, taken.as_millis()),
        Err(failure) => refused(&failure),
    })
}

fn judge(status: &Status, milliseconds: u128) -> Finding {
    let found = format!("{status}; opened and asked in {milliseconds} ms");
    if (status.accounts.iter()).any(|account| !account.held_for.is_zero()) {
        let advice =
            "mend what the reason names; the leads wait unharmed, and go by themselves then";
        return Finding::warning(CHECK, found, advice);
    }
    if status.dead > 0 {
        let advice = "look at the dead ones by `justclick outbox list LOCATION --state dead`, then retry or drop them";
        return Finding::warning(CHECK, found, advice);
    }
    Finding::ok(CHECK, found)
}

fn refused(failure: &Failure) -> Finding {
    let text = failure.to_string();
    let advice = if text.contains("salvage") {
        "move the file away and save its leads: `justclick outbox salvage DAMAGED LOCATION`"
    } else {
        "do what the message says, then look again; leads cannot be kept there meanwhile"
    };
    let code = failure.code().max(Code::Refused);
    Finding::wrong(CHECK, code, text, advice)
}
