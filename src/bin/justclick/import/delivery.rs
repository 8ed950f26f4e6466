//! Delivers what an import kept, until nothing waits.

use std::thread;
use std::time::Duration;

use justclick::outbox::{Limits, Report};
use justclick::{Client, Disposition, Error, Outbox};

use super::meter::Meter;
use crate::arguments::Import;
use crate::failure::{Code, Failure};
use crate::interruption;

const BETWEEN_LOOKS: Duration = Duration::from_millis(200);
/// Whoever sits before the terminal waits no longer for a lead that is tried again.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// How the delivery ended, and why where not all is done.
pub fn deliver(
    task: &Import,
    outbox: &Outbox,
    client: &Client,
) -> Result<(Code, Option<String>), Failure> {
    let mut limits = Limits::default();
    limits.in_flight = Some(task.in_flight);
    limits.per_second = task.rate;
    let status = outbox.status()?;
    let meter = Meter::of(status.waiting + status.leased, "delivered");
    let before = status.delivered + status.dead;
    loop {
        let report = watched(outbox, client, &limits, &meter, before)?;
        if interruption::has_come() {
            return Err(interruption::failure());
        }
        if report.held_by == Some(Disposition::Hold) {
            return Ok((Code::Held, report.held));
        }
        let Some(wait) = report.next_due else {
            return Ok((Code::Done, None));
        };
        if wait > PATIENCE {
            return Ok((Code::Later, report.held));
        }
        if let Some(why) = &report.held {
            meter.say(&format!("waits for {} s: {why}", wait.as_secs().max(1)));
        }
        interruption::sleep(wait.max(BETWEEN_LOOKS));
    }
}

/// One run, while the meter follows it.
fn watched(
    outbox: &Outbox,
    client: &Client,
    limits: &Limits,
    meter: &Meter,
    before: u64,
) -> Result<Report, Error> {
    thread::scope(|scope| {
        let run = scope.spawn(|| outbox.deliver(client, limits));
        while !run.is_finished() {
            thread::sleep(BETWEEN_LOOKS.min(Duration::from_millis(50)));
            // A status that cannot be had is no reason to stop what is sent.
            if let Ok(status) = outbox.status() {
                meter.set((status.delivered + status.dead).saturating_sub(before));
            }
        }
        run.join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
