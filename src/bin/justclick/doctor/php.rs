//! PHP on the command line, and what its binding needs there.

use std::path::Path;

use super::finding::{Finding, Report};
use super::program;
use crate::failure::Failure;

const CHECK: &str = "php";
/// The oldest PHP that the binding works with.
pub const OLDEST: (u32, u32) = (8, 1);
pub const TOO_OLD: &str = "the binding needs PHP 8.1 or later";
pub const NO_EXTENSION: &str = "the binding needs PHP's extension ffi: Debian and Ubuntu have it in php-common, Docker's images by `docker-php-ext-install ffi`; the line `extension=ffi` in php.ini loads it";

/// A line each.
const QUESTION: &str = r#"echo implode("\n", [PHP_VERSION, (int) extension_loaded("ffi"), (string) ini_get("ffi.enable"), (string) php_ini_loaded_file()]);"#;

pub fn examine(report: &mut Report) -> Result<(), Failure> {
    report.tell(match program::find("php") {
        None => Finding::skipped(CHECK, "there is no php in the PATH"),
        Some(php) => judge(&php),
    })
}

fn judge(php: &Path) -> Finding {
    let shown = php.display();
    let said = match program::ask(php, &["-r", QUESTION]) {
        Ok(said) if said.is_success => said.output,
        Ok(said) => return failed(php, &format!("{} {}", said.errors, said.output)),
        Err(why) => return failed(php, &why),
    };
    // What PHP itself says, as of an extension that does not load, comes first.
    let lines: Vec<&str> = said.lines().collect();
    let (version, has_ffi, enable, file) = match lines[..] {
        [.., version, has_ffi, enable, file] => (version, has_ffi, enable, file),
        [.., version, has_ffi, enable] => (version, has_ffi, enable, ""),
        _ => return failed(php, &said),
    };
    let found = format!("{shown} is PHP {version}");
    if is_too_old(version) {
        return Finding::warning(CHECK, found, TOO_OLD);
    }
    if has_ffi != "1" {
        return Finding::warning(CHECK, format!("{found} without FFI"), NO_EXTENSION);
    }
    if is_off(enable) {
        let found = format!("{found}, where FFI is switched off (ffi.enable={enable})");
        let advice = format!(
            "write `ffi.enable=preload`, PHP's default, in place of the line that switches it off in {} or the files that `php --ini` names",
            if file.is_empty() { "php.ini" } else { file }
        );
        return Finding::warning(CHECK, found, advice);
    }
    Finding::ok(CHECK, format!("{found}, and may use FFI"))
}

fn failed(php: &Path, why: &str) -> Finding {
    let found = format!("{} does not run: {why}", php.display());
    Finding::warning(CHECK, found, "mend PHP first; the binding needs it")
}

pub fn is_too_old(version: &str) -> bool {
    let mut numbers = version.split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < OLDEST,
        _ => false,
    }
}

pub fn is_off(enable: &str) -> bool {
    matches!(
        enable.to_ascii_lowercase().as_str(),
        "" | "0" | "off" | "no" | "false"
    )
}
