//! The library as a system has it: installed, found by pkg-config and by CMake, and taken away.

#[allow(dead_code)]
mod c_programs;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use c_programs::{WARNINGS, make, root, succeeded};
use sandbox::{Options, Sandbox};
use tempfile::TempDir;

const LIBDIR: &str = "/usr/lib/any-triplet";

/// A folder with the library of this build, installed as for `/usr`.
struct Stage(TempDir);

impl Stage {
    fn new() -> Stage {
        let stage = Stage(tempfile::tempdir().expect("a folder"));
        stage.make("install");
        stage
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below.trim_start_matches('/'))
    }

    fn make(&self, target: &str) {
        succeeded(&make(&[
            target,
            "PREFIX=/usr",
            &format!("LIBDIR={LIBDIR}"),
            &format!("DESTDIR={}", self.0.path().display()),
        ]));
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

    fn compile(&self, mode: &[&str], flags: &[String]) -> PathBuf {
        let program = self.path("add_lead");
        let output = Command::new("cc")
            .args(WARNINGS)
            .args(mode)
            .arg(root().join("examples/c/add_lead.c"))
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
    let stage = Stage::new();
    let shared = stage.compile(&[], &stage.pkg_config(&["--cflags", "--libs"]));
    assert!(needs_the_shared_library(&shared));
    stage.run(&shared);
    let all = stage.pkg_config(&["--static", "--cflags", "--libs"]);
    let alone = stage.compile(&["-static"], &all);
    assert!(!needs_the_shared_library(&alone));
    stage.run(&alone);
    let version = stage.pkg_config(&["--modversion"]);
    assert_eq!(version, [env!("CARGO_PKG_VERSION")]);
}

#[test]
fn cmake_finds_both_libraries() {
    let stage = Stage::new();
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
    let stage = Stage::new();
    let library = stage.path(LIBDIR).join("libjustclick.so.0");
    let target = fs::read_link(library).expect("a link");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        target.to_str(),
        Some(&*format!("libjustclick.so.{version}"))
    );
    assert_eq!(files(stage.0.path()).len(), 9);
    stage.make("uninstall");
    assert_eq!(files(stage.0.path()), Vec::<PathBuf>::new());
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() && !path.is_symlink() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}
