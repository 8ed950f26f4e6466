//! What a server must be set to, so that what it kept survives.

use std::collections::HashMap;

use super::failure::Failed;
use super::link::Link;
use super::version::Version;

/// What is asked for: those that a server does not have are missing in its answer.
const VARIABLES: &str = "show global variables where variable_name in (
    'version', 'read_only', 'super_read_only', 'innodb_read_only', 'innodb_flush_log_at_trx_commit',
    'innodb_doublewrite', 'innodb_flush_method', 'log_bin', 'sync_binlog', 'wsrep_on')";
/// MySQL can be told to write no log at all.
const REDO_LOG: &str = "show global status like 'Innodb_redo_log_enabled'";

/// Refuses a server that takes no writes. What it cannot promise is noted, since it counts for leads
/// that are to survive a loss of power alone.
pub(super) fn check(link: &mut Link) -> Result<(), Failed> {
    let mut variables = read(link, VARIABLES)?;
    variables.extend(read(link, REDO_LOG)?);
    let value = |name: &str| variables.get(name).map_or("", String::as_str);
    // A proxy may have greeted with another one's version.
    let version = Version::read(value("version"));
    version.check()?;
    for name in ["read_only", "super_read_only", "innodb_read_only"] {
        if !is_off(value(name)) {
            return Err(Failed::Refused(format!(
                "the server is read-only ({name}={}): name the server that takes writes",
                value(name)
            )));
        }
    }
    link.broken_promise = broken(&value, version.is_mariadb).map(|(setting, what)| {
        format!("the server has {setting}, so that {what}: change that, or take durability=crash")
    });
    Ok(())
}

fn read(link: &mut Link, sql: &str) -> Result<HashMap<String, String>, Failed> {
    let rows = link.plain(sql)?.rows;
    rows.iter()
        .map(|row| Ok((row.text(0)?.to_ascii_lowercase(), row.text(1)?)))
        .collect()
}

/// The setting that breaks the promise, and what follows of it.
fn broken<'a>(
    value: &impl Fn(&str) -> &'a str,
    is_mariadb: bool,
) -> Option<(String, &'static str)> {
    let of = |name: &str| format!("{name}={}", value(name));
    let flush = value("innodb_flush_log_at_trx_commit");
    // MariaDB's 3 writes more often still.
    if flush != "1" && !(is_mariadb && flush == "3") {
        return Some((
            of("innodb_flush_log_at_trx_commit"),
            "it answers before the disk has a lead",
        ));
    }
    if is_off(value("innodb_doublewrite")) || value("innodb_doublewrite") == "DETECT_ONLY" {
        return Some((
            of("innodb_doublewrite"),
            "a page half written at a loss of power is lost",
        ));
    }
    if value("innodb_flush_method").contains("nosync") {
        return Some((of("innodb_flush_method"), "it never waits for the disk"));
    }
    if value("innodb_redo_log_enabled") == "OFF" {
        return Some((of("innodb_redo_log_enabled"), "it writes no log"));
    }
    // After a crash, InnoDB takes back what the binary log does not have.
    if !is_off(value("log_bin")) && value("sync_binlog") != "1" {
        return Some((
            of("sync_binlog"),
            "leads that its binary log does not have at a crash are taken back",
        ));
    }
    None
}

fn is_off(value: &str) -> bool {
    matches!(value, "" | "0" | "OFF" | "off")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(changed: &[(&str, &'static str)], is_mariadb: bool) -> Option<String> {
        let value = |name: &str| {
            let mut changed = changed.iter();
            match (changed.find(|(other, _)| *other == name), name) {
                (Some((_, value)), _) => value,
                (None, "innodb_flush_log_at_trx_commit" | "sync_binlog") => "1",
                (None, "innodb_doublewrite" | "log_bin") => "ON",
                (None, "innodb_flush_method") => "O_DIRECT",
                _ => "",
            }
        };
        broken(&value, is_mariadb).map(|(setting, _)| setting)
    }

    #[test]
    fn a_setting_that_breaks_the_promise_is_named() {
        assert_eq!(told(&[], false), None);
        for (name, value) in [
            ("innodb_flush_log_at_trx_commit", "2"),
            ("innodb_flush_log_at_trx_commit", "0"),
            ("innodb_flush_log_at_trx_commit", "3"),
            ("innodb_doublewrite", "OFF"),
            ("innodb_doublewrite", "DETECT_ONLY"),
            ("innodb_flush_method", "nosync"),
            ("sync_binlog", "0"),
            ("sync_binlog", "100"),
        ] {
            let setting = told(&[(name, value)], false);
            assert_eq!(setting, Some(format!("{name}={value}")));
        }
        assert_eq!(told(&[("innodb_flush_log_at_trx_commit", "3")], true), None);
        assert_eq!(
            told(&[("log_bin", "OFF"), ("sync_binlog", "0")], true),
            None
        );
        let off = told(&[("innodb_redo_log_enabled", "OFF")], false);
        assert_eq!(off.as_deref(), Some("innodb_redo_log_enabled=OFF"));
    }
}
