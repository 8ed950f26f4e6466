//! The header and the shared library are what they say they are.
#![cfg(target_os = "linux")]

mod c_programs;
#[path = "../build/header.rs"]
mod header;

use std::fs;

use c_programs::{WARNINGS, Workshop, library, root, run, succeeded};

fn committed_header() -> String {
    fs::read_to_string(root().join("include/justclick.h")).expect("the header")
}

#[test]
fn the_committed_headers_are_what_the_sources_make() {
    for (path, made) in header::generate(root()).expect("the headers") {
        // The build writes the file anew, so git's copy is what can be stale. A packed archive
        // has none, and there the file is.
        let folder = root().display().to_string();
        let staged = run("git", &["-C", &folder, "show", &format!(":{path}")]);
        let committed = if staged.status.success() {
            String::from_utf8(staged.stdout).expect("UTF-8")
        } else {
            fs::read_to_string(root().join(path)).expect(path)
        };
        assert!(
            made == committed,
            "{path} is stale; build, and add it to git"
        );
    }
}

#[test]
fn the_header_passes_in_each_language_when_included_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let include = root().join("include").display().to_string();
    for (compiler, standard, extension) in [
        ("cc", "c99", "c"),
        ("cc", "c11", "c"),
        ("c++", "c++11", "cpp"),
        ("c++", "c++17", "cpp"),
    ] {
        let source = folder.path().join("twice").with_extension(extension);
        fs::write(
            &source,
            "#include <justclick.h>\n#include <justclick.h>\nint main(void) { return JC_OK; }\n",
        )
        .expect("a source");
        let standard = format!("-std={standard}");
        let source = source.display().to_string();
        let mut arguments = vec![standard.as_str(), "-fsyntax-only", "-I", &include, &source];
        arguments.extend(WARNINGS);
        succeeded(&run(compiler, &arguments));
    }
}

#[test]
fn the_library_exports_what_the_list_says_and_nothing_else() {
    let library = library().display().to_string();
    let printed = succeeded(&run("nm", &["-D", "--defined-only", &library]));
    let mut exported: Vec<&str> = printed
        .lines()
        .filter_map(|line| line.split_whitespace().nth(2))
        .collect();
    exported.sort_unstable();
    let list = fs::read_to_string(root().join("include/justclick.symbols")).expect("the list");
    let listed: Vec<&str> = list.lines().collect();
    assert_eq!(exported, listed);
    assert!(listed.iter().all(|symbol| symbol.starts_with("jc_")));
}

/// A program may have an SQLite of its own.
#[test]
fn no_library_has_sqlite_s_names() {
    let shared = library();
    let static_one = shared.with_extension("a");
    for (library, symbols) in [(shared, "-D"), (static_one, "-g")] {
        let path = library.display().to_string();
        // Some of the members have no symbols, which it says on the other stream.
        let printed = run("nm", &[symbols, &path]).stdout;
        let printed = String::from_utf8(printed).expect("UTF-8");
        assert!(printed.contains(" T jc_outbox_open"), "{path}");
        let names = printed.split_whitespace();
        let sqlite: Vec<&str> = names.filter(|name| name.starts_with("sqlite3")).collect();
        assert!(sqlite.is_empty(), "{path}: {sqlite:?}");
    }
}

#[test]
fn the_header_declares_what_the_list_says() {
    let header = committed_header();
    let list = fs::read_to_string(root().join("include/justclick.symbols")).expect("the list");
    for symbol in list.lines() {
        assert!(header.contains(&format!("{symbol}(")), "{symbol}");
    }
}

#[test]
fn the_library_has_its_name_and_is_never_unloaded() {
    let library = library().display().to_string();
    let printed = succeeded(&run("readelf", &["-d", &library]));
    let name = concat!("libjustclick.so.", env!("CARGO_PKG_VERSION_MAJOR"));
    assert!(printed.contains(&format!("soname: [{name}]")), "{printed}");
    assert!(printed.contains("NODELETE"), "{printed}");
}

#[test]
fn every_c_block_of_the_documentation_compiles() {
    let workshop = Workshop::new();
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let comment: String = committed_header()
        .lines()
        .map(|line| format!("{}\n", uncommented(line)))
        .collect();
    for (name, text) in [("readme", readme), ("header", comment)] {
        let blocks = c_blocks(&text);
        assert!(!blocks.is_empty(), "{name} has no C block");
        for (index, block) in blocks.iter().enumerate() {
            let source = workshop.path().join(format!("{name}_{index}.c"));
            fs::write(&source, block).expect("a source");
            workshop.compile("cc", &source, &["-std=c99"]);
        }
    }
}

fn uncommented(line: &str) -> &str {
    line.strip_prefix(" *")
        .map_or(line, |text| text.strip_prefix(' ').unwrap_or(text))
}

fn c_blocks(text: &str) -> Vec<&str> {
    (text.split("```c\n").skip(1))
        .filter_map(|rest| rest.split("```").next())
        .collect()
}
