//! What becomes a lead of a row.

use justclick::{Error, Lead, field};

use super::headings;
use super::table::{Row, Table};
use crate::arguments::Import;
use crate::failure::Failure;

/// Reads leads from rows.
pub struct Reader {
    groups: Vec<String>,
    /// A field and the columns that it is joined of.
    pub columns: Vec<(String, Vec<usize>)>,
    fixed: Vec<(String, String)>,
}

impl Reader {
    pub fn new(task: &Import, table: &Table) -> Result<Reader, Failure> {
        let headings: Vec<&str> = table.headings.iter().flat_map(|row| row.iter()).collect();
        let mut columns = headings::meant(&headings);
        for (name, column) in &task.map {
            let column = place(column, &headings)?;
            columns.retain(|(known, _)| known != name);
            columns.push((name.clone(), vec![column]));
        }
        if headings.is_empty() && !columns.iter().any(|(name, _)| name == field::EMAIL) {
            columns.extend(
                column_of_addresses(table)?.map(|column| (field::EMAIL.to_owned(), vec![column])),
            );
        }
        let reader = Reader {
            groups: task.groups.clone(),
            columns,
            fixed: task.fields.clone(),
        };
        reader.check(&headings)?;
        Ok(reader)
    }

    /// What is wrong with all rows is told before the first.
    fn check(&self, headings: &[&str]) -> Result<(), Failure> {
        if !self.columns.iter().any(|(name, _)| name == field::EMAIL) {
            let seen = headings
                .iter()
                .map(|heading| format!("\"{}\"", heading.trim()));
            return Err(Failure::WrongUse(format!(
                "no column is known to hold the e-mail address; name it: --map lead_email=COLUMN{}",
                match seen.collect::<Vec<_>>().join(", ") {
                    seen if seen.is_empty() => " (1 is the first)".to_owned(),
                    seen => format!(", one of {seen}"),
                }
            )));
        }
        let mut lead = Lead::new();
        for group in &self.groups {
            lead.add_group(group)?;
        }
        for (name, value) in &self.fixed {
            lead.set(name, value)?;
        }
        for (name, _) in &self.columns {
            lead.unset(name)?;
        }
        Ok(())
    }

    /// The lead of a row, with all its rules checked.
    pub fn lead(&self, row: &Row) -> Result<Lead, Error> {
        let mut lead = Lead::new();
        for group in &self.groups {
            lead.add_group(group)?;
        }
        for (name, value) in &self.fixed {
            lead.set(name, value)?;
        }
        for (name, columns) in &self.columns {
            let value = self.joined(row, columns);
            if !value.is_empty() || name == field::EMAIL {
                lead.set(name, value)?;
            }
        }
        lead.query()?;
        Ok(lead)
    }

    pub fn joined(&self, row: &Row, columns: &[usize]) -> String {
        let values = columns.iter().filter_map(|column| row.values.get(*column));
        let values: Vec<&str> = values
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect();
        values.join(" ")
    }
}

/// A column by its heading or its number from 1.
fn place(column: &str, headings: &[&str]) -> Result<usize, Failure> {
    let by_heading = headings
        .iter()
        .position(|heading| heading.trim().to_lowercase() == column.trim().to_lowercase());
    let by_number = || column.parse::<usize>().ok()?.checked_sub(1);
    by_heading
        .or_else(by_number)
        .ok_or_else(|| Failure::WrongUse(format!("--map: there is no column \"{column}\"")))
}

/// Without headings: the one column whose values hold an "@".
fn column_of_addresses(table: &Table) -> Result<Option<usize>, Failure> {
    let first = table.rows()?.next().transpose()?;
    Ok(first.and_then(|row| row.values.iter().position(|value| value.contains('@'))))
}
