//! What the command prints: for people, or JSON for programs. Results go to stdout, all else to stderr.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::failure::Failure;

/// Where results go, and in which form.
#[derive(Clone)]
pub struct Output {
    is_json: bool,
}

impl Output {
    pub fn new(is_json: bool) -> Output {
        Output { is_json }
    }

    pub fn is_json(&self) -> bool {
        self.is_json
    }

    /// Prints a result.
    pub fn tell(&self, for_people: impl Display, for_programs: &Value) -> Result<(), Failure> {
        if self.is_json {
            line(for_programs)
        } else {
            line(for_people)
        }
    }

    /// Prints a result whose JSON the library wrote.
    pub fn tell_json(&self, for_people: impl Display, for_programs: &str) -> Result<(), Failure> {
        if self.is_json {
            line(for_programs)
        } else {
            line(for_people)
        }
    }

    /// Says what somebody should know while the task goes on.
    pub fn warn(&self, text: &str) {
        let text = if self.is_json {
            json!({"warning": text}).to_string()
        } else {
            format!("justclick: {text}")
        };
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// Says why the task failed, and returns the exit code.
    pub fn failed(&self, failure: &Failure) -> ExitCode {
        let code = failure.code();
        let text = if self.is_json {
            self::error(failure).to_string()
        } else {
            format!("justclick: {failure}")
        };
        // Where nobody reads stderr, the exit code is left.
        let _ = writeln!(io::stderr(), "{text}");
        code.into()
    }
}

fn error(failure: &Failure) -> Value {
    let mut told = json!({"error": failure.to_string(), "exit_code": failure.code() as u8});
    if let Failure::Library(error) = failure {
        told["kind"] = json!(format!("{:?}", error.kind()));
        told["disposition"] = json!(error.disposition().to_string());
        told["code"] = json!(error.answer().map(|answer| answer.code()));
        told["http_status"] = json!(error.http_status());
        told["may_have_arrived"] = json!(error.may_have_arrived());
    }
    told
}

/// A reader that closed its end, such as `head`, has read what it wanted.
fn line(text: impl Display) -> Result<(), Failure> {
    let written = writeln!(io::stdout().lock(), "{text}");
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => other.map_err(|error| Failure::System(format!("the output: {error}"))),
    }
}
