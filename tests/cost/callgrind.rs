//! Runs a program under callgrind and reads what it counted.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::c_programs::succeeded;

/// Where an instruction comes from: the source file, and the function that it was compiled into.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    pub file: String,
    pub function: String,
}

/// Instructions by place.
pub type Counts = HashMap<Place, f64>;

/// The program of `benches/c/cost.c`.
pub struct Program(PathBuf);

impl Program {
    pub fn new(path: PathBuf) -> Program {
        Program(path)
    }

    /// Valgrind's version and what the program says that the count depends on, seen from inside:
    /// valgrind shows programs a processor of its own.
    pub fn model(&self) -> String {
        let version = Command::new("valgrind").arg("--version").output();
        let version = succeeded(&version.expect("valgrind"));
        let mut command = Command::new("valgrind");
        let output = command
            .args(["--quiet", "--tool=none"])
            .arg(&self.0)
            .output();
        let inside = succeeded(&output.expect("valgrind"));
        let compiler = Command::new("rustc").arg("--version").output();
        let compiler = succeeded(&compiler.expect("rustc"));
        let compiler: Vec<&str> = compiler.split(' ').take(2).collect();
        [version.trim(), &compiler.join(" "), inside.trim()].join(", ")
    }

    /// The counts of one run.
    pub fn count(&self, arguments: &[&str], folder: &Path) -> Counts {
        let file = folder.join("callgrind.out");
        let output = Command::new("valgrind")
            .args([
                "--tool=callgrind",
                "--compress-strings=no",
                "--compress-pos=no",
            ])
            .arg(format!("--callgrind-out-file={}", file.display()))
            .arg(&self.0)
            .args(arguments)
            .env_remove("LD_LIBRARY_PATH")
            .output()
            .expect("valgrind");
        succeeded(&output);
        read(&fs::read_to_string(file).expect("callgrind's file"))
    }
}

/// Adds up callgrind's lines of costs. A line after `calls=` tells what the called functions cost,
/// who have lines of their own.
fn read(text: &str) -> Counts {
    let mut counts = Counts::new();
    let (mut file, mut function) = ("", "");
    let mut is_of_a_call = false;
    for line in text.lines() {
        if let Some((key, value)) = line.split_once('=') {
            match key {
                "fl" | "fi" | "fe" => file = value,
                "fn" => function = value,
                "calls" => is_of_a_call = true,
                _ => {}
            }
        } else if line.starts_with(|first: char| first.is_ascii_digit()) {
            let count = line.split(' ').nth(1).and_then(|count| count.parse().ok());
            let count: f64 = count.expect("a position and a count");
            if !std::mem::take(&mut is_of_a_call) {
                let place = Place {
                    file: file.to_owned(),
                    function: function.to_owned(),
                };
                *counts.entry(place).or_default() += count;
            }
        }
    }
    counts
}

/// What each lead added between a run of some leads and one of so many more.
pub fn per_lead(few: &Counts, many: &Counts, more: usize) -> Counts {
    let added = many.iter().map(|(place, count)| {
        let before = few.get(place).copied().unwrap_or_default();
        (place.clone(), (count - before) / more as f64)
    });
    added.collect()
}
