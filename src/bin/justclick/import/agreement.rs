//! Shows how a table is understood, and asks whether that is right.

use std::io::{self, BufRead, IsTerminal, Write};

use super::row::Reader;
use super::table::Table;
use crate::failure::Failure;

const SHOWN_ROWS: usize = 3;

/// Shows the columns and the first rows on stderr.
pub fn show(table: &Table, reader: &Reader) -> Result<(), Failure> {
    let separator = match table.separator {
        b'\t' => "tabs".to_owned(),
        other => format!("\"{}\"", char::from(other)),
    };
    eprintln!(
        "{}: {}, columns between {separator}",
        table.path.display(),
        table.encoding.name()
    );
    for (name, columns) in &reader.columns {
        let places: Vec<String> = columns
            .iter()
            .map(|column| heading(table, *column))
            .collect();
        eprintln!("    {name} is {}", places.join(" and "));
    }
    for column in left_out(table, reader) {
        eprintln!("    {} is not taken", heading(table, column));
    }
    for row in table.rows()?.take(SHOWN_ROWS) {
        let row = row?;
        let values = (reader.columns.iter())
            .map(|(name, columns)| format!("{name} = {}", reader.joined(&row, columns)));
        eprintln!(
            "line {}: {}",
            row.line,
            values.collect::<Vec<_>>().join(", ")
        );
    }
    Ok(())
}

fn heading(table: &Table, column: usize) -> String {
    let heading = table.headings.as_ref().and_then(|row| row.get(column));
    heading.map_or_else(
        || format!("column {}", column + 1),
        |heading| format!("column {} \"{}\"", column + 1, heading.trim()),
    )
}

fn left_out(table: &Table, reader: &Reader) -> Vec<usize> {
    let columns = table.headings.as_ref().map_or(0, csv::StringRecord::len);
    let is_taken = |column: &usize| {
        reader
            .columns
            .iter()
            .any(|(_, taken)| taken.contains(column))
    };
    (0..columns).filter(|column| !is_taken(column)).collect()
}

/// Goes on where the person agrees; where nobody can be asked, `yes` has to be given.
pub fn ask(table: &Table, reader: &Reader, yes: bool) -> Result<(), Failure> {
    show(table, reader)?;
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::WrongUse(
            "is that right? Nobody can be asked here: add --yes, or change it by --map, --encoding, --separator".to_owned(),
        ));
    }
    eprint!("Is that right? Type y to send: ");
    let _ = io::stderr().flush();
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    if read.is_ok()
        && matches!(
            answer.trim().to_lowercase().as_str(),
            "y" | "yes" | "д" | "да"
        )
    {
        return Ok(());
    }
    Err(Failure::WrongUse(
        "nothing was sent; change how it is understood by --map, --encoding and --separator"
            .to_owned(),
    ))
}
