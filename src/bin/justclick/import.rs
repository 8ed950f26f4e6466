//! `justclick import`: the contacts of a table. Its rows are kept in an outbox and delivered from there,
//! so that whatever ends it, the same command goes on.

mod agreement;
mod delivery;
mod encoding;
mod filling;
mod headings;
mod meter;
mod progress;
mod rejected;
mod row;
mod table;
mod writer;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use justclick::setting;
use serde_json::json;

use crate::account;
use crate::arguments::Import;
use crate::failure::{Code, Failure};
use crate::interruption;
use crate::output::Output;
use filling::Outboxes;
use progress::Progress;
use row::Reader;
use table::Table;

pub fn run(task: &Import, config: Option<&Path>, output: &Output) -> Result<Code, Failure> {
    let table = Table::of(task)?;
    let reader = Reader::new(task, &table)?;
    if task.dry_run {
        return rehearse(&table, &reader, output);
    }
    let client = account::client(config)?;
    let _alone = alone(&task.file)?;
    let mut progress = Progress::open(&beside(&task.file, "import"), &table.digest)?;
    if progress.is_over && !task.again {
        return Err(Failure::WrongUse(format!(
            "{} was imported before; to do it again, add --again",
            task.file.display()
        )));
    }
    if progress.is_over {
        progress.begin_again()?;
    }
    if !progress.is_begun() {
        agreement::ask(&table, &reader, task.yes)?;
    }
    interruption::await_signals()?;
    let location = match &task.outbox {
        Some(location) => location.clone(),
        None => text(beside(&task.file, "outbox"))?,
    };
    let mut outboxes = Outboxes {
        fast: account::outbox(&location, config)?,
        safe: account::outbox(&location, config)?,
    };
    outboxes.fast.set(setting::DURABILITY, "crash")?;
    filling::fill(&table, &reader, &outboxes, &client, &mut progress)?;
    let (ended, why) = delivery::deliver(task, &outboxes.fast, &client)?;
    if let Some(why) = why {
        output.warn(&why);
    }
    let told = rejected::write(
        task.report.as_deref(),
        &table,
        &reader,
        &outboxes.fast,
        &progress,
    )?;
    let told_to_people = format!(
        "{} rows: {} delivered, {} rejected, {} waiting{}",
        told.rows,
        told.delivered,
        told.rejected,
        told.waiting,
        told.path
            .as_ref()
            .map_or_else(String::new, |path| format!("; see {}", path.display()))
    );
    output.tell(
        told_to_people,
        &json!({
            "rows": told.rows,
            "delivered": told.delivered,
            "rejected": told.rejected,
            "waiting": told.waiting,
            "rejected_file": told.path.as_ref().map(|path| path.display().to_string()),
        }),
    )?;
    if told.waiting == 0 {
        progress.end()?;
    }
    Ok(match ended {
        Code::Done if told.waiting > 0 => Code::Later,
        Code::Done if told.rejected > 0 => Code::Refused,
        other => other,
    })
}

/// Reads all rows, and sends and keeps nothing.
fn rehearse(table: &Table, reader: &Reader, output: &Output) -> Result<Code, Failure> {
    agreement::show(table, reader)?;
    let (mut rows, mut rejected) = (0_u64, 0_u64);
    for row in table.rows()? {
        let row = row?;
        rows += 1;
        if let Err(why) = reader.lead(&row) {
            rejected += 1;
            if rejected <= 10 {
                output.warn(&format!("line {}: {}", row.line, why.message()));
            }
        }
    }
    output.tell(
        format!(
            "{rows} rows: {} can be sent, {rejected} cannot",
            rows - rejected
        ),
        &json!({"rows": rows, "sendable": rows - rejected, "rejected": rejected}),
    )?;
    Ok(if rejected > 0 {
        Code::Refused
    } else {
        Code::Done
    })
}

/// Until this is dropped no other process imports the file.
fn alone(path: &Path) -> Result<File, Failure> {
    let file = File::open(path)
        .map_err(|error| Failure::WrongUse(format!("{}: {error}", path.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Failure::System(format!(
            "{}: another process imports it at this moment",
            path.display()
        ))),
        // A file system without locks.
        Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// A file beside the table: contacts.csv.outbox.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn text(path: PathBuf) -> Result<String, Failure> {
    (path.into_os_string().into_string())
        .map_err(|_| Failure::WrongUse("the file's path is not UTF-8; give --outbox".to_owned()))
}
