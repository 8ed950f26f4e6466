//! The README's tables and listings are those of the code.

use std::fs;
use std::path::Path;

use justclick::parameter::PARAMETERS;
use justclick::setting::SETTINGS;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

#[test]
fn the_parameters_are_the_core_s() {
    let readme = read("README.md");
    let rows: Vec<String> = PARAMETERS
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
fn the_program_in_c_is_the_example() {
    let listing = format!("```c\n{}```", read("examples/c/add_lead.c"));
    assert!(read("README.md").contains(&listing));
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
