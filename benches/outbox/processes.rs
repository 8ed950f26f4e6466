//! Several processes that keep leads in one file at once.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use justclick::outbox::store::Store;

use super::DURABILITIES;
use super::keeping::taken;
use super::leads::{self, LIMIT};
use super::table::Table;

const FILE: &str = "JUSTCLICK_BENCH_FILE";
const DURABILITY: &str = "JUSTCLICK_BENCH_DURABILITY";
const NUMBER: &str = "JUSTCLICK_BENCH_NUMBER";
const NOWHERE: &str = "https://username.justclick.ru";
const COUNTS: [u32; 3] = [1, 8, 50];
const SECONDS: u64 = 2;

/// Whether this process is one of those.
pub fn is_one() -> bool {
    std::env::var_os(FILE).is_some()
}

/// Adds for a while, and prints how many nanoseconds each took.
pub fn add() {
    let word = |name| std::env::var(name).expect(name);
    let durability = word(DURABILITY);
    let durability = DURABILITIES.iter().find(|(name, _)| *name == durability);
    let store = leads::store(Path::new(&word(FILE)), durability.expect("is known").1);
    let first: u32 = word(NUMBER).parse().expect("a number");
    let end = Instant::now() + Duration::from_secs(SECONDS);
    let mut printed = String::new();
    for number in first.. {
        let row = leads::row(NOWHERE, number);
        let time = taken(|| {
            store.add(&row, LIMIT).expect("is kept");
        });
        printed.push_str(&format!("{}\n", time.as_nanos()));
        if Instant::now() > end {
            break;
        }
    }
    print!("{printed}");
}

pub fn side_by_side(folder: &Path, durability: &str, table: &mut Table) {
    for count in COUNTS {
        let path = folder.join(format!("many-{durability}-{count}"));
        let children: Vec<_> = (0..count)
            .map(|child| {
                Command::new(std::env::current_exe().expect("this program"))
                    .env(FILE, &path)
                    .env(DURABILITY, durability)
                    .env(NUMBER, (child * 1_000_000).to_string())
                    .stdout(Stdio::piped())
                    .spawn()
                    .expect("starts")
            })
            .collect();
        let mut times = Vec::new();
        for mut child in children {
            let mut printed = String::new();
            let output = child.stdout.as_mut().expect("its output");
            output.read_to_string(&mut printed).expect("reads");
            assert!(child.wait().expect("ends").success());
            times.extend(
                printed
                    .lines()
                    .map(|line| Duration::from_nanos(line.parse().expect("a number"))),
            );
        }
        let rate = times.len() as u64 / SECONDS;
        let what = format!("`add`, `{durability}`, {count} processes, {rate} leads/s in all");
        table.times(&what, times, None);
    }
}
