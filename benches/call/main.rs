//! What a call across the C interface costs: two short functions, in a loop, from each language.
//! Prints a table and writes it into `benches/README.md`.
//!
//! The programs take turns and the best of each counts, since machines are shared and noisy.

#[path = "../../tests/c_programs/mod.rs"]
#[allow(dead_code)]
mod c_programs;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use c_programs::{Workshop, library, root, succeeded};

const ROUNDS: usize = 5;
const START: &str = "<!-- Written by `make bench`: calls. -->\n";
const END: &str = "<!-- Up to here. -->\n";

struct Language {
    name: &'static str,
    command: Command,
    /// Nanoseconds of `jc_version` and of `jc_status_name`.
    best: [f64; 2],
}

impl Language {
    fn new(name: &'static str, mut command: Command, how: &str) -> Language {
        command
            .env("JUSTCLICK_CALL", how)
            .env("JUSTCLICK_LIBRARY", library())
            .env_remove("LD_LIBRARY_PATH");
        Language {
            name,
            command,
            best: [f64::INFINITY; 2],
        }
    }

    fn measure(&mut self) {
        let printed = succeeded(&self.command.output().expect(self.name));
        let numbers = printed.split_whitespace().map(str::parse::<f64>);
        for (best, number) in self.best.iter_mut().zip(numbers) {
            *best = best.min(number.expect("a number"));
        }
    }
}

fn main() {
    let workshop = Workshop::new();
    let mut languages = [
        Language::new("C", compiled(&workshop, "cc", &["-std=c11"]), ""),
        Language::new("C++", compiled(&workshop, "c++", &["-std=c++17"]), ""),
        Language::new("PHP, declared by the script", php(), "cdef"),
        Language::new(
            "PHP, declared at the start",
            preloaded(workshop.path()),
            "preloaded",
        ),
        Language::new("Python, `CDLL`", python(), "CDLL"),
        Language::new("Python, `PyDLL`", python(), "PyDLL"),
    ];
    for _ in 0..ROUNDS {
        languages.iter_mut().for_each(Language::measure);
    }
    let mut table =
        "| from | `jc_version`, ns | `jc_status_name`, ns |\n|---|--:|--:|\n".to_owned();
    for Language { name, best, .. } in &languages {
        let _ = writeln!(table, "| {name} | {:.1} | {:.1} |", best[0], best[1]);
    }
    println!("{table}");
    write_into_readme(&table);
}

fn write_into_readme(table: &str) {
    let path = root().join("benches/README.md");
    let readme = fs::read_to_string(&path).expect("the file");
    let (before, rest) = readme.split_once(START).expect("the table's place");
    let (_, after) = rest.split_once(END).expect("the table's end");
    fs::write(path, format!("{before}{START}\n{table}\n{END}{after}")).expect("the file");
}

fn source(name: &str) -> PathBuf {
    root().join("benches/call").join(name)
}

fn compiled(workshop: &Workshop, compiler: &str, language: &[&str]) -> Command {
    let flags = [language, &["-O2"]].concat();
    let program = workshop.compile(compiler, &source("call.c"), &flags);
    let own = program.with_file_name(format!("call-by-{compiler}"));
    fs::rename(program, &own).expect("a program");
    Command::new(own)
}

fn php() -> Command {
    let mut command = Command::new("php");
    command.arg(source("call.php"));
    command
}

/// `ffi.preload` takes a header that names its library.
fn preloaded(folder: &Path) -> Command {
    let declarations = fs::read_to_string(source("declarations.h")).expect("a file");
    let header = folder.join("preloaded.h");
    let library = library();
    let text = format!("#define FFI_LIB \"{}\"\n{declarations}", library.display());
    fs::write(&header, text).expect("a file");
    let mut command = Command::new("php");
    command
        .args(["-d", &format!("ffi.preload={}", header.display())])
        .arg(source("call.php"));
    command
}

fn python() -> Command {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(python);
    command.arg(source("call.py"));
    command
}
