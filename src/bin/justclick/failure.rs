//! Why a task failed, and the exit code that says so.

use std::fmt;
use std::process::ExitCode;

use justclick::{Disposition, Error, ErrorKind};

/// How the command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// All is done.
    Done = 0,
    /// Something was refused.
    Refused = 1,
    /// Wrong use.
    WrongUse = 2,
    /// It could not be done now.
    Later = 3,
    /// Credentials, account or TLS have to be mended first.
    Held = 4,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> ExitCode {
        ExitCode::from(code as u8)
    }
}

impl From<Disposition> for Code {
    fn from(disposition: Disposition) -> Code {
        match disposition {
            Disposition::Done => Code::Done,
            Disposition::Refused => Code::Refused,
            Disposition::Later => Code::Later,
            Disposition::Hold => Code::Held,
        }
    }
}

/// Why a task failed.
#[derive(Debug)]
pub enum Failure {
    /// What the library says.
    Library(Error),
    /// What the person has to change in the command or its files.
    WrongUse(String),
    /// What the system did not do.
    System(String),
}

impl Failure {
    pub fn code(&self) -> Code {
        match self {
            Failure::Library(error) if is_wrong_use(error.kind()) => Code::WrongUse,
            Failure::Library(error) => error.disposition().into(),
            Failure::WrongUse(_) => Code::WrongUse,
            Failure::System(_) => Code::Later,
        }
    }
}

/// A value that breaks a rule was refused before anything was sent.
fn is_wrong_use(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::InvalidArgument | ErrorKind::UnknownName)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Library(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Library(error) => formatter.write_str(error.message()),
            Failure::WrongUse(why) | Failure::System(why) => formatter.write_str(why),
        }
    }
}
