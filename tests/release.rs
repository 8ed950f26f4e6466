//! A release is refused where its parts do not agree about what it is.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const PARTS: [&str; 14] = [
    "Cargo.toml",
    "Cargo.lock",
    "CHANGELOG.md",
    "build/library.args",
    "include/justclick.h",
    "include/justclick.abi",
    "include/justclick.symbols",
    "man/justclick.3",
    "bindings/php/README.md",
    "bindings/php/src/Loader.php",
    "bindings/python/src/justclick/_version.py",
    "examples/php/composer.json",
    "examples/wordpress/justclick/composer.json",
    "examples/wordpress/justclick/justclick.php",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn agree(sources: &Path) -> Output {
    Command::new(root().join("build/dist/agree.sh"))
        .arg(sources)
        .output()
        .expect("agree.sh")
}

/// The parts as they are at a release.
fn write_parts(folder: &Path) {
    for part in PARTS {
        let copy = folder.join(part);
        fs::create_dir_all(copy.parent().expect("a folder")).expect("folders");
        fs::copy(root().join(part), copy).expect(part);
    }
    let changelog = format!("# Changelog\n\n## [{VERSION}] - 2026-12-01\n");
    fs::write(folder.join("CHANGELOG.md"), changelog).expect("the changelog");
    let symbols = fs::read_to_string(root().join("include/justclick.symbols")).expect("symbols");
    let described: String = (symbols.lines())
        .map(|symbol| format!("<function-decl name='{symbol}' visibility='default'>\n"))
        .collect();
    fs::write(folder.join("include/justclick.abi"), described).expect("a description");
}

#[test]
fn a_release_whose_parts_agree_is_let_through() {
    let folder = tempfile::tempdir().expect("a folder");
    write_parts(folder.path());
    let output = agree(folder.path());
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn each_part_that_says_something_else_is_told() {
    let version = format!("\"{VERSION}\"");
    let quoted = format!("'{VERSION}'");
    let interface = |name: &str| format!("{name} = 0");
    for (part, before, after) in [
        (
            "Cargo.lock",
            format!("name = \"justclick\"\nversion = {version}"),
            "name = \"justclick\"\nversion = \"9.9.9\"",
        ),
        (
            "CHANGELOG.md",
            format!("[{VERSION}] - 2026"),
            "[Unreleased] - 2026",
        ),
        (
            "build/library.args",
            "libjustclick.so.0".to_owned(),
            "libjustclick.so.7",
        ),
        (
            "include/justclick.h",
            format!("#define JC_VERSION {version}"),
            "#define JC_VERSION \"9.9.9\"",
        ),
        (
            "include/justclick.abi",
            "'jc_free'".to_owned(),
            "'jc_other'",
        ),
        ("include/justclick.symbols", "jc_free\n".to_owned(), ""),
        (
            "man/justclick.3",
            format!("\"justclick {VERSION}\""),
            "\"justclick 9.9.9\"",
        ),
        (
            "bindings/php/README.md",
            format!("\"justclick/justclick\": {version}"),
            "\"justclick/justclick\": \"9.9.9\"",
        ),
        (
            "bindings/php/src/Loader.php",
            format!("const VERSION = {quoted}"),
            "const VERSION = '9.9.9'",
        ),
        (
            "bindings/php/src/Loader.php",
            interface("ABI_VERSION"),
            "ABI_VERSION = 7",
        ),
        (
            "bindings/python/src/justclick/_version.py",
            format!("\nVERSION = {version}"),
            "\nVERSION = \"9.9.9\"",
        ),
        (
            "bindings/python/src/justclick/_version.py",
            interface("ABI_VERSION"),
            "ABI_VERSION = 7",
        ),
        ("examples/php/composer.json", version.clone(), "\"9.9.9\""),
        (
            "examples/wordpress/justclick/composer.json",
            version.clone(),
            "\"9.9.9\"",
        ),
        (
            "examples/wordpress/justclick/justclick.php",
            format!("Version: {VERSION}"),
            "Version: 9.9.9",
        ),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        write_parts(folder.path());
        let path = folder.path().join(part);
        let text = fs::read_to_string(&path).expect(part);
        let changed = text.replacen(&before, after, 1);
        assert_ne!(changed, text, "{part}: {before}");
        fs::write(&path, changed).expect(part);
        let output = agree(folder.path());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && said.contains(part),
            "{part}: {said}"
        );
        assert!(said.contains("1 disagreements"), "{part}: {said}");
    }
}

#[test]
fn every_part_follows_the_version() {
    let folder = tempfile::tempdir().expect("a folder");
    write_parts(folder.path());
    let manifest = folder.path().join("Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    let newer = text.replacen(
        &format!("version = \"{VERSION}\""),
        "version = \"9.9.9\"",
        1,
    );
    fs::write(&manifest, newer).expect("a manifest");
    let said = String::from_utf8_lossy(&agree(folder.path()).stderr).into_owned();
    for part in PARTS {
        let has_version = !matches!(
            part,
            "Cargo.toml" | "include/justclick.abi" | "include/justclick.symbols"
        );
        assert!(said.contains(part) || !has_version, "{part}: {said}");
    }
}
