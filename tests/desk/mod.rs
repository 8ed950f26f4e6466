//! The command as people call it: the built program, with an environment and a folder of its own.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::sandbox::Sandbox;
use crate::sandbox::contacts::Contact;

pub const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

/// A folder in which the command works for an account.
pub struct Desk {
    folder: TempDir,
    base_url: String,
}

/// How a call ended, and what it printed.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub told: String,
    pub warned: String,
}

impl Desk {
    pub fn at(sandbox: &Sandbox) -> Desk {
        Desk::of(&sandbox.base_url())
    }

    pub fn of(base_url: &str) -> Desk {
        Desk {
            folder: tempfile::tempdir().expect("a folder"),
            base_url: base_url.to_owned(),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("a file");
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect(name)
    }

    /// The command with the account's credentials in its environment, and nothing else.
    pub fn command<W: AsRef<OsStr>>(&self, words: &[W]) -> Command {
        let mut command = self.bare(words);
        command
            .env("JUSTCLICK_USERNAME", "username")
            .env("JUSTCLICK_SECRET", SECRET)
            .env("JUSTCLICK_BASE_URL", &self.base_url);
        command
    }

    /// The command without credentials.
    pub fn bare<W: AsRef<OsStr>>(&self, words: &[W]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_justclick"));
        (command.args(words).current_dir(self.folder.path()))
            .env_clear()
            .env("HOME", self.folder.path())
            .stdin(Stdio::null());
        command
    }

    pub fn run<W: AsRef<OsStr>>(&self, words: &[W]) -> Ended {
        ended(&mut self.command(words))
    }

    /// Runs it, and takes its one line of JSON.
    pub fn json<W: AsRef<OsStr>>(&self, words: &[W]) -> (i32, serde_json::Value) {
        let mut command = self.command(words);
        let ended = ended(command.arg("--json"));
        let value = serde_json::from_str(ended.told.trim());
        (
            ended.code,
            value.unwrap_or_else(|error| panic!("{error}: {ended:?}")),
        )
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Runs a command to its end.
pub fn ended(command: &mut Command) -> Ended {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the command starts");
    let ended = Ended {
        code: status.code().unwrap_or(-1),
        told: String::from_utf8(stdout).expect("UTF-8"),
        warned: String::from_utf8(stderr).expect("UTF-8"),
    };
    let all = format!("{}{}", ended.told, ended.warned);
    assert!(!all.contains(SECRET), "the secret is printed: {all}");
    ended
}

/// A parameter of a contact in the books, by the service's name.
pub fn value<'a>(contact: &'a Contact, name: &str) -> &'a str {
    let found = contact.fields.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value)
}
