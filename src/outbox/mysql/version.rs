//! Which server it is, and whether it is new enough for what the outbox asks of it.

use std::fmt;

use super::failure::Failed;
use crate::text;

/// A server's family and version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) is_mariadb: bool,
    numbers: (u32, u32, u32),
    said: String,
}

/// The first that can pass over locked rows.
const MYSQL: (u32, u32, u32) = (8, 0, 1);
const MARIADB: (u32, u32, u32) = (10, 6, 0);

impl Version {
    pub(super) fn read(said: &str) -> Version {
        let is_mariadb = said.contains("MariaDB");
        // Replication wanted it so once: 5.5.5-10.11.19-MariaDB.
        let text = match said.strip_prefix("5.5.5-") {
            Some(rest) if is_mariadb => rest,
            _ => said,
        };
        let mut numbers = text
            .split(|c: char| !c.is_ascii_digit())
            .map(|digits| digits.parse().unwrap_or_default());
        let mut next = || numbers.next().unwrap_or_default();
        Version {
            is_mariadb,
            numbers: (next(), next(), next()),
            said: said.to_owned(),
        }
    }

    pub(super) fn check(&self) -> Result<(), Failed> {
        let least = if self.is_mariadb { MARIADB } else { MYSQL };
        if self.numbers >= least {
            return Ok(());
        }
        Err(Failed::Refused(format!(
            "the server is {self}, and cannot pass over rows that others have locked: MySQL 8.0.1 or MariaDB 10.6 is needed"
        )))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let family = if self.is_mariadb { "MariaDB" } else { "MySQL" };
        write!(formatter, "{family} {}", text::shown(&self.said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_servers_say_them() {
        for (said, is_mariadb, numbers, is_enough) in [
            ("8.0.36", false, (8, 0, 36), true),
            ("8.0.1-dmr", false, (8, 0, 1), true),
            ("9.1.0-commercial", false, (9, 1, 0), true),
            ("8.0.0-dmr", false, (8, 0, 0), false),
            ("5.7.44-log", false, (5, 7, 44), false),
            ("10.6.0-MariaDB", true, (10, 6, 0), true),
            ("5.5.5-10.11.19-MariaDB-0+deb12u1", true, (10, 11, 19), true),
            ("5.5.5-10.5.23-MariaDB-log", true, (10, 5, 23), false),
            ("11.8.2-MariaDB", true, (11, 8, 2), true),
            ("", false, (0, 0, 0), false),
        ] {
            let version = Version::read(said);
            assert_eq!(version.is_mariadb, is_mariadb, "{said}");
            assert_eq!(version.numbers, numbers, "{said}");
            assert_eq!(version.check().is_ok(), is_enough, "{said}");
        }
    }
}
