//! The command, run with an environment of its own, and what it tells.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

pub const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

/// How the command is called.
pub struct Call {
    command: Command,
    secret: String,
}

/// What it told.
pub struct Told {
    findings: Vec<Value>,
    pub all: String,
    pub code: i32,
}

/// A call with an account and nothing else: neither files of settings nor programs but the servers'.
pub fn call() -> Call {
    of_program(&[env!("CARGO_BIN_EXE_justclick")])
        .set("JUSTCLICK_USERNAME", "username")
        .secret(SECRET)
}

/// A call through other programs.
pub fn of_program(words: &[&str]) -> Call {
    let mut command = Command::new(words[0]);
    let nowhere = env!("CARGO_TARGET_TMPDIR");
    command.args(&words[1..]).env_clear();
    command.env("HOME", nowhere).env("PATH", nowhere);
    Call {
        command,
        secret: String::new(),
    }
}

impl Call {
    pub fn set(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Call {
        self.command.env(name, value);
        self
    }

    pub fn secret(mut self, secret: &str) -> Call {
        self.secret = secret.to_owned();
        self.set("JUSTCLICK_SECRET", secret)
    }

    pub fn with_programs(self) -> Call {
        let path = std::env::var_os("PATH").expect("a PATH");
        self.set("PATH", path)
    }

    /// Runs the doctor, for a location where there is one.
    pub fn doctor(self, location: Option<&Path>) -> Told {
        let secret = self.secret.clone();
        let location = location.map(|path| path.to_str().expect("UTF-8"));
        let words: Vec<&str> = ["doctor", "--json"].into_iter().chain(location).collect();
        let output = self.run(&words);
        let all = text(&output);
        assert!(secret.is_empty() || !all.contains(&secret), "{all}");
        let findings = String::from_utf8_lossy(&output.stdout).into_owned();
        let findings = findings.lines().map(|line| {
            let finding: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{all}"));
            // Who is told of something is told what to do.
            let needs = ["warning", "wrong"].contains(&finding["state"].as_str().expect("a state"));
            assert_eq!(finding["advice"].is_string(), needs, "{finding}");
            finding
        });
        Told {
            findings: findings.collect(),
            code: output.status.code().unwrap_or_else(|| panic!("{all}")),
            all,
        }
    }

    pub fn run(mut self, words: &[&str]) -> Output {
        self.command.args(words).output().expect("the command")
    }
}

pub fn text(output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stdout);
    format!("{told}{}", String::from_utf8_lossy(&output.stderr))
}

impl Told {
    /// Asserts that a check is in this state, and what is said of it and what is advised.
    pub fn tells(&self, check: &str, state: &str, found: &str, advice: &str) {
        let all = &self.all;
        let is_it = |finding: &&Value| {
            finding["check"] == check
                && finding["state"] == state
                && finding["found"]
                    .as_str()
                    .is_some_and(|text| text.contains(found))
                && (finding["advice"].as_str().unwrap_or_default()).contains(advice)
        };
        assert!(
            self.findings.iter().any(|finding| is_it(&finding)),
            "{check}: {state}, {found}, {advice}:\n{all}"
        );
    }

    pub fn has(&self, check: &str) -> bool {
        self.findings
            .iter()
            .any(|finding| finding["check"] == check)
    }
}
