//! A table of times and other figures, and its place in the file.

use std::fmt::Write;
use std::fs;
use std::time::Duration;

use super::c_programs::root;

const END: &str = "<!-- Up to here. -->\n";

/// What was measured, as text.
#[derive(Default)]
pub struct Table {
    times: String,
    others: String,
}

impl Table {
    /// How long each of many took. Returns the median in microseconds.
    pub fn times(&mut self, what: &str, mut times: Vec<Duration>, beside: Option<f64>) -> f64 {
        times.sort_unstable();
        let at = |share: f64| times[(times.len() as f64 * share) as usize].as_secs_f64() * 1e6;
        self.quantiles(what, at(0.5), at(0.99), beside);
        at(0.5)
    }

    /// Two quantiles in microseconds, and what the first is compared with.
    pub fn quantiles(&mut self, what: &str, median: f64, late: f64, beside: Option<f64>) {
        let ratio = beside.map_or(String::new(), |beside| format!("{:.2}", median / beside));
        let row = format!("| {what} | {median:.0} / {late:.0} | {ratio} |");
        println!("{row}");
        let _ = writeln!(self.times, "{row}");
    }

    /// A figure of another kind.
    pub fn figure(&mut self, what: &str, figure: &str) {
        let row = format!("| {what} | {figure} |");
        println!("{row}");
        let _ = writeln!(self.others, "{row}");
    }

    /// Writes it behind the line that says so, up to the next that ends a table.
    pub fn write(&self, start: &str) {
        let start = format!("<!-- {start} -->\n");
        let (times, others) = (&self.times, &self.others);
        let table = format!(
            "| what | median / p99, µs | times a bare insert |\n|---|--:|--:|\n{times}\n| what | figure |\n|---|--:|\n{others}"
        );
        let path = root().join("benches/README.md");
        let readme = fs::read_to_string(&path).expect("the file");
        let (before, rest) = readme.split_once(&start).expect("the table's place");
        let (_, after) = rest.split_once(END).expect("the table's end");
        fs::write(path, format!("{before}{start}\n{table}\n{END}{after}")).expect("the file");
    }
}
