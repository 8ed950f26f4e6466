//! How long a program took, and the most memory that it had. The kernel tells the latter of all that a
//! process has waited for, so a copy of this program, which takes little itself, starts each.

use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};

use crate::contenders::Contender;
use crate::scene::Scene;

const MEASURES: &str = "JUSTCLICK_BENCH_MEASURES";

#[derive(Clone, Copy)]
pub struct Measured {
    pub rows_per_second: f64,
    /// In bytes.
    pub memory: f64,
}

impl Measured {
    /// The best of both.
    pub fn better(self, other: Measured) -> Measured {
        Measured {
            rows_per_second: self.rows_per_second.max(other.rows_per_second),
            memory: self.memory.min(other.memory),
        }
    }
}

/// Whether this process is to measure another.
pub fn is_measurer() -> bool {
    std::env::var_os(MEASURES).is_some()
}

/// Runs the program of the arguments, and prints seconds and KiB.
pub fn measure() {
    let mut words = std::env::args_os().skip(1);
    let mut command = Command::new(words.next().expect("a program"));
    command.args(words);
    let began = Instant::now();
    let output = command.stdout(Stdio::null()).output().expect("a program");
    let seconds = began.elapsed().as_secs_f64();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the usage");
    println!("{seconds} {}", usage.max_rss());
}

pub fn of(contender: &Contender, scene: &Scene, rows: u32) -> Measured {
    let measurer = Command::new(std::env::current_exe().expect("this program"))
        .args(contender.words(&scene.table()))
        .env(MEASURES, "1")
        .env("JUSTCLICK_USERNAME", "username")
        .env("JUSTCLICK_SECRET", "X".repeat(40))
        .env("JUSTCLICK_BASE_URL", &scene.base_url)
        .env("JUSTCLICK_CA_FILE", scene.ca_file())
        .env("JUSTCLICK_CURL", contender.handle())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stderr(Stdio::inherit())
        .output()
        .expect("starts");
    let told = String::from_utf8_lossy(&measurer.stdout).into_owned();
    let numbers = told.split_whitespace().map(str::parse::<f64>);
    let numbers: Result<Vec<f64>, _> = numbers.collect();
    let Ok([seconds, kibibytes]) = numbers.as_deref() else {
        panic!("{}: two numbers were expected: {told}", contender.name);
    };
    Measured {
        rows_per_second: f64::from(rows) / seconds,
        memory: kibibytes * 1024.0,
    }
}
