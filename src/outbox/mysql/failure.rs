//! What goes wrong with the database, told to people without SQL and without anybody's data.

use std::io;
use std::time::Duration;

use mysql_common::proto::codec::error::PacketCodecError;

use crate::error::{Error, ErrorKind, Refused};

/// What went wrong, before the place is known.
#[derive(Debug)]
pub(super) enum Failed {
    /// The server's answer. Its text may hold values, so it is not kept.
    Sql(u16),
    /// The connection is gone, or none came about.
    Lost(String),
    /// There was no answer in time.
    Late,
    /// What came is not MySQL's protocol.
    Strange(&'static str),
    /// For people already, but without the place.
    Refused(String),
    /// So many leads are kept.
    Full(u64),
    /// The lead is too large. For people already, but without the place.
    TooLarge(String),
    /// The commit went out, and no answer came.
    Doubtful(Box<Failed>),
    /// For people already.
    Told(Error),
}

impl Failed {
    /// Whether the connection cannot be used any more.
    pub(super) fn ends_connection(&self) -> bool {
        match self {
            Failed::Lost(_) | Failed::Late | Failed::Strange(_) => true,
            Failed::Sql(code) => ENDED.contains(code),
            Failed::Doubtful(failed) => failed.ends_connection(),
            Failed::Refused(_) | Failed::Full(_) | Failed::TooLarge(_) | Failed::Told(_) => false,
        }
    }

    /// Whether a new connection may fare better.
    pub(super) fn is_lost(&self) -> bool {
        !matches!(self, Failed::Late | Failed::Strange(_)) && self.ends_connection()
    }

    /// Whether the transaction may succeed if it is done again.
    pub(super) fn is_conflict(&self) -> bool {
        matches!(self, Failed::Sql(code) if CONFLICTS.contains(code))
    }

    /// The failure with its place, its cause and what to do.
    pub(super) fn told(self, place: &str, patience: Duration) -> Error {
        match self {
            Failed::Told(error) => error,
            other => {
                let refused = other.refused();
                error(format!("the outbox {place}: {}", cause(other, patience)))
                    .with_refused(refused)
            }
        }
    }

    fn refused(&self) -> Refused {
        match self {
            Failed::Full(_) => Refused::Further,
            Failed::TooLarge(_) => Refused::This,
            Failed::Sql(code) if TOO_LARGE.contains(code) => Refused::This,
            _ => Refused::All,
        }
    }

    /// Says that it may have been done all the same, where that is so.
    pub(super) fn with_doubt(self, is_doubtful: bool) -> Failed {
        if is_doubtful {
            Failed::Doubtful(Box::new(self))
        } else {
            self
        }
    }

    pub(super) fn without_doubt(self) -> Failed {
        match self {
            Failed::Doubtful(failed) => *failed,
            other => other,
        }
    }

    pub(super) fn is(&self, known: u16) -> bool {
        matches!(self, Failed::Sql(code) if *code == known)
    }
}

pub(super) const NO_SUCH_TABLE: u16 = 1146;
const DUPLICATE: u16 = 1062;
/// A deadlock, a row that changed under a snapshot, and a key that somebody else wrote meanwhile.
const CONFLICTS: [u16; 3] = [1213, 1020, DUPLICATE];
/// For a packet, or for a column.
const TOO_LARGE: [u16; 2] = [1153, 1406];
/// The server shuts down, or ended the connection: by a KILL, or since it was idle.
const ENDED: [u16; 6] = [1053, 1077, 1079, 1927, 3169, 4031];

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Failed {
        match error.kind() {
            io::ErrorKind::TimedOut => Failed::Late,
            // What reads the packets says so of bytes that are none.
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                Failed::Strange("a packet cannot be read")
            }
            io::ErrorKind::UnexpectedEof => Failed::Lost("the server closed it".to_owned()),
            _ => Failed::Lost(error.to_string()),
        }
    }
}

impl From<PacketCodecError> for Failed {
    fn from(error: PacketCodecError) -> Failed {
        match error {
            PacketCodecError::Io(error) => error.into(),
            PacketCodecError::PacketTooLarge => Failed::Strange("a packet is too large"),
            _ => Failed::Strange("a packet is out of order"),
        }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        Failed::Told(error)
    }
}

pub(super) fn error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::NotStored, message)
}

fn cause(failed: Failed, patience: Duration) -> String {
    let milliseconds = patience.as_millis();
    match failed {
        Failed::Sql(code) => refusal(code, milliseconds),
        Failed::Lost(why) => format!("the connection is lost: {why}; is the server there?"),
        Failed::Late => format!(
            "the server gave no answer within {milliseconds} ms (busy_timeout_ms): it hangs, is overloaded, or a firewall is between"
        ),
        Failed::Strange(what) => {
            format!("what answers does not speak as MySQL or MariaDB do: {what}")
        }
        Failed::Doubtful(failed) => format!(
            "{}; it may have been done all the same, and to do it again does no harm",
            cause(*failed, patience)
        ),
        Failed::Refused(why) | Failed::TooLarge(why) => why,
        Failed::Full(limit) => {
            format!(
                "it is full: {limit} leads are kept (max_leads); deliver them, or drop dead ones"
            )
        }
        Failed::Told(error) => error.message().to_owned(),
    }
}

/// The server's own text would repeat values.
fn refusal(code: u16, patience: u128) -> String {
    let what = match code {
        1040 | 1203 | 1226 => {
            "the server has no connection left for this user: raise max_connections or the user's limit"
        }
        1044 => "this user may not use the database: grant it the rights on its tables",
        1045 | 1698 => {
            "the server refuses this user: wrong user or password, or the user may not come from this host, or only with TLS (ssl_mode=verify_identity)"
        }
        1049 => "there is no such database: create it first",
        1129 | 1130 => "the server takes no connections from this host",
        1142 | 1143 => {
            "this user lacks a right on the tables: grant select, insert, update, delete and, for the first opening, create"
        }
        1205 | 1317 | 1969 | 3024 => {
            return format!(
                "somebody kept rows locked, or the server worked, for longer than {patience} ms (busy_timeout_ms)"
            );
        }
        1213 | 1020 | DUPLICATE => {
            return format!(
                "others changed the same rows all the time for {patience} ms (busy_timeout_ms)"
            );
        }
        1021 | 1114 | 3 | 28 | 1041 => "the server has no room left: make room on its disk",
        1406 => "the lead is too large for the tables",
        1153 => "the lead is larger than the server's max_allowed_packet: raise it",
        NO_SUCH_TABLE | 1054 => {
            "its tables are not as this library makes them: another program changed them"
        }
        1290 | 1792 | 1836 => {
            "the server is read-only (read_only): name the server that takes writes"
        }
        1286 => "the server has no InnoDB: switch it on",
        1665 => "binlog_format=STATEMENT cannot log what the outbox does: set it to ROW or MIXED",
        1820 | 1862 => "this user's password has expired: set a new one",
        3159 => {
            "the server takes encrypted connections only (require_secure_transport): add ssl_mode=verify_identity"
        }
        1064 | 1235 | 1305 => "the server does not know what MySQL 8.0.1 and MariaDB 10.6 know",
        _ => "",
    };
    match what {
        "" => format!("the server refused: its error {code}"),
        _ => format!("{what} (the server's error {code})"),
    }
}
