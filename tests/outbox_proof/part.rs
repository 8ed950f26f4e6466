//! A part of this test program in a process of its own: one of its tests, which does nothing where it
//! is not asked for as a part.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};

use nix::sys::signal::{self, Signal};
use nix::unistd::Pid;

const PART: &str = "JUSTCLICK_TEST_PART";

/// What a part is told by who asked for it.
pub struct Asked(());

/// Whether the running process is this part. It then ends with the process that asked for it.
pub fn asked(part: &str) -> Option<Asked> {
    std::env::var(PART).ok().filter(|asked| asked == part)?;
    thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = signal::raise(Signal::SIGKILL);
    });
    Some(Asked(()))
}

impl Asked {
    pub fn value(&self, name: &str) -> String {
        std::env::var(variable(name)).unwrap_or_else(|_| panic!("the part needs the value {name}"))
    }
}

/// Tells the process that asked for this part a line, at once.
pub fn tell(line: &str) {
    // One write, so that a line is told as a whole or not at all.
    let line = format!("\ntold {line}\n");
    let mut output = std::io::stdout().lock();
    (output
        .write_all(line.as_bytes())
        .and_then(|()| output.flush()))
    .expect("who asked is there");
}

fn variable(name: &str) -> String {
    format!("{PART}_{name}")
}

/// The call of a part, by the path of its test.
pub fn command(part: &str, values: &[(&str, &str)]) -> Command {
    under(&[], part, values)
}

/// The call of a part by another program, which runs what its last arguments name.
pub fn under(program: &[&str], part: &str, values: &[(&str, &str)]) -> Command {
    let this = std::env::current_exe().expect("this program");
    let this = this.to_str().expect("UTF-8");
    let words: Vec<&str> = (program.iter().copied())
        .chain([this, "--exact", part, "--nocapture"])
        .collect();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).env(PART, part);
    for (name, value) in values {
        command.env(variable(name), value);
    }
    command
}

/// A part that runs. It is killed where it is dropped.
pub struct Part {
    child: Child,
    told: Option<JoinHandle<Vec<String>>>,
}

impl Part {
    pub fn start(mut command: Command) -> Part {
        let mut child = (command.stdin(Stdio::piped()).stdout(Stdio::piped()))
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let output = child.stdout.take().expect("its output");
        let told = Some(thread::spawn(|| lines(output)));
        Part { child, told }
    }

    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("a process's number");
        signal::kill(Pid::from_raw(id), signal).expect("the process is there");
    }

    /// Ends it by SIGKILL, and returns what it told.
    ///
    /// # Panics
    /// It had ended by itself.
    pub fn kill(mut self) -> Vec<String> {
        let ended = self.child.try_wait().expect("its state");
        assert!(ended.is_none(), "a part ended by itself: {ended:?}");
        self.signal(Signal::SIGKILL);
        self.end().1
    }

    /// Waits for its end, and returns how it ended and what it told.
    pub fn end(mut self) -> (ExitStatus, Vec<String>) {
        let told = self.told.take().expect("its lines");
        let told = told.join().expect("its lines");
        (self.child.wait().expect("its end"), told)
    }

    /// Waits for its end, which has to be a good one, and returns what it told.
    pub fn success(self) -> Vec<String> {
        let (status, told) = self.end();
        assert!(status.success(), "{status}, after it told {told:?}");
        told
    }

    /// Waits until the system has stopped it.
    pub fn is_stopped(&self) {
        let state = format!("/proc/{}/stat", self.child.id());
        loop {
            let text = std::fs::read_to_string(&state).expect("the state of the process");
            let after_name = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
            if after_name.starts_with('T') {
                return;
            }
            assert!(
                !after_name.starts_with('Z'),
                "it ended before it was stopped"
            );
            thread::yield_now();
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(output: ChildStdout) -> Vec<String> {
    let mut output = BufReader::new(output);
    let (mut told, mut line) = (Vec::new(), String::new());
    while output.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
        // A line without its end was not told.
        let whole = line
            .strip_suffix('\n')
            .and_then(|line| line.strip_prefix("told "));
        told.extend(whole.map(str::to_owned));
        line.clear();
    }
    told
}
