//! The table, and its place in `benches/README.md`.

use std::fmt::Write;
use std::fs;

use crate::contenders::Contender;
use crate::measured::Measured;

const START: &str = "<!-- Written by `make bench-import`. -->\n";
const END: &str = "<!-- Up to here. -->\n";
const HEAD: &str = "\
| by | rows/s | of import's | 30 ms away: rows/s | of import's | memory, MB | times import's |
|---|--:|--:|--:|--:|--:|--:|
";

/// A contender and its figures, near and far.
pub struct Row {
    pub contender: Contender,
    pub near: Option<Measured>,
    pub far: Option<Measured>,
}

impl Row {
    pub fn new(contender: Contender) -> Row {
        Row {
            contender,
            near: None,
            far: None,
        }
    }

    fn figures(&self) -> (Measured, Measured) {
        (
            self.near.expect("is measured"),
            self.far.expect("is measured"),
        )
    }
}

/// The ratios are to the first row. `whole` is its run over all `rows`; `size` is that of the command.
pub fn text(all: &[Row], rows: u32, whole: Measured, size: u64) -> String {
    let mut text = HEAD.to_owned();
    let (first_near, first_far) = all[0].figures();
    for row in all {
        let (near, far) = row.figures();
        let _ = writeln!(
            text,
            "| {} | {:.0} | {:.3} | {:.1} | {:.3} | {:.1} | {:.2} |",
            row.contender.name,
            near.rows_per_second,
            near.rows_per_second / first_near.rows_per_second,
            far.rows_per_second,
            far.rows_per_second / first_far.rows_per_second,
            near.memory / 1e6,
            near.memory / first_near.memory,
        );
    }
    let _ = writeln!(text, "\n| what | figure |\n|---|--:|");
    let _ = writeln!(
        text,
        "| {rows} rows by `justclick import` | {:.0} in a second, {:.1} MB of memory |",
        whole.rows_per_second,
        whole.memory / 1e6
    );
    let _ = writeln!(text, "| the command | {:.2} MB |", size as f64 / 1e6);
    text
}

/// Writes it behind the line that says so, up to the next that ends a table.
pub fn write(text: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/README.md");
    let readme = fs::read_to_string(path).expect("the file");
    let (before, rest) = readme.split_once(START).expect("the table's place");
    let (_, after) = rest.split_once(END).expect("the table's end");
    fs::write(path, format!("{before}{START}\n{text}\n{END}{after}")).expect("the file");
}
