//! The words of `justclick import`.

use std::path::PathBuf;

use clap::Args;

use super::pair::pair;

/// A table of contacts and where they go.
#[derive(Args)]
#[command(after_help = "\
Examples:
    justclick import contacts.csv --group super --dry-run
    justclick import contacts.csv --group super --in-flight 8
    justclick import contacts.csv --group super --map lead_email=2,lead_name=1 --rate 20/s --yes

Stopped by Ctrl-C, a crash or the loss of power, the same command goes on where it was. Rows that
break a rule, or that the service refuses, stand in contacts.rejected.csv afterwards, with the
reason.

Beside the file it keeps contacts.csv.outbox, with the contacts that are not delivered yet, and
contacts.csv.import, which tells how far it came. Both may be deleted when it is done.")]
pub struct Import {
    /// The file: CSV with commas, semicolons or tabs
    pub file: PathBuf,
    /// A group's identifier, such as super; any number of times
    #[arg(long = "group", value_name = "GROUP", required = true)]
    pub groups: Vec<String>,
    /// Which column is which field: lead_email=E-mail,lead_name=2, by the heading or the column's number
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',', value_parser = pair)]
    pub map: Vec<(String, String)>,
    /// A field that is the same for all, such as tag=fair; any number of times
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = pair)]
    pub fields: Vec<(String, String)>,
    /// The file's encoding, such as windows-1251, where it is not found
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// The character between two columns, or tab, where it is not found
    #[arg(long, value_name = "CHARACTER", value_parser = separator)]
    pub separator: Option<u8>,
    /// Keep the contacts in this outbox in place of contacts.csv.outbox
    #[arg(long, value_name = "LOCATION")]
    pub outbox: Option<String>,
    /// Send so many side by side
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub in_flight: u32,
    /// Send so many in a second, minute or hour at the most: 20/s, 600/min, 5000/h
    #[arg(long, value_name = "N/TIME", value_parser = rate)]
    pub rate: Option<f64>,
    /// Send nothing and keep nothing; tell what would be done
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask whether the columns are understood
    #[arg(long)]
    pub yes: bool,
    /// Import a file again that was imported before
    #[arg(long)]
    pub again: bool,
    /// Write what became of each row into this file
    #[arg(long, value_name = "PATH")]
    pub report: Option<PathBuf>,
}

fn separator(text: &str) -> Result<u8, String> {
    match (text, text.as_bytes()) {
        ("tab" | "\\t", _) => Ok(b'\t'),
        (_, [byte]) if byte.is_ascii() && !byte.is_ascii_alphanumeric() => Ok(*byte),
        _ => Err("it is one character that is no letter and no digit, or tab".to_owned()),
    }
}

fn rate(text: &str) -> Result<f64, String> {
    let (number, time) = text.split_once('/').unwrap_or((text, "s"));
    let seconds = match time {
        "s" => 1.0,
        "min" => 60.0,
        "h" => 3600.0,
        _ => return Err("it has to be N/s, N/min or N/h".to_owned()),
    };
    (number.parse().ok())
        .filter(|number| (0.001..=1e6).contains(number))
        .map(|number: f64| (number / seconds).max(0.001))
        .ok_or_else(|| "it has to be a number, such as 20/s".to_owned())
}
