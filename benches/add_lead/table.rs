//! The table of `benches/README.md`, of which the README has the first columns.

use std::fmt::Write;
use std::fs;

use crate::c_programs::root;
use crate::measured::Measured;

const START: &str = "<!-- Written by `make bench`. -->\n";
const END: &str = "<!-- Up to here. -->\n";

/// The columns: what stands above, and how a row's cell is found. Ratios are to the first row.
type Column = (&'static str, fn(&Measured, &Measured) -> String);

const COLUMNS: [Column; 11] = [
    ("wall, median / p99, µs", |row, _| {
        pair(row.near.median, row.near.last, 1e3)
    }),
    ("CPU, µs", |row, _| number(row.near.cpu / 1e3)),
    ("CPU, times C's", |row, first| {
        format!("{:.2}", row.near.cpu / first.near.cpu)
    }),
    ("leads/s at 1 / 8 / 32", |row, _| rates(&row.near_rates)),
    ("memory, MB", |row, _| {
        number(row.near.memory * 1024.0 / 1e6)
    }),
    ("start to exit, ms", |row, _| {
        number(row.start_to_exit * 1e3)
    }),
    ("30 ms away: median / p99, ms", |row, _| {
        pair(row.far.median, row.far.last, 1e6)
    }),
    ("CPU, µs", |row, _| number(row.far.cpu / 1e3)),
    ("leads/s at 1 / 8 / 32", |row, _| rates(&row.far_rates)),
    ("system's roots: median, µs", |row, _| {
        number(row.bundle.median / 1e3)
    }),
    ("start to exit, ms", |row, _| {
        number(row.bundle_start_to_exit * 1e3)
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

/// The README has the library's own rows, these, and the first columns.
const SHOWN: [&str; 3] = [
    "C, libcurl, one handle",
    "PHP, curl, a new handle each",
    "Python, requests.Session",
];

pub fn write(text: &str) {
    let is_shown = |cell: &str| {
        let name = cell.trim();
        name == "client" || name.starts_with(['*', '-']) || SHOWN.contains(&name)
    };
    let mut short = String::new();
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.split('|').collect();
        if is_shown(cells[1]) {
            let _ = writeln!(short, "{}|", cells[..4].join("|"));
        }
    }
    write_into("README.md", &short);
    write_into("benches/README.md", text);
}

fn write_into(path: &str, table: &str) {
    let path = root().join(path);
    let readme = fs::read_to_string(&path).expect("the README");
    let (before, rest) = readme.split_once(START).expect("the table's place");
    let (_, after) = rest.split_once(END).expect("the table's end");
    fs::write(path, format!("{before}{START}\n{table}\n{END}{after}")).expect("the README");
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

fn pair(median: f64, last: f64, unit: f64) -> String {
    format!("{} / {}", number(median / unit), number(last / unit))
}

fn rates(rates: &[f64; 3]) -> String {
    rates.map(number).join(" / ")
}
