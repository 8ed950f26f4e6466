//! Python, and its package where it is installed.

use super::finding::{Finding, Report};
use super::program;
use crate::failure::Failure;

const CHECK: &str = "python";
const OURS: &str = env!("CARGO_PKG_VERSION");
const OLDEST: (u32, u32) = (3, 9);

/// A line each: Python's version, the package's, and why the package's library does not load.
const QUESTION: &str = r#"
import sys
print("%d.%d.%d" % sys.version_info[:3])
try:
    import justclick
except ImportError:
    sys.exit()
print(justclick.__version__)
try:
    justclick.Client("doctor", "doctor").close()
except justclick.LibraryNotUsable as failure:
    print(str(failure).replace("\n", " "))
"#;

pub fn examine(report: &mut Report) -> Result<(), Failure> {
    let Some(python) = program::find("python3") else {
        return report.tell(Finding::skipped(CHECK, "there is no python3 in the PATH"));
    };
    let shown = python.display();
    let said = match program::ask(&python, &["-c", QUESTION]) {
        Ok(said) if said.is_success => said.output,
        Ok(said) => {
            let found = format!("{shown} does not run: {}", said.errors);
            let advice = "mend Python first; its package needs it";
            return report.tell(Finding::warning(CHECK, found, advice));
        }
        Err(why) => {
            let found = format!("{shown} does not run: {why}");
            let advice = "mend Python first; its package needs it";
            return report.tell(Finding::warning(CHECK, found, advice));
        }
    };
    let lines: Vec<&str> = said.lines().collect();
    report.tell(judge(&format!("{shown} is Python"), &lines))
}

fn judge(python: &str, lines: &[&str]) -> Finding {
    match *lines {
        [version] if is_too_old(version) => {
            let advice = "the package needs Python 3.9 or later";
            Finding::warning(CHECK, format!("{python} {version}"), advice)
        }
        [version] => {
            let found = format!("{python} {version}; the package justclick is not installed there");
            Finding::skipped(CHECK, found)
        }
        [version, package] if package == OURS => {
            let found = format!("{python} {version} with the package justclick {package}");
            Finding::ok(CHECK, found)
        }
        [version, package] => {
            let found = format!("{python} {version} with the package justclick {package}");
            let advice = format!(
                "install package and command of one version; this command is version {OURS}"
            );
            Finding::warning(CHECK, found, advice)
        }
        [version, package, why] => {
            let found = format!("{python} {version} with justclick {package}: {why}");
            let advice =
                "install the library of the package's version, or name it by JUSTCLICK_LIBRARY";
            Finding::warning(CHECK, found, advice)
        }
        _ => Finding::warning(
            CHECK,
            format!("{python}, which says nothing"),
            "mend it first",
        ),
    }
}

fn is_too_old(version: &str) -> bool {
    let mut numbers = version.split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < OLDEST,
        _ => false,
    }
}
