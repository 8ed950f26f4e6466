//! The shared library that programs in other languages find here. Python or PHP opens it, so that an
//! odd one ends that program and not this one.

use std::env;
use std::path::Path;

use super::finding::{Finding, Report};
use super::program;
use crate::failure::{Code, Failure};

const CHECK: &str = "library";
const NAMED: &str = "JUSTCLICK_LIBRARY";
/// What the bindings ask the system for where nothing is named.
const SYSTEM: &str = "libjustclick.so.0";
const OURS: &str = env!("CARGO_PKG_VERSION");

/// Prints the version and the path.
const PYTHON: &str = r#"
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
library.jc_version.restype = ctypes.c_char_p
print(library.jc_version().decode())
name = sys.argv[1].rpartition("/")[2]
for line in open("/proc/self/maps"):
    path = line.partition("/")[2].strip()
    if path.rpartition("/")[2].startswith(name):
        print("/" + path)
        break
"#;
const PHP: &str = r#"
$library = FFI::cdef("const char *jc_version(void);", $argv[1]);
echo $library->jc_version(), "\n";
$name = preg_quote(basename($argv[1]), "~");
preg_match("~(/\S*/{$name}\S*)$~m", (string) @file_get_contents("/proc/self/maps"), $found);
echo $found[1] ?? "", "\n";
"#;

pub fn examine(report: &mut Report) -> Result<(), Failure> {
    let named = env::var(NAMED).ok().filter(|path| !path.is_empty());
    report.tell(judge(named.as_deref()))
}

fn judge(named: Option<&str>) -> Finding {
    let place = named.unwrap_or(SYSTEM);
    match ask(place) {
        None => without_languages(place, named.is_some()),
        Some(Ok((version, path))) => {
            let path = if path.is_empty() { place } else { &path };
            of_version(path, &version)
        }
        Some(Err(why)) => match named {
            Some(path) => not_loaded(path, &why),
            None if why.contains("No such file") || why.contains("cannot open") => missing(),
            None => {
                let found = format!("{place} cannot be loaded: {why}");
                let advice = "install the library that was built for this system, and run `ldconfig` as root";
                Finding::warning(CHECK, found, advice)
            }
        },
    }
}

fn of_version(path: &str, version: &str) -> Finding {
    let found = format!("{path} is version {version}");
    if version == OURS {
        return Finding::ok(CHECK, found);
    }
    let advice =
        format!("install library and command of one version; this command is version {OURS}");
    Finding::warning(CHECK, found, advice)
}

/// The version and the path of the library at a place, or why it does not load. `None` where neither
/// language is there.
fn ask(place: &str) -> Option<Result<(String, String), String>> {
    let python = program::find("python3").map(|python| (python, ["-c", PYTHON, place]));
    let php = program::find("php").map(|php| (php, ["-r", PHP, place]));
    let mut last = None;
    for (language, arguments) in python.into_iter().chain(php) {
        match program::ask(&language, &arguments) {
            Ok(said) if said.is_success => {
                let mut lines = said.output.lines();
                let mut next = || lines.next().unwrap_or_default().to_owned();
                return Some(Ok((next(), next())));
            }
            Ok(said) => {
                let reason = said.errors.trim().lines().last().unwrap_or_default();
                last.get_or_insert_with(|| Err(reason.to_owned()));
            }
            Err(why) => last = Some(Err(why)),
        }
    }
    last
}

/// The file's name tells the version then, as `make install` and packages write it.
fn without_languages(place: &str, is_named: bool) -> Finding {
    let folders = [
        "/usr/local/lib",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64",
        "/usr/lib",
    ];
    let paths = if is_named {
        vec![place.into()]
    } else {
        folders.map(|folder| Path::new(folder).join(place)).to_vec()
    };
    let Some(real) = paths.iter().find_map(|path| path.canonicalize().ok()) else {
        return match is_named {
            true => not_loaded(place, "there is no such file"),
            false => missing(),
        };
    };
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    let shown = real.display().to_string();
    match name.strip_prefix("libjustclick.so.") {
        Some(version) => of_version(&shown, version),
        None => Finding::ok(
            CHECK,
            format!("{shown} is there; there is neither python3 nor php to ask it its version"),
        ),
    }
}

fn not_loaded(path: &str, why: &str) -> Finding {
    let found = format!("{NAMED} names {path}, which cannot be loaded: {why}");
    let advice =
        format!("correct {NAMED}, or take it away: nothing else is looked for while it is set");
    Finding::wrong(CHECK, Code::Refused, found, advice)
}

fn missing() -> Finding {
    let found = format!(
        "no {SYSTEM} is installed; the command needs none, and the packages for PHP and Python may bring their own"
    );
    Finding::skipped(CHECK, found)
}
