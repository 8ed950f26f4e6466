//! Compiles C and C++ programs against the header and the shared library, and runs them.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;

pub const WARNINGS: [&str; 5] = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where cargo puts what it builds, and the profile of this very test.
fn target() -> (&'static Path, String) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let test = std::env::current_exe().expect("this test's path");
    let built = test.ancestors().nth(2).and_then(Path::file_name);
    let profile = match built.and_then(OsStr::to_str).expect("a profile") {
        "debug" => "dev",
        name => name,
    };
    (folder.expect("the target folder"), profile.to_owned())
}

/// Calls `make` with the profile of this test, so that what it builds is what others use.
pub fn make(arguments: &[&str]) -> Output {
    let (folder, profile) = target();
    let mut command = Command::new("make");
    for of_the_caller_s in ["MAKEFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "LD_LIBRARY_PATH"] {
        command.env_remove(of_the_caller_s);
    }
    command
        .args(arguments)
        .arg(format!("PROFILE={profile}"))
        .env("CARGO_TARGET_DIR", folder)
        .current_dir(root())
        .output()
        .expect("make")
}

/// The shared library as `make` builds it to be shipped. The static one lies beside it.
pub fn library() -> PathBuf {
    static BUILT: LazyLock<PathBuf> = LazyLock::new(|| {
        succeeded(&make(&["library"]));
        library_in(target().0)
    });
    BUILT.clone()
}

/// Where `make library` leaves it below a target folder.
pub fn library_in(folder: &Path) -> PathBuf {
    let profile = target().1.replace("dev", "debug");
    folder.join(profile).join("libjustclick.so")
}

/// Runs a program that has to be there, and returns what it said. Cargo's own path to libraries is
/// taken away, since it comes before the one that the program was linked with.
#[allow(dead_code)]
pub fn run(program: impl AsRef<OsStr>, arguments: &[&str]) -> Output {
    let program = program.as_ref();
    Command::new(program)
        .args(arguments)
        .env_remove("LD_LIBRARY_PATH")
        .output()
        .unwrap_or_else(|error| panic!("{} is needed: {error}", program.to_string_lossy()))
}

/// What a program printed that was fed this input and must have succeeded.
#[allow(dead_code)]
pub fn fed(program: impl AsRef<OsStr>, input: Vec<u8>) -> String {
    let mut child = Command::new(program)
        .env_remove("LD_LIBRARY_PATH")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut pipe = child.stdin.take().expect("an input");
    let writer = std::thread::spawn(move || pipe.write_all(&input));
    let printed = succeeded(&child.wait_with_output().expect("an end"));
    writer.join().expect("the writer").expect("all read");
    printed
}

/// What a program printed, which must have succeeded.
pub fn succeeded(output: &Output) -> String {
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}\n{printed}\n{errors}",
        output.status
    );
    printed
}

/// A folder with the library under the names that linkers and programs look for.
pub struct Workshop(TempDir);

impl Workshop {
    pub fn new() -> Workshop {
        Workshop::with(&library())
    }

    /// With another build of the library.
    pub fn with(library: &Path) -> Workshop {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["libjustclick.so", "libjustclick.so.0"] {
            symlink(library, folder.path().join(name)).expect("a link");
        }
        Workshop(folder)
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Compiles one source with this compiler, and returns the program's path.
    pub fn compile(&self, compiler: &str, source: &Path, flags: &[&str]) -> PathBuf {
        let program = self.path().join(source.file_stem().expect("a file's name"));
        let include = root().join("include");
        let folder = self.path().display();
        let output = Command::new(compiler)
            .args(WARNINGS)
            .arg("-I")
            .arg(include)
            .arg(source)
            .args(flags)
            .args([
                &format!("-L{folder}"),
                "-ljustclick",
                &format!("-Wl,-rpath,{folder}"),
            ])
            .arg("-o")
            .arg(&program)
            .output()
            .unwrap_or_else(|error| panic!("{compiler} is needed: {error}"));
        succeeded(&output);
        program
    }
}
