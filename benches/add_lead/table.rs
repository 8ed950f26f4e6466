//! The table of the README.

use std::fmt::Write;
use std::fs;

use crate::c_programs::root;
use crate::measured::{Highest, Lowest, Measured};

const START: &str = "<!-- Written by `make bench`. -->\n";
const END: &str = "<!-- Up to here. -->\n";

/// The columns: what stands above, and how a row's cell is found. Ratios are to the first row.
type Column = (&'static str, fn(&Measured, &Measured) -> String);

const COLUMNS: [Column; 11] = [
    ("wall, median / p99, µs", |m, _| {
        pair(m.near.median, m.near.last, 1e3)
    }),
    ("CPU, µs", |m, _| number(m.near.cpu.0 / 1e3)),
    ("CPU, times C's", |m, first| {
        format!("{:.2}", m.near.cpu.0 / first.near.cpu.0)
    }),
    ("leads/s at 1 / 8 / 32", |m, _| rates(&m.near_rates)),
    ("memory, MB", |m, _| number(m.near.memory.0 * 1024.0 / 1e6)),
    ("start to exit, ms", |m, _| number(m.start_to_exit.0 * 1e3)),
    ("30 ms away: median / p99, ms", |m, _| {
        pair(m.far.median, m.far.last, 1e6)
    }),
    ("CPU, µs", |m, _| number(m.far.cpu.0 / 1e3)),
    ("leads/s at 1 / 8 / 32", |m, _| rates(&m.far_rates)),
    ("system's roots: median, µs", |m, _| {
        number(m.bundle.median.0 / 1e3)
    }),
    ("start to exit, ms", |m, _| {
        number(m.bundle_start_to_exit.0 * 1e3)
    }),
];

pub fn text(rows: &[(&str, Measured)], certificates: usize) -> String {
    let mut text = format!(
        "On {} CPUs, which server and client share; a file with one certificate authority, and for \"system's roots\" one with {certificates}.\n\n| client |",
        std::thread::available_parallelism().map_or(1, usize::from)
    );
    for (head, _) in COLUMNS {
        let _ = write!(text, " {head} |");
    }
    let _ = writeln!(text, "\n|---|{}", "--:|".repeat(COLUMNS.len()));
    for (name, measured) in rows {
        let _ = write!(text, "| {name} |");
        for (_, cell) in COLUMNS {
            let _ = write!(text, " {} |", cell(measured, &rows[0].1));
        }
        text.push('\n');
    }
    text
}

pub fn write_into_readme(text: &str) {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).expect("the README");
    let (before, rest) = readme.split_once(START).expect("the table's place");
    let (_, after) = rest.split_once(END).expect("the table's end");
    fs::write(path, format!("{before}{START}\n{text}\n{END}{after}")).expect("the README");
}

/// With three digits, or all before the point.
fn number(number: f64) -> String {
    let places = match number {
        100.0.. => 0,
        10.0..100.0 => 1,
        _ => 2,
    };
    format!("{number:.places$}")
}

fn pair(median: Lowest, last: Lowest, unit: f64) -> String {
    format!("{} / {}", number(median.0 / unit), number(last.0 / unit))
}

fn rates(rates: &[Highest; 3]) -> String {
    rates.map(|rate| number(rate.0)).join(" / ")
}
