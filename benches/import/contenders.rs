//! Who takes part: the command, and the loops that people write.

use std::path::Path;

pub struct Contender {
    pub name: &'static str,
    program: Program,
}

enum Program {
    /// `justclick import` with so many in flight.
    Command(&'static str),
    /// PHP's curl, with a handle that is kept or a new one for each row.
    Php(&'static str),
    Python,
}

/// In the order of the table.
pub fn all() -> Vec<Contender> {
    [
        ("**`justclick import`**", Program::Command("8")),
        (
            "**`justclick import --in-flight 32`**",
            Program::Command("32"),
        ),
        ("PHP, curl, a new handle each", Program::Php("new")),
        ("PHP, curl, one handle", Program::Php("kept")),
        ("Python, requests.Session", Program::Python),
    ]
    .map(|(name, program)| Contender { name, program })
    .into()
}

impl Contender {
    /// The program and its arguments.
    pub fn words(&self, table: &Path) -> Vec<String> {
        let table = table.display().to_string();
        let script = |name| format!("{}/benches/{name}", env!("CARGO_MANIFEST_DIR"));
        match self.program {
            Program::Command(in_flight) => [
                env!("CARGO_BIN_EXE_justclick"),
                "import",
                &table,
                "--group",
                "super",
                "--yes",
                "--in-flight",
                in_flight,
            ]
            .map(str::to_owned)
            .into(),
            Program::Php(_) => vec!["php".to_owned(), script("php/import.php"), table],
            Program::Python => {
                let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
                vec![python, script("python/import_by_requests.py"), table]
            }
        }
    }

    /// What PHP's loop is told by a variable.
    pub fn handle(&self) -> &'static str {
        match self.program {
            Program::Php(handle) => handle,
            Program::Command(_) | Program::Python => "",
        }
    }
}

/// How large the command is, in bytes.
pub fn size() -> u64 {
    let program = std::fs::metadata(env!("CARGO_BIN_EXE_justclick"));
    program.expect("the command").len()
}
