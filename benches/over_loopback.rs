//! One lead over a kept connection on loopback, with and without TLS, beside a C program with
//! libcurl: wall and CPU time of the client's process, interleaved, the best round of each.

#[path = "../tests/c_programs/mod.rs"]
#[allow(dead_code)]
mod c_programs;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use c_programs::{Workshop, root, run, succeeded};
use justclick::{Client, Lead};
use sandbox::{Options, Sandbox};

const ROUNDS: usize = 7;
const CALLS: &str = "2000";
const USERNAME: &str = "username";
const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

/// Median and 99th percentile of the wall time, and CPU time, in microseconds.
type Times = [f64; 3];

fn measured(program: &Path, arguments: &[&str]) -> Times {
    let printed = succeeded(&run(program, arguments));
    let mut numbers = printed
        .split_whitespace()
        .map(|number| number.parse::<f64>());
    std::array::from_fn(|_| match numbers.next() {
        Some(Ok(nanoseconds)) => nanoseconds / 1000.0,
        _ => panic!("three numbers were expected: {printed}"),
    })
}

fn best(all: &[Times]) -> Times {
    std::array::from_fn(|index| {
        all.iter()
            .map(|times| times[index])
            .fold(f64::INFINITY, f64::min)
    })
}

fn body() -> String {
    let client = Client::new(USERNAME, SECRET).expect("a client");
    let mut lead = Lead::new();
    (lead.group("super"))
        .and_then(|lead| lead.email("lead@email.com")?.name("Name"))
        .expect("a lead");
    client
        .sign_lead(&lead)
        .expect("a request")
        .body()
        .to_owned()
}

fn compare(workshop: &Workshop, tls: bool) {
    let sandbox = Sandbox::start(Options {
        tls,
        ..Options::demo()
    })
    .expect("a sandbox");
    let ca_file = workshop.path().join("ca.pem");
    std::fs::write(&ca_file, sandbox.ca_pem().unwrap_or_default()).expect("a file");
    let ca_file = if tls {
        ca_file.to_str().expect("UTF-8")
    } else {
        ""
    };
    let (url, body) = (sandbox.base_url(), body());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(measured(
            &workshop.path().join("justclick"),
            &[&url, ca_file, CALLS],
        ));
        theirs.push(measured(
            &workshop.path().join("libcurl"),
            &[&url, ca_file, CALLS, &body],
        ));
    }
    let (ours, theirs) = (best(&ours), best(&theirs));
    let name = if tls { "HTTPS" } else { "HTTP" };
    for (what, [median, last, cpu]) in [("justclick", ours), ("libcurl", theirs)] {
        println!("| {name} | {what} | {median:.1} | {last:.1} | {cpu:.1} |");
    }
    let [median, last, cpu]: Times = std::array::from_fn(|index| ours[index] / theirs[index]);
    println!("| {name} | ratio | {median:.2} | {last:.2} | {cpu:.2} |");
}

/// Start to exit of the example, which adds one lead over TLS with a CA file.
fn start_to_exit(workshop: &Workshop) {
    let sandbox = Sandbox::start(Options {
        tls: true,
        ..Options::demo()
    })
    .expect("a sandbox");
    let ca_file = workshop.path().join("ca.pem");
    std::fs::write(&ca_file, sandbox.ca_pem().expect("a CA")).expect("a file");
    let program = workshop.compile(
        "cc",
        &root().join("examples/c/add_lead.c"),
        &["-std=c99", "-O2"],
    );
    let mut best = f64::INFINITY;
    for _ in 0..20 {
        let start = Instant::now();
        let output = Command::new(&program)
            .env_remove("LD_LIBRARY_PATH")
            .env("JUSTCLICK_USERNAME", USERNAME)
            .env("JUSTCLICK_SECRET", SECRET)
            .env("JUSTCLICK_BASE_URL", sandbox.base_url())
            .env("JUSTCLICK_CA_FILE", &ca_file)
            .output()
            .expect("the example");
        best = best.min(start.elapsed().as_secs_f64() * 1000.0);
        succeeded(&output);
    }
    println!("\nStart to exit of examples/c/add_lead.c over TLS: {best:.1} ms");
}

fn main() {
    let workshop = Workshop::new();
    let flags = ["-std=c99", "-O2"];
    workshop.compile("cc", &root().join("benches/c/justclick.c"), &flags);
    workshop.compile(
        "cc",
        &root().join("benches/c/libcurl.c"),
        &["-std=c99", "-O2", "-lcurl", "-Wl,--no-as-needed"],
    );
    println!("| over | client | wall, median µs | wall, p99 µs | CPU µs |");
    println!("|---|---|---|---|---|");
    compare(&workshop, false);
    compare(&workshop, true);
    start_to_exit(&workshop);
    let size = std::fs::metadata(c_programs::library())
        .expect("the library")
        .len();
    println!("Size of libjustclick.so: {:.2} MB", size as f64 / 1e6);
}
