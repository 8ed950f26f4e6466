//! The figures: measured, written and read again.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use crate::callgrind::{Counts, Program, per_lead};
use crate::parts::part;
use crate::sandbox::{Options, Sandbox};

/// The first run's leads; a second run sends twice as many, and the difference counts.
const LEADS: usize = 300;

pub struct Report {
    /// What the count depends on but the library.
    pub model: String,
    figures: Vec<(&'static str, f64)>,
    /// Of a lead over TLS.
    parts: BTreeMap<&'static str, f64>,
}

impl Report {
    pub fn measure(program: &Program, folder: &Path) -> Report {
        let made = |door| {
            counted(|leads| program.count(&[door, "make", leads, "http://localhost", ""], folder))
        };
        let with_tls = sent(program, folder, true);
        let mut parts = BTreeMap::new();
        for (place, count) in &with_tls {
            *parts.entry(part(place)).or_default() += count;
        }
        Report {
            model: program.model(),
            figures: vec![
                ("made and sent over TLS", total(&with_tls)),
                (
                    "made and sent without TLS",
                    total(&sent(program, folder, false)),
                ),
                ("made field by field", total(&made("fields"))),
                ("made from JSON", total(&made("json"))),
            ],
            parts,
        }
    }

    pub fn figures(&self) -> &[(&'static str, f64)] {
        &self.figures
    }
}

fn total(counts: &Counts) -> f64 {
    counts.values().sum()
}

/// What one lead adds to a run, by which start-up does not count.
fn counted(run: impl Fn(&str) -> Counts) -> Counts {
    let few = run(&LEADS.to_string());
    let many = run(&(2 * LEADS).to_string());
    per_lead(&few, &many, LEADS)
}

fn sent(program: &Program, folder: &Path, tls: bool) -> Counts {
    counted(|leads| {
        // A new one for each run, since a lead that is known is answered otherwise.
        let sandbox = Sandbox::start(Options {
            tls,
            ..Options::demo()
        });
        let sandbox = sandbox.expect("a sandbox");
        let ca_file = folder.join("ca.pem");
        fs::write(&ca_file, sandbox.ca_pem().unwrap_or_default()).expect("a file");
        let ca_file = ca_file.to_str().expect("a path in UTF-8");
        let counts = program.count(
            &["fields", "send", leads, &sandbox.base_url(), ca_file],
            folder,
        );
        assert_eq!(
            sandbox.requests(),
            leads.parse::<usize>().expect("a number")
        );
        counts
    })
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "Instructions for a lead of 17 fields, written by `make cost`.\n\n{}\n",
            self.model
        )?;
        for (name, count) in self.figures() {
            writeln!(formatter, "{name}: {count:.0}")?;
        }
        writeln!(formatter, "\nOver TLS, by part:\n")?;
        let mut parts: Vec<_> = self.parts.iter().collect();
        parts.sort_by(|left, right| right.1.total_cmp(left.1));
        for (part, count) in parts {
            writeln!(formatter, "{count:8.0}  {part}")?;
        }
        Ok(())
    }
}

/// A figure of a report's text.
pub fn figure(report: &str, name: &str) -> Option<f64> {
    let mut figures = report.lines().filter_map(|line| line.split_once(": "));
    let (_, count) = figures.find(|(known, _)| *known == name)?;
    count.parse().ok()
}
