//! An import as somebody sees it who sits before a terminal, and as a log has it elsewhere.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::desk::{Desk, ended};
use super::sandbox;

const PATIENCE: Duration = Duration::from_secs(60);
const QUESTION: &str = "Is that right? Type y to send: ";
const WORDS: [&str; 4] = ["import", "contacts.csv", "--group", "super"];

/// A pseudo-terminal with a program on it.
struct Terminal {
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    bytes: Vec<u8>,
    program: Child,
}

impl Terminal {
    fn start(mut command: Command) -> Terminal {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let terminal = openpt(flags).expect("a terminal");
        grantpt(&terminal).expect("a terminal");
        unlockpt(&terminal).expect("a terminal");
        let size = Winsize {
            ws_row: 24,
            ws_col: 80,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&terminal, size).expect("its size");
        let end = || ioctl_tiocgptpeer(&terminal, flags).expect("its other end");
        let program = command
            .env("TERM", "xterm")
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .expect("starts");
        let keyboard = File::from(terminal);
        let mut shown = keyboard.try_clone().expect("a copy");
        let (sender, screen) = mpsc::channel();
        // A read fails where the program has ended.
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = shown.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Terminal {
            keyboard,
            screen,
            bytes: Vec::new(),
            program,
        }
    }

    /// All that was shown so far.
    fn shown(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    fn wait_for(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.shown().contains(text) {
            let left = end.saturating_duration_since(Instant::now());
            match self.screen.recv_timeout(left) {
                Ok(bytes) => self.bytes.extend(bytes),
                Err(error) => panic!("{text}: {error}: {}", self.shown()),
            }
        }
    }

    fn type_in(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).expect("typed");
    }

    /// Its exit code, and all that was shown.
    fn end(mut self) -> (Option<i32>, String) {
        let end = Instant::now() + PATIENCE;
        while let Ok(bytes) = self
            .screen
            .recv_timeout(end.saturating_duration_since(Instant::now()))
        {
            self.bytes.extend(bytes);
        }
        let status = self.program.wait().expect("ends");
        (status.code(), self.shown())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn write_table(desk: &Desk, rows: usize) {
    let rows: String = (1..=rows)
        .map(|row| format!("{row}@b.ru;Анна {row};03.02.2026\n"))
        .collect();
    desk.write("contacts.csv", format!("E-mail;Имя;Дата\n{rows}"));
}

/// Two in a second, so that the bar is seen while it grows.
#[test]
fn somebody_at_a_terminal_is_asked_and_sees_a_bar() {
    const ROWS: usize = 8;
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    write_table(&desk, ROWS);
    let words = [&WORDS[..], &["--rate", "2/s", "--in-flight", "1"]].concat();
    let mut terminal = Terminal::start(desk.command(&words));
    terminal.wait_for(QUESTION);
    let asked = terminal.shown();
    for line in [
        "contacts.csv: UTF-8, columns between \";\"\r\n",
        "    lead_email is column 1 \"E-mail\"\r\n",
        "    lead_name is column 2 \"Имя\"\r\n",
        "    column 3 \"Дата\" is not taken\r\n",
        "line 2: lead_name = Анна 1, lead_email = 1@b.ru\r\n",
        "line 3: lead_name = Анна 2, lead_email = 2@b.ru\r\n",
        "line 4: lead_name = Анна 3, lead_email = 3@b.ru\r\n",
    ] {
        assert!(asked.contains(line), "{line}: {asked}");
    }
    assert!(!asked.contains("line 5") && !asked.contains('░'), "{asked}");
    assert_eq!(sandbox.requests(), 0);
    terminal.type_in("y\n");
    terminal.wait_for("░ 0/8 delivered");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    let places = (1..ROWS).map(|place| format!("░ {place}/8 delivered"));
    assert!(places.clone().any(|bar| shown.contains(&bar)), "{shown}");
    let (bars, told) = shown.rsplit_once('\r').map_or(("", ""), |(bars, _)| {
        bars.rsplit_once('\u{1b}').unwrap_or_default()
    });
    assert!(bars.contains("delivered"), "{shown}");
    // The bar has gone when the result stands there.
    assert!(
        told.ends_with("8 rows: 8 delivered, 0 rejected, 0 waiting"),
        "{shown}"
    );
    assert_eq!(sandbox.contacts().len(), ROWS);
}

#[test]
fn who_does_not_agree_has_sent_and_kept_nothing() {
    const END_OF_INPUT: &str = "\u{4}";
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    write_table(&desk, 3);
    for answer in ["n\n", "\n", "yep\n", END_OF_INPUT] {
        let mut terminal = Terminal::start(desk.command(&WORDS));
        terminal.wait_for(QUESTION);
        terminal.type_in(answer);
        let (code, shown) = terminal.end();
        assert_eq!(code, Some(2), "{answer:?}: {shown}");
        assert!(
            shown.contains("nothing was sent; change how it is understood by --map"),
            "{shown}"
        );
    }
    let files = std::fs::read_dir(desk.folder())
        .expect("the folder")
        .count();
    assert_eq!((files, sandbox.requests()), (1, 0));
    // Russians agree in Russian.
    let mut terminal = Terminal::start(desk.command(&WORDS));
    terminal.wait_for(QUESTION);
    terminal.type_in("да\n");
    let (code, shown) = terminal.end();
    assert_eq!((code, sandbox.contacts().len()), (Some(0), 3), "{shown}");
}

/// A log has a line after ten seconds, and nothing that moves a cursor.
#[test]
fn elsewhere_a_line_tells_how_far_it_is() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    write_table(&desk, 25);
    let words = [&WORDS[..], &["--rate", "2/s", "--in-flight", "1", "--yes"]].concat();
    let ended = ended(&mut desk.command(&words));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.told, "25 rows: 25 delivered, 0 rejected, 0 waiting\n");
    let lines: Vec<&str> = ended
        .warned
        .lines()
        .filter(|line| line.ends_with(" delivered"))
        .collect();
    let number = |line: &&str| line.split(' ').next()?.parse::<u64>().ok();
    let numbers: Option<Vec<u64>> = lines.iter().map(number).collect();
    assert!(
        numbers.is_some_and(|numbers| !numbers.is_empty()),
        "{ended:?}"
    );
    assert!(!ended.warned.contains(['\r', '\u{1b}', '░']), "{ended:?}");
    assert!(!ended.warned.contains("Is that right?"), "{ended:?}");
}
