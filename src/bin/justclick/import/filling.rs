//! Keeps the rows of a table in an outbox.

use justclick::{Client, Lead, Outbox};

use super::meter::Meter;
use super::progress::Progress;
use super::row::Reader;
use super::table::Table;
use crate::failure::Failure;
use crate::interruption;

/// So many rows are written out to the disk at once, and are looked at again at the most after a crash.
const BATCH: u64 = 1000;

/// One outbox, opened twice.
pub struct Outboxes {
    /// What it keeps survives the end of this process.
    pub fast: Outbox,
    /// What it keeps survives the loss of power, with all that was kept before.
    pub safe: Outbox,
}

/// A batch of rows, of which the last that is kept writes out the others.
struct Batch<'a> {
    outboxes: &'a Outboxes,
    client: &'a Client,
    last: Option<(Lead, String)>,
}

impl Batch<'_> {
    fn keep(&mut self, lead: Lead, key: String) -> Result<(), Failure> {
        let before = self.last.replace((lead, key));
        add(&self.outboxes.fast, self.client, before)
    }

    fn write_out(&mut self) -> Result<(), Failure> {
        add(&self.outboxes.safe, self.client, self.last.take())
    }
}

fn add(outbox: &Outbox, client: &Client, row: Option<(Lead, String)>) -> Result<(), Failure> {
    if let Some((lead, key)) = row {
        outbox.add(client, &lead, Some(key.as_bytes()))?;
    }
    Ok(())
}

/// Keeps each row that was not kept before. A row that breaks a rule is left out, and told at the end.
pub fn fill(
    table: &Table,
    reader: &Reader,
    outboxes: &Outboxes,
    client: &Client,
    progress: &mut Progress,
) -> Result<(), Failure> {
    if progress.is_filled {
        return Ok(());
    }
    let meter = Meter::of_rows("rows are kept");
    let mut batch = Batch {
        outboxes,
        client,
        last: None,
    };
    for row in table.rows()? {
        let row = row?;
        if row.number <= progress.rows {
            continue;
        }
        if let Ok(lead) = reader.lead(&row) {
            batch.keep(lead, progress.key(row.number))?;
        }
        if row.number.is_multiple_of(BATCH) {
            batch.write_out()?;
            progress.rows = row.number;
            progress.save()?;
            meter.set(row.number);
            if interruption::has_come() {
                return Err(interruption::failure());
            }
        }
    }
    batch.write_out()?;
    progress.is_filled = true;
    progress.save()
}
