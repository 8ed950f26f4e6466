//! What was found, as a line each, and what all of it comes to.

use std::fmt::Display;

use serde_json::json;

use crate::failure::{Code, Failure};
use crate::output::Output;

/// What programs and systems say is cut off there.
const LONGEST: usize = 600;

/// One thing that was looked at.
pub struct Finding {
    check: &'static str,
    state: State,
    found: String,
    advice: Option<String>,
}

#[derive(Clone, Copy)]
enum State {
    Ok,
    /// It could not be looked at, or is not there.
    Skipped,
    /// It works, and somebody should know.
    Warning,
    /// It does not work; the exit code says so.
    Wrong(Code),
}

impl Finding {
    pub fn ok(check: &'static str, found: impl Display) -> Finding {
        Finding::new(check, State::Ok, found, None)
    }

    pub fn skipped(check: &'static str, why: impl Display) -> Finding {
        Finding::new(check, State::Skipped, why, None)
    }

    pub fn warning(check: &'static str, found: impl Display, advice: impl Display) -> Finding {
        Finding::new(check, State::Warning, found, Some(one_line(advice)))
    }

    pub fn wrong(
        check: &'static str,
        code: Code,
        found: impl Display,
        advice: impl Display,
    ) -> Finding {
        Finding::new(check, State::Wrong(code), found, Some(one_line(advice)))
    }

    fn new(
        check: &'static str,
        state: State,
        found: impl Display,
        advice: Option<String>,
    ) -> Finding {
        Finding {
            check,
            state,
            found: one_line(found),
            advice,
        }
    }
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Skipped => "skipped",
            State::Warning => "warning",
            State::Wrong(_) => "wrong",
        }
    }
}

/// Tells each finding as it is made.
pub struct Report<'a> {
    output: &'a Output,
    worst: Code,
}

impl<'a> Report<'a> {
    pub fn new(output: &'a Output) -> Report<'a> {
        Report {
            output,
            worst: Code::Done,
        }
    }

    pub fn tell(&mut self, finding: Finding) -> Result<(), Failure> {
        let Finding {
            check,
            state,
            found,
            advice,
        } = finding;
        if let State::Wrong(code) = state {
            self.worst = self.worst.max(code);
        }
        let word = state.word();
        let mut line = format!("{word:<8} {check:<12} {found}");
        if let Some(advice) = &advice {
            line.push_str(" -> ");
            line.push_str(advice);
        }
        let told = json!({"check": check, "state": word, "found": found, "advice": advice});
        self.output.tell(line, &told)
    }

    /// The exit code: that of the worst that is wrong.
    pub fn code(&self) -> Code {
        self.worst
    }
}

/// Programs say more than a line, and with control characters.
fn one_line(text: impl Display) -> String {
    let text = text.to_string();
    let words: Vec<&str> = text
        .split(|character: char| character.is_control() || character.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
