//! A million leads: how long the status takes, and how much memory a run of the deliverer.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use justclick::outbox::engine::Durability;
use justclick::outbox::store::Store;
use justclick::outbox::{Limits, Outbox};

use super::c_programs::succeeded;
use super::keeping::taken;
use super::leads::{self, LIMIT};
use super::sandbox::{Options, Sandbox};
use super::table::Table;

const MILLION: u32 = 1_000_000;
const FILE: &str = "JUSTCLICK_BENCH_DELIVER";
const BASE_URL: &str = "JUSTCLICK_BENCH_BASE_URL";

/// Whether this process is to deliver them.
pub fn is_deliverer() -> bool {
    std::env::var_os(FILE).is_some()
}

/// Delivers all, and prints the most memory that this process had, in KiB.
pub fn deliver() {
    let word = |name| std::env::var(name).expect(name);
    let client = leads::client(&word(BASE_URL), None);
    let outbox = Outbox::open(word(FILE)).expect("an outbox");
    let mut limits = Limits::default();
    limits.in_flight = Some(8);
    let report = outbox.deliver(&client, &limits).expect("a report");
    assert_eq!(report.delivered, u64::from(MILLION), "{report}");
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let most = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .expect("a line");
    println!("{}", most.split_whitespace().nth(1).expect("a number"));
}

pub fn measure(folder: &Path, table: &mut Table) {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let path = folder.join("million");
    let store = leads::store(&path, Durability::Crash);
    let began = Instant::now();
    for number in 0..MILLION {
        (store.add(&leads::row(&sandbox.base_url(), number), LIMIT)).expect("is kept");
    }
    let rate = f64::from(MILLION) / began.elapsed().as_secs_f64();
    table.figure(
        "1,000,000 leads kept one by one, `crash`",
        &format!("{rate:.0} in a second"),
    );
    let times = (0..50).map(|_| {
        taken(|| {
            assert_eq!(
                store.status().expect("a status").waiting,
                u64::from(MILLION)
            )
        })
    });
    table.times("status at 1,000,000 leads", times.collect(), None);
    drop(store);
    let began = Instant::now();
    let deliverer = Command::new(std::env::current_exe().expect("this program"))
        .env(FILE, &path)
        .env(BASE_URL, sandbox.base_url())
        .output();
    let memory: f64 = succeeded(&deliverer.expect("starts"))
        .trim()
        .parse()
        .expect("a number");
    let rate = f64::from(MILLION) / began.elapsed().as_secs_f64();
    let figure = format!("{:.1} MB, {rate:.0} in a second", memory / 1024.0);
    table.figure("memory of a run over 1,000,000 leads, 8 in flight", &figure);
}
