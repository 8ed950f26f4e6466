//! The library as a system has it: installed, found by pkg-config and by CMake, and taken away. The
//! command beside it is `command_install.rs`'s.
#![cfg(target_os = "linux")]

#[allow(dead_code)]
mod c_programs;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;
mod stage;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use c_programs::{WARNINGS, Workshop, make, root, succeeded};
use justclick::code::CODES;
use justclick::field::FIELDS;
use justclick::setting::SETTINGS;
use sandbox::{Options, Sandbox};
use stage::{LIBDIR, Stage, files, is_empty};

/// Who wants the library alone says so.
const ALONE: &str = "COMMAND=no";
const SOURCE: &str = "examples/c/add_lead.c";

/// A folder with the library of this build.
struct Installed(Stage);

impl Installed {
    fn new() -> Installed {
        let stage = Stage::empty(&[ALONE]);
        stage.make("install");
        Installed(stage)
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.path(below)
    }

    fn pkg_config(&self, arguments: &[&str]) -> Vec<String> {
        let output = Command::new("pkg-config")
            .args(arguments)
            .arg("justclick")
            .env("PKG_CONFIG_PATH", self.path(LIBDIR).join("pkgconfig"))
            .output()
            .expect("pkg-config");
        let words = succeeded(&output);
        words.split_whitespace().map(str::to_owned).collect()
    }

    fn compile(&self, source: &str, mode: &[&str], flags: &[String]) -> PathBuf {
        let program = self.path("program");
        let output = Command::new("cc")
            .args(WARNINGS)
            .args(mode)
            .arg(root().join(source))
            .args(flags)
            .arg("-o")
            .arg(&program)
            .output()
            .expect("a compiler");
        succeeded(&output);
        program
    }

    /// Runs a program that adds the lead of the service's own example.
    fn run(&self, program: &Path) {
        let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
        let output = Command::new(program)
            .env("JUSTCLICK_USERNAME", "username")
            .env("JUSTCLICK_SECRET", "X".repeat(40))
            .env("JUSTCLICK_BASE_URL", sandbox.base_url())
            .env("LD_LIBRARY_PATH", self.path(LIBDIR))
            .output()
            .expect("the program");
        succeeded(&output);
        assert!(sandbox.contact("lead@email.com").is_some());
    }
}

fn needs_the_shared_library(program: &Path) -> bool {
    let output = Command::new("readelf")
        .arg("-d")
        .arg(program)
        .output()
        .expect("readelf");
    succeeded(&output).contains("[libjustclick.so.0]")
}

#[test]
fn pkg_config_leads_to_the_shared_and_to_the_static_library() {
    let stage = Installed::new();
    let shared = stage.compile(SOURCE, &[], &stage.pkg_config(&["--cflags", "--libs"]));
    assert!(needs_the_shared_library(&shared));
    stage.run(&shared);
    let all = stage.pkg_config(&["--static", "--cflags", "--libs"]);
    let alone = stage.compile(SOURCE, &["-static"], &all);
    assert!(!needs_the_shared_library(&alone));
    stage.run(&alone);
    let version = stage.pkg_config(&["--modversion"]);
    assert_eq!(version, [env!("CARGO_PKG_VERSION")]);
}

/// The bindings' tests use a library that has them, and so does who installs it.
#[test]
fn what_is_installed_keeps_leads_in_databases_as_well() {
    let stage = Installed::new();
    let flags = stage.pkg_config(&["--cflags", "--libs"]);
    let program = stage.compile("tests/c/open_databases.c", &[], &flags);
    let opened = Command::new(&program)
        .env("LD_LIBRARY_PATH", stage.path(LIBDIR))
        .output();
    succeeded(&opened.expect("the program"));
}

#[test]
fn cmake_finds_both_libraries() {
    let stage = Installed::new();
    let build = stage.path("build");
    let source = root().join("examples/cpp/add_lead.cpp");
    let configured = Command::new("cmake")
        .arg("-S")
        .arg(root().join("tests/cmake"))
        .arg("-B")
        .arg(&build)
        .arg(format!("-DSOURCE={}", source.display()))
        .arg(format!(
            "-DCMAKE_PREFIX_PATH={}",
            stage.path(LIBDIR).join("cmake").display()
        ))
        .output()
        .expect("cmake");
    succeeded(&configured);
    let built = Command::new("cmake").arg("--build").arg(&build).output();
    succeeded(&built.expect("cmake"));
    for (program, is_shared) in [("with_justclick", true), ("with_static", false)] {
        let program = build.join(program);
        assert_eq!(needs_the_shared_library(&program), is_shared);
        stage.run(&program);
    }
}

#[test]
fn what_was_installed_is_taken_away_whole() {
    let stage = Installed::new();
    let library = stage.path(LIBDIR).join("libjustclick.so.0");
    let target = fs::read_link(library).expect("a link");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        target.to_str(),
        Some(&*format!("libjustclick.so.{version}"))
    );
    assert_eq!(files(stage.0.folder()).len(), 11);
    stage.0.make("uninstall");
    assert!(is_empty(stage.0.folder()));
}

#[test]
fn folders_that_were_there_stay_and_so_do_those_of_others() {
    let stage = Stage::empty(&[ALONE]);
    fs::create_dir_all(stage.path("/usr/include")).expect("a folder");
    stage.make("install");
    // A second one knows nothing of the folders that the first one made.
    stage.make("install");
    fs::write(stage.path("/usr/share/man/man3/other.3"), "").expect("a page");
    stage.make("uninstall");
    assert!(is_empty(&stage.path("/usr/include")));
    assert_eq!(
        files(stage.folder()),
        [stage.path("/usr/share/man/man3/other.3")]
    );
    assert!(!stage.path("/usr/lib").exists());
}

/// A program that runs has the old file mapped, and one that starts finds a whole one.
#[test]
fn a_library_is_replaced_in_one_step() {
    let stage = Installed::new();
    let library = stage.path(LIBDIR).join("libjustclick.so.0");
    let old = fs::File::open(&library).expect("a library");
    let old_size = old.metadata().expect("its size").len();
    let is_done = AtomicBool::new(false);
    let looks = std::thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let mut looks = 0;
            while !is_done.load(Ordering::Relaxed) {
                let size = fs::metadata(&library).expect("always there").len();
                assert_eq!(size, old_size);
                looks += 1;
            }
            looks
        });
        stage.0.make("install");
        is_done.store(true, Ordering::Relaxed);
        looking.join()
    });
    assert!(looks.expect("always whole") > 0);
    let new = fs::metadata(&library).expect("a library");
    assert_ne!(new.ino(), old.metadata().expect("its number").ino());
}

#[test]
fn the_system_s_list_of_libraries_is_made_anew_where_it_may_be() {
    let stubs = tempfile::tempdir().expect("a folder");
    let called = stubs.path().join("called");
    let write = |name: &str, text: String| {
        let path = stubs.path().join(name);
        fs::write(&path, text).expect("a program");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("made a program");
    };
    write(
        "ldconfig",
        format!("#!/bin/sh\necho >>{}\n", called.display()),
    );
    let make = |user: &str, target: &str, is_staged: bool| {
        write("id", format!("#!/bin/sh\necho {user}\n"));
        let place = tempfile::tempdir().expect("a folder");
        let name = ["PREFIX", "DESTDIR"][usize::from(is_staged)];
        let path = std::env::var("PATH").expect("a path");
        let said = succeeded(&make(&[
            target,
            ALONE,
            &format!("{name}={}", place.path().display()),
            &format!("PATH={}:{path}", stubs.path().display()),
        ]));
        let calls = fs::read_to_string(&called).unwrap_or_default().len();
        let _ = fs::remove_file(&called);
        (
            calls,
            said.contains("run as root") && said.contains(": ldconfig\n"),
        )
    };
    assert_eq!(make("0", "install", false), (1, false));
    assert_eq!(make("0", "uninstall", false), (1, false));
    assert_eq!(make("1000", "install", false), (0, true));
    assert_eq!(make("0", "install", true), (0, true));
}

/// The manual page as `man` shows it.
#[test]
fn the_manual_says_what_the_header_says() {
    let stage = Installed::new();
    let path = stage.path("/usr/share/man/man3/justclick.3");
    let shown = Command::new("groff")
        .args([
            "-man",
            "-Tutf8",
            "-P-c",
            "-P-b",
            "-P-o",
            "-P-u",
            "-ww",
            "-rLL=200n",
        ])
        .arg(&path)
        .output()
        .expect("groff");
    assert_eq!(String::from_utf8_lossy(&shown.stderr), "");
    let shown = succeeded(&shown).replace('\u{2212}', "-");
    assert!(shown.starts_with("justclick(3)"), "{shown}");
    let words: Vec<&str> = shown.split_whitespace().collect();
    let words = words.join(" ");
    assert!(words.contains("NAME justclick - adds contacts"));
    let source = fs::read_to_string(path).expect("the page");
    assert!(!source.contains(&root().display().to_string()));

    let mut rows = 0;
    let mut has = |text: String| {
        assert!(words.contains(&text), "{text}");
        rows += 1;
    };
    for field in FIELDS {
        let short = field.short.to_uppercase();
        let (name, meaning) = (field.name, field.meaning);
        has(format!("#define JC_LEAD_{short} \"{name}\" {meaning}"));
    }
    for setting in SETTINGS {
        let (name, meaning) = (setting.name, setting.meaning);
        let upper = name.to_uppercase();
        has(format!("#define JC_SETTING_{upper} \"{name}\" {meaning}"));
    }
    for (number, name, meaning) in CODES {
        has(format!("#define JC_CODE_{name} {number} {meaning}"));
    }
    assert!(rows > 40, "{rows}");

    let begin = "#include <justclick.h>\n       #include <stdio.h>";
    let program = shown.split_once(begin).expect("a program").1;
    let program = program.split_once("\n       }\n").expect("its end").0;
    let source = stage.path("manual.c");
    fs::write(&source, format!("{begin}{program}\n}}\n")).expect("a source");
    let workshop = Workshop::new();
    workshop.compile("cc", &source, &["-std=c99"]);
}
