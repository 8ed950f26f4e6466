//! How many leads are delivered in a second by one worker, by four and by twenty.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use justclick::outbox::{Limits, Outbox};

use super::engine::{Engine, store};
use super::leads::{self, LIMIT};
use super::sandbox::{Options, Sandbox};
use super::table::Table;

const URL: &str = "JUSTCLICK_BENCH_URL";
const BASE_URL: &str = "JUSTCLICK_BENCH_BASE_URL";
const COUNTS: [u32; 3] = [1, 4, 20];
const LEADS: u32 = 3000;

/// Whether this process is one of them.
pub fn is_one() -> bool {
    std::env::var_os(URL).is_some()
}

/// Says that it is ready, and delivers at a sign until nothing is due.
pub fn deliver() {
    let word = |name| std::env::var(name).expect(name);
    let client = leads::client(&word(BASE_URL), None);
    let mut outbox = Outbox::open(word(URL)).expect("an outbox");
    outbox.set("busy_timeout_ms", "60000").expect("a setting");
    outbox.status().expect("it is connected");
    println!("ready");
    std::io::stdin()
        .read_line(&mut String::new())
        .expect("a sign");
    let report = outbox
        .deliver(&client, &Limits::default())
        .expect("a report");
    println!("{}", report.delivered);
}

/// A worker that waits for its sign.
pub struct Worker(Child, BufReader<std::process::ChildStdout>);

impl Worker {
    pub fn start(engine: &Engine, base_url: &str) -> Worker {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .env(URL, &engine.url)
            .env(BASE_URL, base_url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        output.read_line(&mut line).expect("a line");
        assert_eq!(line, "ready\n");
        Worker(child, output)
    }

    pub fn go(&mut self) {
        let input = self.0.stdin.as_mut().expect("its input");
        input.write_all(b"go\n").expect("a sign");
    }

    pub fn kill(mut self) {
        self.0.kill().expect("is killed");
        self.0.wait().expect("ends");
    }

    fn delivered(mut self) -> u32 {
        let mut line = String::new();
        self.1.read_line(&mut line).expect("a line");
        assert!(self.0.wait().expect("ends").success());
        line.trim().parse().expect("a number")
    }
}

pub fn measure(engine: &Engine, table: &mut Table) {
    for count in COUNTS {
        let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
        let base_url = sandbox.base_url();
        let outbox = store(&engine.url);
        for number in 0..LEADS {
            (outbox.add(&leads::row(&base_url, number), LIMIT)).expect("is kept");
        }
        let mut workers: Vec<Worker> = (0..count)
            .map(|_| Worker::start(engine, &base_url))
            .collect();
        let began = Instant::now();
        for worker in &mut workers {
            worker.go();
        }
        let delivered: u32 = workers.into_iter().map(Worker::delivered).sum();
        let rate = f64::from(LEADS) / began.elapsed().as_secs_f64();
        assert_eq!((delivered, sandbox.requests()), (LEADS, LEADS as usize));
        let what = format!("{}, delivered in a second by {count} workers", engine.name);
        table.figure(&what, &format!("{rate:.0}"));
    }
}
