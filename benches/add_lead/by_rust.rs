//! What is measured in Rust: this very program, started again. It measures as `benches/c/measure.h`
//! does.

use std::collections::BTreeMap;
use std::env;
use std::process::Command;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use justclick::{Client, Lead};
use rustix::time::{ClockId, clock_gettime};

use crate::floor::Loop;

const NAME: &str = "JUSTCLICK_BY_RUST";
const USERNAME: &str = "username";
const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

/// The calls of one thread.
struct Calls {
    wall: Vec<f64>,
    start: Instant,
    end: Instant,
}

/// The command that runs one of them.
pub fn command(name: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("this program"));
    command.env(NAME, name);
    command
}

/// Which one this process is to be, if any.
pub fn asked_for() -> Option<String> {
    env::var(NAME).ok()
}

pub fn run(name: &str) {
    let variable = |name| env::var(name).expect(name);
    let (url, ca_file) = (
        variable("JUSTCLICK_BASE_URL"),
        variable("JUSTCLICK_CA_FILE"),
    );
    if name == "floor" {
        let body = body();
        return measure(&|| {
            let mut bare = Loop::connect(&url, &ca_file, &body);
            move || bare.send()
        });
    }
    let mut client = client();
    (client.set("base_url", &url))
        .and_then(|client| client.set("ca_file", &ca_file))
        .expect("settings");
    let fields = fields();
    measure(&|| {
        let (client, fields) = (&client, &fields);
        move || drop(client.add_lead(&lead(fields)).expect("a receipt"))
    });
}

/// The signed body of the lead.
pub fn body() -> String {
    let request = client().sign_lead(&lead(&fields())).expect("a request");
    request.body().to_owned()
}

fn client() -> Client {
    Client::new(USERNAME, SECRET).expect("a client")
}

/// The names and values of the lead that all send.
pub fn fields() -> BTreeMap<String, String> {
    serde_json::from_str(include_str!("../lead.json")).expect("an object of texts")
}

fn lead(fields: &BTreeMap<String, String>) -> Lead {
    let mut lead = Lead::new();
    for (name, value) in fields {
        lead.set(name, value).expect("a field");
    }
    lead
}

fn measure<S: FnMut()>(make: &(dyn Fn() -> S + Sync)) {
    let Ok(seconds) = env::var("JUSTCLICK_SECONDS") else {
        return make()();
    };
    let duration = Duration::from_secs_f64(seconds.parse().expect("seconds"));
    let in_flight = env::var("JUSTCLICK_IN_FLIGHT").expect("a number");
    let in_flight: usize = in_flight.parse().expect("a number");
    let start = Barrier::new(in_flight + 1);
    let (calls, cpu) = thread::scope(|scope| {
        let threads: Vec<_> = (0..in_flight)
            .map(|_| scope.spawn(|| send_for_a_while(make(), duration, &start)))
            .collect();
        start.wait();
        let cpu = cpu_nanoseconds();
        start.wait();
        let calls: Vec<Calls> = (threads.into_iter())
            .map(|thread| thread.join().expect("a thread"))
            .collect();
        (calls, cpu_nanoseconds() - cpu)
    });
    print(calls, cpu);
}

fn send_for_a_while(mut send: impl FnMut(), duration: Duration, start: &Barrier) -> Calls {
    // A tenth of the time is for warming up.
    let warm = Instant::now() + duration / 10;
    send();
    while Instant::now() < warm {
        send();
    }
    start.wait();
    start.wait();
    let start = Instant::now();
    let mut calls = Calls {
        wall: Vec::new(),
        start,
        end: start,
    };
    while calls.end < start + duration {
        let before = calls.end;
        send();
        calls.end = Instant::now();
        calls.wall.push((calls.end - before).as_nanos() as f64);
    }
    calls
}

/// The first thread's calls are sorted and shown: the others' are like them.
fn print(mut calls: Vec<Calls>, cpu: f64) {
    let count: usize = calls.iter().map(|calls| calls.wall.len()).sum();
    let start = calls.iter().map(|calls| calls.start).min();
    let end = calls.iter().map(|calls| calls.end).max();
    let duration = end
        .zip(start)
        .map(|(end, start)| (end - start).as_secs_f64());
    let wall = &mut calls[0].wall;
    wall.sort_by(f64::total_cmp);
    println!(
        "{} {} {} {} {}",
        wall[wall.len() / 2],
        wall[wall.len() * 99 / 100],
        cpu / count as f64,
        count as f64 / duration.unwrap_or(f64::NAN),
        most_memory()
    );
}

fn cpu_nanoseconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
    number.expect("a size")
}
