//! What the bridge says on stderr: a line for each webhook, and one each second for what strangers try.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::output::Output;

const BETWEEN_LINES: Duration = Duration::from_secs(1);

/// It writes no token, no secret and nobody's data.
pub struct Journal {
    output: Output,
    strangers: Mutex<Strangers>,
}

#[derive(Default)]
struct Strangers {
    unsaid: u64,
    last_line: Option<Instant>,
}

impl Journal {
    pub fn new(output: Output) -> Journal {
        Journal {
            output,
            strangers: Mutex::default(),
        }
    }

    pub fn say(&self, text: &str) {
        self.output.warn(text);
    }

    /// Somebody without a right came. However many come, there is a line each second.
    pub fn stranger(&self, why: &str) {
        let mut strangers = self
            .strangers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if (strangers.last_line).is_some_and(|last| last.elapsed() < BETWEEN_LINES) {
            strangers.unsaid += 1;
            return;
        }
        let others = std::mem::take(&mut strangers.unsaid);
        strangers.last_line = Some(Instant::now());
        drop(strangers);
        let others = match others {
            0 => String::new(),
            _ => format!(", and {others} others since the last line"),
        };
        self.say(&format!("refused: {why}{others}"));
    }
}
