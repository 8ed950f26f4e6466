//! PHP behind a web server, where FFI is for preloaded classes unless a pool allows it.

use std::path::Path;

use super::finding::{Finding, Report};
use super::php::{NO_EXTENSION, TOO_OLD, is_off, is_too_old};
use super::program;
use crate::failure::Failure;

const CHECK: &str = "php-fpm";
const UNSET: &str = "no value";

/// A pool, and what its file says.
#[derive(Default)]
struct Pool {
    name: String,
    enable: Option<String>,
    library: Option<String>,
}

/// What PHP says of itself.
struct Settings<'a> {
    version: &'a str,
    enable: &'a str,
    preload: Option<&'a str>,
    has_ffi: bool,
}

pub fn examine(report: &mut Report) -> Result<(), Failure> {
    let found = program::find_all("php-fpm");
    if found.is_empty() {
        return report.tell(Finding::skipped(CHECK, "there is no php-fpm"));
    }
    for fpm in found {
        for finding in judge(&fpm) {
            report.tell(finding)?;
        }
    }
    Ok(())
}

fn judge(fpm: &Path) -> Vec<Finding> {
    let shown = fpm.display();
    let asked = program::ask(fpm, &["-i"]).and_then(|said| match said.is_success {
        true => Ok(said.output),
        false => Err(format!("{} {}", said.errors, said.output)),
    });
    let information = match asked {
        Ok(information) => information,
        Err(why) => {
            let found = format!("{shown} does not run: {why}");
            return vec![Finding::warning(CHECK, found, "mend php-fpm first")];
        }
    };
    let settings = settings(&information);
    let found = format!("{shown} is PHP {}", settings.version);
    if is_too_old(settings.version) {
        return vec![Finding::warning(CHECK, found, TOO_OLD)];
    }
    if !settings.has_ffi {
        let found = format!("{found} without FFI");
        return vec![Finding::warning(CHECK, found, NO_EXTENSION)];
    }
    let pools = match program::ask(fpm, &["-tt"]) {
        Ok(said) if said.is_success => pools(&said.errors),
        // Some pools' files are for root alone.
        _ => Vec::new(),
    };
    if pools.is_empty() {
        let found = format!("{found}; its pools are not told to this user");
        return vec![judge_pool(&found, &settings, &Pool::default())];
    }
    (pools.iter())
        .map(|pool| judge_pool(&format!("{found}, pool {}", pool.name), &settings, pool))
        .collect()
}

fn judge_pool(found: &str, settings: &Settings, pool: &Pool) -> Finding {
    let enable = pool.enable.as_deref().unwrap_or(settings.enable);
    let library = (pool.library.as_deref())
        .map_or_else(String::new, |path| format!(", with the library {path}"));
    if enable == "1" || enable.eq_ignore_ascii_case("on") {
        return Finding::ok(CHECK, format!("{found}: it may use FFI{library}"));
    }
    if let Some(preload) = settings.preload
        && !is_off(enable)
    {
        let found = format!("{found}: classes that {preload} preloads may use FFI{library}");
        return Finding::ok(CHECK, found);
    }
    let minor: Vec<&str> = settings.version.splitn(3, '.').take(2).collect();
    let advice = format!(
        "where a site uses the binding, add `php_admin_value[ffi.enable]=1` to its pool's file, often /etc/php/{}/fpm/pool.d/www.conf, and restart php-fpm",
        minor.join(".")
    );
    let found = format!("{found}: FFI is not allowed (ffi.enable={enable})");
    Finding::warning(CHECK, found, advice)
}

/// Reads `name => value` and `name => value of the pool => value of php.ini`.
fn settings(information: &str) -> Settings<'_> {
    let value = |name: &str| {
        (information.lines())
            .filter_map(|line| line.split_once(" => "))
            .find(|(found, _)| *found == name)
            .map(|(_, values)| values.split(" => ").next().unwrap_or_default().trim())
            .filter(|value| *value != UNSET)
    };
    Settings {
        version: value("PHP Version").unwrap_or("of an unknown version"),
        enable: value("ffi.enable").unwrap_or("0"),
        preload: value("opcache.preload").filter(|path| !path.is_empty()),
        has_ffi: value("FFI support") == Some("enabled"),
    }
}

/// Reads lines such as `[28-Nov-2026 16:40:24] NOTICE:  php_admin_value[ffi.enable] = 1`.
fn pools(told: &str) -> Vec<Pool> {
    let mut pools: Vec<Pool> = Vec::new();
    for line in told.lines() {
        let Some((_, line)) = line.split_once("NOTICE:") else {
            continue;
        };
        let line = line.trim();
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            pools.push(Pool {
                name: name.to_owned(),
                ..Pool::default()
            });
        } else if let (Some((name, value)), Some(pool)) = (line.split_once(" = "), pools.last_mut())
        {
            match name {
                "php_admin_value[ffi.enable]" => pool.enable = Some(value.to_owned()),
                "env[JUSTCLICK_LIBRARY]" => pool.library = Some(value.to_owned()),
                _ => {}
            }
        }
    }
    pools.retain(|pool| pool.name != "global");
    pools
}
