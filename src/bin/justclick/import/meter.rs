//! How far the work is: a bar where somebody looks on, a line every ten seconds elsewhere.

use std::cell::Cell;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const BETWEEN_LINES: Duration = Duration::from_secs(10);
const BAR: &str = "{bar:30} {pos}/{len} {msg}";
const NUMBER: &str = "{spinner} {pos} {msg}";

/// Shows a number that grows.
pub struct Meter {
    bar: Option<ProgressBar>,
    what: &'static str,
    told: Cell<Instant>,
}

impl Meter {
    /// Of rows, whose number is not known before.
    pub fn of_rows(what: &'static str) -> Meter {
        Meter::new(what, None)
    }

    pub fn of(total: u64, what: &'static str) -> Meter {
        Meter::new(what, Some(total))
    }

    fn new(what: &'static str, total: Option<u64>) -> Meter {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
            let template = if total.is_some() { BAR } else { NUMBER };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.set_message(what);
            bar
        });
        Meter {
            bar,
            what,
            told: Cell::new(Instant::now()),
        }
    }

    pub fn set(&self, number: u64) {
        match &self.bar {
            Some(bar) => bar.set_position(number),
            None if self.told.get().elapsed() >= BETWEEN_LINES => {
                self.told.set(Instant::now());
                eprintln!("{number} {}", self.what);
            }
            None => {}
        }
    }

    /// Why it does not go on.
    pub fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(text.to_owned()),
            None => eprintln!("{text}"),
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
