//! What became of the rows: counts, a file of those that were rejected, and a report of all.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use justclick::Outbox;
use justclick::outbox::row::{Selection, State};

use super::progress::Progress;
use super::row::Reader;
use super::table::Table;
use super::writer::Writer;
use crate::failure::Failure;

/// So many rows of the outbox are looked at in one go.
const PAGE: u32 = 1000;

/// How many rows became what.
#[derive(Default)]
pub struct Told {
    pub rows: u64,
    pub delivered: u64,
    pub rejected: u64,
    pub waiting: u64,
    /// The file of the rejected rows; none where there are none.
    pub path: Option<PathBuf>,
}

/// What the outbox still has of an import: the rows' numbers, and those of dead ones with their ids.
struct Left {
    waiting: BTreeSet<u64>,
    dead: Vec<(u64, i64)>,
}

/// Goes through the table once more.
pub fn write(
    report: Option<&Path>,
    table: &Table,
    reader: &Reader,
    outbox: &Outbox,
    progress: &Progress,
) -> Result<Told, Failure> {
    let left = Left::of(outbox, progress)?;
    let mut dead = left.dead.iter().peekable();
    let mut told = Told::default();
    let path = table.beside("rejected");
    let mut rejected = Writer::new(&path, table, &["line", "field", "reason"]);
    let mut report = report.map(|path| Writer::new(path, table, &["line", "state", "reason"]));
    for row in table.rows()? {
        let row = row?;
        told.rows += 1;
        let died = dead.next_if(|(number, _)| *number == row.number);
        let (state, field, reason) = if let Err(error) = reader.lead(&row) {
            let (field, reason) = apart(error.message());
            ("rejected", field, reason)
        } else if let Some((_, id)) = died {
            ("rejected", String::new(), reason(outbox, *id)?)
        } else if left.waiting.contains(&row.number) {
            ("waiting", String::new(), String::new())
        } else {
            ("delivered", String::new(), String::new())
        };
        match state {
            "rejected" => {
                told.rejected += 1;
                rejected.row(&[&row.line.to_string(), &field, &reason], &row.values)?;
            }
            "waiting" => told.waiting += 1,
            _ => told.delivered += 1,
        }
        if let Some(report) = &mut report {
            report.row(&[&row.line.to_string(), state, &reason], &row.values)?;
        }
    }
    told.path = rejected.finish()?;
    report.map(Writer::finish).transpose()?;
    Ok(told)
}

impl Left {
    fn of(outbox: &Outbox, progress: &Progress) -> Result<Left, Failure> {
        let mut left = Left {
            waiting: BTreeSet::new(),
            dead: Vec::new(),
        };
        let mut selection = Selection {
            limit: Some(PAGE),
            ..Selection::default()
        };
        loop {
            let rows = outbox.list(&selection)?;
            let Some(last) = rows.last() else { break };
            selection.after = last.id;
            for row in &rows {
                let number = row
                    .key
                    .strip_prefix(&progress.prefix())
                    .and_then(|number| number.parse().ok());
                match (number, row.state) {
                    (Some(number), State::Dead) => left.dead.push((number, row.id)),
                    (Some(number), State::Waiting | State::Leased) => {
                        left.waiting.insert(number);
                    }
                    (None, _) => {}
                }
            }
        }
        left.dead.sort_unstable();
        Ok(left)
    }
}

fn reason(outbox: &Outbox, id: i64) -> Result<String, Failure> {
    let rows = outbox.list(&Selection {
        ids: Some(vec![id]),
        ..Selection::default()
    })?;
    Ok(rows
        .into_iter()
        .next()
        .map(|row| row.reason)
        .unwrap_or_default())
}

/// The library's messages name the field first.
fn apart(message: &str) -> (String, String) {
    match message.split_once(": ") {
        Some((field, reason)) if !field.contains(' ') => (field.to_owned(), reason.to_owned()),
        _ => (String::new(), message.to_owned()),
    }
}
