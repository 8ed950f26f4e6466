//! `make test` itself: each part runs whatever became of the others, and the end tells of all.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const PARTS: [(&str, &str); 3] = [
    ("rust", "bin/cargo"),
    ("php", "bindings/php/tests/run"),
    ("python", "bindings/python/tests/run"),
];

/// Runs `tests/run` in a tree whose parts do nothing but tell their arguments, and of which one
/// fails. Returns whether it succeeded, and what it printed.
fn run(failing: &str, variables: &[(&str, &str)]) -> (bool, String) {
    let tree = TempDir::new().expect("a folder");
    for (name, path) in PARTS {
        let path = tree.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        let code = i32::from(name == failing);
        let source =
            format!("#!/bin/sh\nprintf '{name}:'\nprintf ' <%s>' \"$@\"\necho\nexit {code}\n");
        fs::write(&path, source).expect("a program");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("made a program");
    }
    fs::create_dir(tree.path().join("tests")).expect("a folder");
    let program = tree.path().join("tests/run");
    symlink(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run"),
        &program,
    )
    .expect("a link");
    let mut command = Command::new(program);
    for variable in ["PARTS", "RUST_TESTS", "PHP_TESTS", "PYTHON_TESTS"] {
        command.env_remove(variable);
    }
    let path = std::env::var("PATH").expect("a path");
    let ran = command
        .env(
            "PATH",
            format!("{}:{path}", tree.path().join("bin").display()),
        )
        .envs(variables.iter().copied())
        .output()
        .expect("the program");
    let printed = String::from_utf8(ran.stdout).expect("UTF-8");
    (ran.status.success(), printed)
}

#[test]
fn a_part_that_fails_stops_no_other() {
    for (failing, _) in PARTS {
        let (succeeded, printed) = run(failing, &[]);
        assert!(!succeeded, "{printed}");
        for (name, _) in PARTS {
            let end = ["passed", "failed"][usize::from(name == failing)];
            assert!(
                printed.contains(&format!("\n{name} {end} after ")),
                "{printed}"
            );
        }
        assert!(printed.ends_with("\n2 passed, 1 failed\n"), "{printed}");
    }
    let (succeeded, printed) = run("none", &[]);
    assert!(
        succeeded && printed.ends_with("\n3 passed, 0 failed\n"),
        "{printed}"
    );
}

#[test]
fn a_part_can_be_run_alone_and_each_takes_its_filter() {
    let filters = [
        ("PARTS", "php python"),
        ("RUST_TESTS", "--test lead"),
        ("PHP_TESTS", "--filter Values"),
        ("PYTHON_TESTS", "-k 'values or cases'"),
    ];
    let (succeeded, printed) = run("rust", &filters);
    assert!(succeeded, "{printed}");
    assert!(printed.starts_with("php: <--filter> <Values>\npython: <-k> <values or cases>\n"));
    assert!(printed.ends_with("\n2 passed, 0 failed\n"), "{printed}");
    let (_, printed) = run("none", &filters[1..]);
    let start = "rust: <test> <--locked> <--no-fail-fast> <--test> <lead>\n";
    assert!(printed.starts_with(start), "{printed}");
    let (succeeded, printed) = run("none", &[("PARTS", "misspelt")]);
    assert!(!succeeded, "{printed}");
}
