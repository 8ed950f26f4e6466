//! Programs that depend on the crate. What they and the crate need is built once for all of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where cargo builds them.
pub fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("dependent")
}

/// Cargo as it runs in another's folder, where it does not read this project's configuration.
pub fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target());
    command
}

/// Writes a package of one program, and returns the command that builds it, offline.
#[allow(dead_code)]
pub fn build(folder: &Path, name: &str, program: &str) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Its profile is that of the project, so that both use what the other has built.
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [dependencies]\njustclick = {{ path = {root:?} }}\n\
         [profile.dev]\ndebug = \"line-tables-only\"\n"
    );
    fs::create_dir_all(folder.join("src")).expect("a folder");
    fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    fs::write(folder.join("src/main.rs"), program).expect("a source");
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a copy");
    let mut command = cargo(folder);
    command.args(["build", "--offline"]);
    command
}
