//! Reads what is left in a damaged file, page by page and without SQLite, which gives a table up at its
//! first damaged page.
//!
//! The formats are those of <https://www.sqlite.org/fileformat2.html>. Deleted rows are not found
//! again, since the store overwrites them (`secure_delete`).

mod cells;
mod pages;
mod record;

use std::path::Path;

use super::failure;
use super::file;
use super::foreign;
use super::process;
use crate::error::Error;
use crate::function;
use crate::outbox::row::NewRow;
use crate::query::Query;
use crate::text;
use cells::cells;
use pages::Pages;
use record::{Record, Value};

/// Hands each lead of the file to `take`, and returns how many rows were there that could not be read as
/// a whole.
pub(crate) fn salvage(
    path: &Path,
    mut take: impl FnMut(Salvaged) -> Result<(), Error>,
) -> Result<u64, Error> {
    let unreadable = |error| failure::at(Some(path), &text::shown_error(&error));
    check_unused(path)?;
    let pages = Pages::open(path).map_err(unreadable)?;
    let mut lost = 0;
    for number in 1..=pages.count() {
        let Some(page) = pages.read(number).map_err(unreadable)? else {
            continue;
        };
        for cell in cells(&page, number) {
            let payload = cell.and_then(|cell| pages.payload(&page, cell));
            match payload.and_then(|payload| lead(&payload)) {
                Some(Found::Lead(lead)) => take(lead)?,
                Some(Found::OtherTable) => {}
                None => lost += 1,
            }
        }
    }
    Ok(lost)
}

/// Our reading would end the locks of a connection that this process has, by whatever library.
fn check_unused(path: &Path) -> Result<(), Error> {
    let call = process::enter()?;
    let is_ours = file::id(path).is_some_and(|file| call.opened(file).is_some());
    if is_ours || (path.is_file() && foreign::is_open(path)) {
        return Err(failure::at(
            Some(path),
            "this process has it open: close it before it is salvaged",
        ));
    }
    Ok(())
}

/// A lead that was found.
pub(crate) struct Salvaged {
    pub(crate) lead: NewRow,
    pub(crate) is_dead: bool,
}

enum Found {
    Lead(Salvaged),
    OtherTable,
}

/// A row of one of the two tables of leads, by the types of its columns; `None` for one that is
/// damaged.
fn lead(payload: &[u8]) -> Option<Found> {
    use Value::{Integer, Null, Text};
    let record = Record::parse(payload)?;
    let (is_dead, account, key, function, query) = match record.values() {
        #[rustfmt::skip]
        [Null, Text(account), Text(key), Text(function), Integer, Integer, Integer, Integer, Integer,
            Integer, Integer, Integer, Text(_), Text(query)] => (false, account, key, function, query),
        #[rustfmt::skip]
        [Null, Text(account), Text(key), Text(function), Integer, Integer, Integer, Integer, Integer,
            Text(_), Integer, Text(_), Text(query)] => (true, account, key, function, query),
        values if values.len() < 13 => return Some(Found::OtherTable),
        _ => return None,
    };
    let query = Query::parse(query).ok()?;
    function::check(function, &query).ok()?;
    Some(Found::Lead(Salvaged {
        lead: NewRow {
            account: (*account).to_owned(),
            key: (*key).to_owned(),
            function: (*function).to_owned(),
            query,
        },
        is_dead,
    }))
}
