//! Writes a table in the encoding and with the separator of another one.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use csv::{StringRecord, WriterBuilder};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::table::Table;
use crate::failure::Failure;

/// Rows with columns of its own before those of the table. The file is made with its first row.
pub struct Writer<'a> {
    path: PathBuf,
    table: &'a Table,
    columns: &'a [&'a str],
    file: Option<BufWriter<File>>,
}

impl<'a> Writer<'a> {
    pub fn new(path: &Path, table: &'a Table, columns: &'a [&'a str]) -> Writer<'a> {
        Writer {
            path: path.to_owned(),
            table,
            columns,
            file: None,
        }
    }

    pub fn row(&mut self, own: &[&str], values: &StringRecord) -> Result<(), Failure> {
        if self.file.is_none() {
            self.begin()?;
        }
        self.line(own, values)
    }

    /// The file's path, if there is a row in it.
    pub fn finish(mut self) -> Result<Option<PathBuf>, Failure> {
        let Some(mut file) = self.file.take() else {
            return Ok(None);
        };
        file.flush().map_err(|error| self.failed(&error))?;
        Ok(Some(self.path))
    }

    fn begin(&mut self) -> Result<(), Failure> {
        let file = File::create(&self.path).map_err(|error| self.failed(&error))?;
        self.file = Some(BufWriter::new(file));
        if self.table.has_mark {
            self.write("\u{FEFF}")?;
        }
        match &self.table.headings {
            Some(headings) => self.line(self.columns, headings),
            None => Ok(()),
        }
    }

    fn line(&mut self, own: &[&str], values: &StringRecord) -> Result<(), Failure> {
        let mut writer = WriterBuilder::new()
            .delimiter(self.table.separator)
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(Vec::new());
        let record = own.iter().copied().chain(values);
        writer
            .write_record(record)
            .map_err(|error| self.failed(&error))?;
        let line = writer.into_inner().map_err(|error| self.failed(&error))?;
        self.write(&String::from_utf8_lossy(&line))
    }

    fn write(&mut self, text: &str) -> Result<(), Failure> {
        let bytes = encoded(self.table.encoding, text);
        match &mut self.file {
            Some(file) => file
                .write_all(&bytes)
                .map_err(|error| Failure::System(format!("{}: {error}", self.path.display()))),
            None => Ok(()),
        }
    }

    fn failed(&self, error: &dyn std::fmt::Display) -> Failure {
        Failure::System(format!("{}: {error}", self.path.display()))
    }
}

/// As browsers never send UTF-16, the crate does not write it.
fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    if encoding == UTF_16LE {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    } else if encoding == UTF_16BE {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    } else if encoding == UTF_8 {
        text.as_bytes().to_vec()
    } else {
        encoding.encode(text).0.into_owned()
    }
}
