//! A table: its encoding, the character between two columns, its headings and its rows.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::Encoding;
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

use super::encoding;
use crate::arguments::Import;
use crate::failure::Failure;

/// So many rows are looked at to find what separates columns.
const LOOKED_AT: usize = 100;
const SEPARATORS: [u8; 3] = [b';', b',', b'\t'];
/// Excel's own line at the start of a file: "sep=;".
const EXCEL: &str = "sep=";

pub struct Table {
    pub path: PathBuf,
    pub encoding: &'static Encoding,
    pub has_mark: bool,
    pub digest: String,
    pub separator: u8,
    /// None where the first row is a contact.
    pub headings: Option<StringRecord>,
    /// How many rows stand before the first contact.
    skipped: usize,
}

/// A row, and the line of the file where it begins.
pub struct Row {
    pub line: u64,
    /// From 1, without headings and empty rows.
    pub number: u64,
    pub values: StringRecord,
}

impl Table {
    pub fn of(task: &Import) -> Result<Table, Failure> {
        let survey = encoding::survey(&task.file, task.encoding.as_deref())?;
        let mut table = Table {
            path: task.file.clone(),
            encoding: survey.encoding,
            has_mark: survey.has_mark,
            digest: survey.digest,
            separator: b',',
            headings: None,
            skipped: 0,
        };
        table.separator = match task.separator {
            Some(separator) => separator,
            None => table.found_separator()?,
        };
        table.find_headings()?;
        Ok(table)
    }

    /// The one that cuts the first rows into as many columns each.
    fn found_separator(&self) -> Result<u8, Failure> {
        let mut best = (0, SEPARATORS[1]);
        for separator in SEPARATORS {
            let rows = self.first_rows(separator)?;
            if let Some(told) = rows.first().and_then(|row| row.get(0)?.strip_prefix(EXCEL))
                && let [byte] = told.as_bytes()
            {
                return Ok(*byte);
            }
            let columns = rows.first().map_or(0, StringRecord::len);
            let alike = rows.iter().filter(|row| row.len() == columns).count();
            let score = if columns < 2 {
                0
            } else {
                alike * 1000 + columns
            };
            if score > best.0 {
                best = (score, separator);
            }
        }
        Ok(best.1)
    }

    fn first_rows(&self, separator: u8) -> Result<Vec<StringRecord>, Failure> {
        let mut rows = Vec::new();
        for row in self.records(separator)?.into_records().take(LOOKED_AT) {
            rows.push(row.map_err(|error| self.wrong(&error))?);
        }
        Ok(rows)
    }

    /// No heading holds an "@", and each row of contacts does.
    fn find_headings(&mut self) -> Result<(), Failure> {
        let rows = self.first_rows(self.separator)?;
        let is_excels =
            |row: &StringRecord| row.get(0).is_some_and(|value| value.starts_with(EXCEL));
        self.skipped = usize::from(rows.first().is_some_and(is_excels));
        let Some(first) = rows.get(self.skipped) else {
            return Err(Failure::WrongUse(format!(
                "{}: it is empty",
                self.path.display()
            )));
        };
        if !first.iter().any(|value| value.contains('@')) {
            self.headings = Some(first.clone());
            self.skipped += 1;
        }
        Ok(())
    }

    /// All rows of contacts, one after the other.
    pub fn rows(&self) -> Result<impl Iterator<Item = Result<Row, Failure>>, Failure> {
        let records = self
            .records(self.separator)?
            .into_records()
            .skip(self.skipped);
        let mut number = 0;
        Ok(records.filter_map(move |record| {
            let values = match record {
                Ok(values) => values,
                Err(error) => return Some(Err(self.wrong(&error))),
            };
            if values.iter().all(|value| value.trim().is_empty()) {
                return None;
            }
            number += 1;
            let line = values.position().map_or(0, csv::Position::line);
            Some(Ok(Row {
                line,
                number,
                values,
            }))
        }))
    }

    fn records(&self, separator: u8) -> Result<csv::Reader<impl Read>, Failure> {
        let file = File::open(&self.path).map_err(|error| self.wrong(&error))?;
        Ok(ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(decoded(file, self.encoding)))
    }

    fn wrong(&self, error: &dyn std::fmt::Display) -> Failure {
        Failure::WrongUse(format!("{}: {error}", self.path.display()))
    }

    /// What stands before the file's ending: contacts.csv is called contacts.rejected.csv.
    pub fn beside(&self, word: &str) -> PathBuf {
        let ending = self
            .path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or("csv");
        Path::new(&self.path).with_extension(format!("{word}.{ending}"))
    }
}

fn decoded(file: File, encoding: &'static Encoding) -> DecodeReaderBytes<BufReader<File>, Vec<u8>> {
    DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .bom_override(true)
        .strip_bom(true)
        .build(BufReader::new(file))
}
