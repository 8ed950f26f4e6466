//! How large the shared library is without a database's engine, with each and with both.

use std::path::PathBuf;
use std::process::Command;

use super::c_programs::{library_in, root, succeeded};
use super::table::Table;

const WITH_BOTH: &str = "mysql,postgres";
const BUILDS: [(&str, &str); 4] = [
    ("without a database's engine", ""),
    ("with PostgreSQL", "postgres"),
    ("with MySQL", "mysql"),
    ("with both", WITH_BOTH),
];

/// The library with both, as it is shipped.
pub fn library() -> PathBuf {
    built_with(WITH_BOTH)
}

pub fn measure(table: &mut Table) {
    for (what, features) in BUILDS {
        let bytes = std::fs::metadata(built_with(features)).expect("the library");
        let megabytes = bytes.len() as f64 / 1e6;
        let what = format!("`libjustclick.so`, {what}");
        table.figure(&what, &format!("{megabytes:.2} MB"));
    }
}

fn built_with(features: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let folder = folder.parent().expect("the target folder");
    let built = Command::new(env!("CARGO"))
        .args([
            "rustc",
            "--locked",
            "--release",
            "--lib",
            "--crate-type",
            "cdylib",
        ])
        .args(["--features", features, "--", "@build/library.args"])
        .env("CARGO_TARGET_DIR", folder)
        .current_dir(root())
        .output();
    succeeded(&built.expect("cargo"));
    library_in(folder)
}
