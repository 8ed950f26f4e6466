//! The README's tables and listings are those of the code, and its programs run.

mod c_programs;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use c_programs::{Workshop, library, root, succeeded};
use justclick::field::FIELDS;
use justclick::setting::SETTINGS;
use sandbox::{Options, Sandbox};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

#[test]
fn the_parameters_are_the_core_s() {
    let readme = read("README.md");
    let rows: Vec<String> = FIELDS
        .iter()
        .map(|row| format!("| `{}` | `{}` | {} |", row.name, row.short, row.meaning))
        .collect();
    assert!(readme.contains(&rows.join("\n")), "{}", rows.join("\n"));
}

#[test]
fn the_settings_are_the_core_s() {
    let readme = read("README.md");
    let rows: Vec<String> = SETTINGS
        .iter()
        .map(|row| {
            let default = match row.name {
                "user_agent" => "`justclick/` and the version".to_owned(),
                _ if row.default.is_empty() => String::new(),
                _ => format!("`{}`", row.default),
            };
            format!("| `{}` | {default} | {} |", row.name, row.meaning)
        })
        .collect();
    assert!(readme.contains(&rows.join("\n")), "{}", rows.join("\n"));
}

#[test]
fn the_programs_in_c_and_rust_are_the_examples() {
    for (language, path) in [
        ("c", "examples/c/add_lead.c"),
        ("rust,no_run", "examples/add_lead.rs"),
    ] {
        assert!(program(language) == read(path), "{path}");
    }
}

#[test]
fn every_status_of_the_header_is_explained() {
    let header = read("include/justclick.h");
    let statuses = header
        .split_once("typedef enum jc_status_code {")
        .expect("the statuses")
        .1;
    let statuses = statuses.split_once('}').expect("their end").0;
    let names: Vec<&str> = (statuses.lines().map(str::trim))
        .filter(|line| line.starts_with("JC_"))
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(names.len(), 12);
    let readme = read("README.md");
    for name in names {
        assert!(readme.contains(&format!("\n| `{name}` |")), "{name}");
    }
}

/// The exception of a status stands in each binding's own table, beside the status's name.
#[test]
fn the_exceptions_are_those_of_every_language() {
    let readme = read("README.md");
    let python = read("bindings/python/src/justclick/errors.py");
    let php = read("bindings/php/src/Exception/Failure.php");
    let cpp = read("include/justclick.hpp");
    let mut rows = 0;
    for row in readme.lines().filter(|line| line.starts_with("| `JC_")) {
        let cells: Vec<&str> = row
            .split('|')
            .map(|cell| cell.trim().trim_matches('`'))
            .collect();
        let (status, exception) = (cells[1], cells[3]);
        if status == "JC_OK" {
            continue;
        }
        let line = |text: &str, end: &str| {
            let line = text.lines().find(|line| line.ends_with(end));
            line.unwrap_or_else(|| panic!("{status}")).to_owned()
        };
        let in_python = line(&python, &format!("# {status}"));
        assert!(in_python.contains(&format!(": {exception}, ")), "{status}");
        let in_php = line(&php, &format!("// {status}"));
        assert!(
            in_php.contains(&format!("=> {exception}::class,")),
            "{status}"
        );
        let in_cpp = cpp.split_once(&format!("case {status}:")).expect(status).1;
        let in_cpp = in_cpp.split_once("throw ").expect(status).1;
        assert!(in_cpp.starts_with(&format!("{exception}(")), "{status}");
        rows += 1;
    }
    assert_eq!(rows, 11);
}

/// A program of the README in this language.
fn program(language: &str) -> String {
    let readme = read("README.md");
    let start = format!("```{language}\n");
    let mut blocks = readme.split(&start).skip(1);
    let block = blocks.next().and_then(|rest| rest.split("```").next());
    assert!(
        blocks.next().is_none(),
        "more than one program in {language}"
    );
    block.expect(language).to_owned()
}

/// Runs a program with the sandbox's address in its environment.
fn run(command: &mut Command, sandbox: &Sandbox) -> String {
    let output = command
        .env("JUSTCLICK_USERNAME", "username")
        .env("JUSTCLICK_SECRET", "X".repeat(40))
        .env("JUSTCLICK_BASE_URL", sandbox.base_url())
        .env("JUSTCLICK_LIBRARY", library())
        .env_remove("LD_LIBRARY_PATH")
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    succeeded(&output)
}

fn emails(sandbox: &Sandbox) -> Vec<String> {
    (sandbox.contacts().iter())
        .map(|contact| contact.email.clone())
        .collect()
}

#[test]
fn the_program_in_c_runs() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let workshop = Workshop::new();
    let source = root().join("examples/c/add_lead.c");
    let program = workshop.compile("cc", &source, &["-std=c99"]);
    let said = run(&mut Command::new(program), &sandbox);
    assert!(said.starts_with("activation sent (code 0: "), "{said}");
    assert_eq!(emails(&sandbox), ["lead@email.com"]);
}

/// `cargo test` builds the examples before it runs the tests.
#[test]
fn the_program_in_rust_runs() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let folder = std::env::current_exe().expect("this test's path");
    let folder = folder.parent().and_then(Path::parent).expect("a folder");
    let said = run(
        &mut Command::new(folder.join("examples/add_lead")),
        &sandbox,
    );
    assert!(said.starts_with("activation sent (code 0: "), "{said}");
    assert_eq!(emails(&sandbox), ["lead@email.com"]);
}

#[test]
fn the_program_in_cpp_runs() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let workshop = Workshop::new();
    let source = workshop.path().join("readme.cpp");
    fs::write(&source, program("cpp")).expect("a source");
    let program = workshop.compile("c++", &source, &["-std=c++17"]);
    let said = run(&mut Command::new(program), &sandbox);
    assert_eq!(said, "the contact was added\n");
    assert_eq!(emails(&sandbox), ["lead@email.com"]);
}

#[test]
fn the_program_in_php_runs() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("vendor")).expect("a folder");
    let bootstrap = root().join("bindings/php/tests/bootstrap.php");
    symlink(bootstrap, folder.path().join("vendor/autoload.php")).expect("a link");
    fs::write(folder.path().join("readme.php"), program("php")).expect("a program");
    let mut command = Command::new("php");
    let said = run(command.arg("readme.php").current_dir(&folder), &sandbox);
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.ends_with("the contact was added\n"), "{said}");
    assert_eq!(emails(&sandbox), ["lead@email.com", "other@email.com"]);
}

#[test]
fn the_program_in_python_runs() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let mut command = Command::new("python3");
    command
        .args(["-c", &program("python")])
        .env("PYTHONPATH", root().join("bindings/python/src"))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let said = run(&mut command, &sandbox);
    assert_eq!(said, "ADDED the contact was added\n");
    assert_eq!(emails(&sandbox), ["lead@email.com"]);
}

#[test]
fn the_lines_for_php_ini_name_what_is_there() {
    let lines = program("ini");
    let preload = lines.lines().next().expect("a line");
    assert!(preload.starts_with("opcache.preload=") && preload.ends_with("/preload.php"));
    assert!(root().join("bindings/php/preload.php").exists());
    assert!(read("bindings/php/tests/Site.php").contains("opcache.preload_user=www-data"));
}
