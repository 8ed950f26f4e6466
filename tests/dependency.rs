//! The crate as a Rust program has it that depends on it.
#![cfg(target_os = "linux")]

mod dependent;

use std::process::Command;

use serde_json::Value;

const PROGRAM: &str = r#"
fn main() {
    println!("{}", justclick::Client::new("username", "secret").is_ok());
}
"#;

#[test]
fn a_program_that_depends_on_it_builds_the_rust_library_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let built = dependent::build(folder.path(), "dependent", PROGRAM)
        .arg("--message-format=json")
        .output()
        .expect("cargo");
    let errors = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{errors}");
    assert!(!errors.contains("warning"), "{errors}");

    let printed = String::from_utf8(built.stdout).expect("UTF-8");
    let made: Vec<Value> = (printed.lines())
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let artifact = |name: &str| {
        (made.iter())
            .find(|message| message["target"]["name"] == name && !message["filenames"].is_null())
            .unwrap_or_else(|| panic!("{name} in {printed}"))
    };
    let library = artifact("justclick");
    assert_eq!(
        library["target"]["crate_types"],
        serde_json::json!(["rlib"])
    );
    let files = library["filenames"].as_array().expect("files");
    assert!(!files.is_empty());
    for file in files.iter().filter_map(Value::as_str) {
        assert!(
            file.ends_with(".rlib") || file.ends_with(".rmeta"),
            "{file}"
        );
    }
    let program = artifact("dependent")["executable"].as_str().expect("one");
    let ran = Command::new(program).output().expect("the program");
    assert_eq!(ran.stdout, b"true\n");
}
