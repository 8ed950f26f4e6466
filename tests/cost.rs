//! What a lead of 17 fields costs, in instructions that callgrind counts: held within 5 % of the
//! figures in `benches/cost.txt`, which `make cost` writes anew.
#![cfg(target_os = "linux")]

#[allow(dead_code)]
mod c_programs;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

#[path = "cost/callgrind.rs"]
mod callgrind;
#[path = "cost/parts.rs"]
mod parts;
#[path = "cost/report.rs"]
mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use c_programs::{Workshop, root, succeeded};
use callgrind::Program;
use report::Report;

/// How far a figure may be from the committed one.
const TOLERANCE: f64 = 0.05;
/// The same where the figures were counted by other tools, or for another processor.
const TOLERANCE_BETWEEN_MODELS: f64 = 0.25;

/// The released library, with the lines of its code for the table of parts. Of two crate types
/// cargo would optimise each without the other crates' code, so it makes this one alone.
fn released_library() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("the target folder");
    let folder = folder.join("cost");
    let built = Command::new(env!("CARGO"))
        .args([
            "rustc",
            "--locked",
            "--release",
            "--lib",
            "--crate-type",
            "cdylib",
        ])
        .args(["--config", "profile.release.strip=false"])
        .args(["--config", r#"profile.release.debug="line-tables-only""#])
        .arg("--target-dir")
        .arg(&folder)
        .current_dir(root())
        .output()
        .expect("cargo");
    succeeded(&built);
    folder.join("release/libjustclick.so")
}

#[test]
fn a_lead_costs_what_was_committed() {
    let workshop = Workshop::with(&released_library());
    let source = root().join("benches/c/cost.c");
    let program = Program::new(workshop.compile("cc", &source, &["-std=c99", "-O2"]));
    let report = Report::measure(&program, workshop.path());
    let path = root().join("benches/cost.txt");
    println!("{report}");
    if std::env::var_os("JUSTCLICK_WRITE_COST").is_some() {
        fs::write(&path, report.to_string()).expect("the file");
    }
    let committed = fs::read_to_string(&path).expect("the committed figures");
    let is_of_this_model = committed.contains(&report.model);
    let tolerance = if is_of_this_model {
        TOLERANCE
    } else {
        println!("The committed figures are of another model, so that they say little here.");
        TOLERANCE_BETWEEN_MODELS
    };
    for &(name, counted) in report.figures() {
        let expected = report::figure(&committed, name).expect("a committed figure");
        assert!(
            (counted - expected).abs() <= tolerance * expected,
            "{name}: {counted:.0} instructions where {expected:.0} are committed. If that is meant, \
             run `make cost` and commit benches/cost.txt."
        );
    }
}
