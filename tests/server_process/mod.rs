//! The process of a database server that a test starts, stops, kills and starts anew.

#![allow(dead_code, reason = "each test program uses a part")]

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(120);

pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

pub fn is_root() -> bool {
    // SAFETY: it has no conditions.
    unsafe { libc::geteuid() == 0 }
}

/// A program that gets this signal where the thread ends that starts it.
pub fn bound_to_thread(at_end: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", at_end]);
    command
}

/// A server's process, which has others below it.
pub struct ServerProcess(Child);

impl ServerProcess {
    /// `None` where it ends before it is ready, as where its port is taken. What it says goes to the
    /// log's end.
    pub fn start(
        mut command: Command,
        log: &Path,
        is_ready: impl Fn() -> bool,
    ) -> Option<ServerProcess> {
        let log = File::options().create(true).append(true).open(log);
        command.stdout(Stdio::null()).stderr(log.expect("a log"));
        let mut child = command.spawn().expect("a server");
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if child.try_wait().expect("its state").is_some() {
                return None;
            }
            if is_ready() {
                return Some(ServerProcess(child));
            }
            thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        let _ = child.wait();
        None
    }

    /// Stops all its processes, or lets them go on.
    pub fn signal_all(&self, number: i32) {
        signal(self.0.id(), number);
        for process in children(self.0.id()) {
            signal(process, number);
        }
    }

    /// Ends it by a signal, which it hands on to those below it.
    pub fn end(mut self, number: i32) {
        self.signal_all(libc::SIGCONT);
        signal(self.0.id(), number);
        self.0.wait().expect("it ends");
    }

    /// Kills all its processes at once: none of them does anything more.
    pub fn kill(mut self) {
        // Nobody is born while they are counted.
        signal(self.0.id(), libc::SIGSTOP);
        let others = children(self.0.id());
        self.0.kill().expect("it is killed");
        for &process in &others {
            signal(process, libc::SIGKILL);
        }
        self.0.wait().expect("it ends");
        let began = Instant::now();
        while others.iter().any(|&process| is_alive(process)) {
            assert!(began.elapsed() < PATIENCE, "its processes do not end");
            thread::sleep(Duration::from_millis(1));
        }
    }
}

pub fn signal(process: u32, number: i32) {
    let process = i32::try_from(process).expect("a process id");
    // SAFETY: it takes numbers.
    unsafe { libc::kill(process, number) };
}

fn children(parent: u32) -> Vec<u32> {
    let parent = parent.to_string();
    let all = fs::read_dir("/proc").expect("/proc");
    all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|&process| field_of(process, 1).as_deref() == Some(&parent))
        .collect()
}

/// One that nobody has waited for yet is as good as gone.
fn is_alive(process: u32) -> bool {
    field_of(process, 0).is_some_and(|state| state != "Z" && state != "X")
}

/// Of what the system says of a process: its state, its parent.
fn field_of(process: u32, place: usize) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before it may hold anything but ends with the last parenthesis.
    let behind = stat.rsplit(')').next()?;
    behind.split_whitespace().nth(place).map(str::to_owned)
}
