//! The binary interface: what was promised once is there, as it was. Adding is allowed.
//!
//! `include/justclick.abi` describes the interface of the last release. The test writes today's
//! description beside the other build products, and says where; copy it over at a release.
#![cfg(target_os = "linux")]

#[allow(dead_code)]
mod c_programs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use c_programs::{root, succeeded};

/// A library with the functions that a header declares, and nothing in them.
fn describe(header: &str, folder: &Path) -> PathBuf {
    fs::write(folder.join("justclick.h"), header).expect("the header");
    fs::write(folder.join("interface.c"), bodies(header)).expect("a source");
    let library = folder.join("libinterface.so");
    let compiled = Command::new("cc")
        .args(["-std=c99", "-g", "-shared", "-fPIC", "interface.c", "-o"])
        .arg(&library)
        .current_dir(folder)
        .output();
    succeeded(&compiled.expect("a compiler"));
    let description = folder.join("justclick.abi");
    let described = Command::new("abidw")
        .args(["--no-corpus-path", "--no-comp-dir-path", "--no-show-locs"])
        .arg("--no-elf-needed")
        .arg("--out-file")
        .arg(&description)
        .arg(&library)
        .output();
    succeeded(&described.expect("abidw"));
    description
}

fn bodies(header: &str) -> String {
    let mut source = String::from("#include \"justclick.h\"\n#include <stdlib.h>\n");
    let mut declaration = String::new();
    for line in header.lines() {
        let begins = line.contains(" jc_") || line.contains(" *jc_");
        let is_code = !line.starts_with([' ', '/', '#', '*', '}']) && !line.starts_with("typedef");
        if !declaration.is_empty() || begins && is_code && line.contains('(') {
            declaration += line;
            if declaration.ends_with(';') {
                source += &declaration.replace(';', " { abort(); }\n");
                declaration.clear();
            }
        }
    }
    // Functions take and return these as plain numbers.
    source + "void constants(enum jc_status_code *a, enum jc_outcome *b) { (void)a, (void)b; }\n"
}

/// What programs that were built for the old interface would miss in the new one.
fn missing(old: &Path, new: &Path) -> Vec<String> {
    let output = Command::new("abidiff")
        // New constants may come; those that are there are compared below.
        .args(["--drop", "^constants$"])
        .args([old, new])
        .output()
        .expect("abidiff");
    let errors = output.status.code().expect("an end of its own") & 3;
    assert_eq!(errors, 0, "{output:?}");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut missing = Vec::new();
    if !told.is_empty() && !told.contains("Functions changes summary: 0 Removed, 0 Changed") {
        missing.push(told);
    }
    let read = |path| fs::read_to_string(path).expect("a description");
    let (old, new) = (read(old), read(new));
    let constants = old.lines().filter(|line| line.contains("<enumerator "));
    missing.extend(
        constants
            .filter(|line| !new.contains(*line))
            .map(str::to_owned),
    );
    missing
}

fn header() -> String {
    fs::read_to_string(root().join("include/justclick.h")).expect("the header")
}

#[test]
fn nothing_is_changed_or_removed() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("abi");
    fs::create_dir_all(&folder).expect("a folder");
    let today = describe(&header(), &folder);
    let symbols = fs::read_to_string(root().join("include/justclick.symbols")).expect("symbols");
    let described = fs::read_to_string(&today).expect("a description");
    for symbol in symbols.lines() {
        assert!(described.contains(&format!("'{symbol}'")), "{symbol}");
    }
    let missing = missing(&root().join("include/justclick.abi"), &today);
    assert!(
        missing.is_empty(),
        "{missing:#?}\n{} is today's",
        today.display()
    );
}

#[test]
fn a_change_is_told_from_an_addition() {
    let folder = tempfile::tempdir().expect("a folder");
    let old = root().join("include/justclick.abi");
    let header = header();
    for (before, after, is_fine) in [
        (
            "void jc_free(void *handle);",
            "void jc_free(void *handle);\nint jc_new(int a);",
            true,
        ),
        ("JC_TLS = -11,", "JC_TLS = -11,\nJC_NEW = -12,", true),
        ("void jc_free(void *handle);", "", false),
        (
            "void jc_free(void *handle);",
            "int jc_free(void *handle);",
            false,
        ),
        (
            "uint32_t jc_abi_version(void);",
            "uint64_t jc_abi_version(void);",
            false,
        ),
        ("JC_TLS = -11,", "JC_TLS = -12,", false),
        ("JC_TLS = -11,", "", false),
    ] {
        let changed = header.replace(before, after);
        assert_ne!(changed, header, "{before}");
        let missing = missing(&old, &describe(&changed, folder.path()));
        assert_eq!(
            missing.is_empty(),
            is_fine,
            "{before} -> {after}: {missing:#?}"
        );
    }
}
