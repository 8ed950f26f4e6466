//! How long an accepted webhook takes at 500 a second.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use super::bridge::{FORM, Site, TOKEN, route};
use super::http::{answer, connect, request};

const SENDERS: u32 = 4;
const A_SECOND: u32 = 500;
const SECONDS: u32 = 10;

/// A figure, and no test of the machine: `cargo test --features cli --test command_serve figure -- --ignored --nocapture`.
#[test]
#[ignore = "it measures, which takes a quiet machine"]
fn figure_of_an_accepted_webhook() {
    let site = Site::new(&route("tilda"));
    let bridge = site.start();
    let address = bridge.address;
    let pause = Duration::from_secs(1) * SENDERS / A_SECOND;
    let send = move |sender: u32| {
        let mut stream = connect(address);
        stream.set_nodelay(true).expect("no delay");
        let mut took = Vec::new();
        let began = Instant::now() + pause * sender / SENDERS;
        for number in 0..A_SECOND * SECONDS / SENDERS {
            let due = began + pause * number;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let body = format!("Email=lead{number}.{sender}@example.com&tranid={sender}:{number}");
            let bytes = request("POST", &format!("/hook/{TOKEN}"), &[FORM], body.as_bytes());
            stream.write_all(&bytes).expect("a request");
            assert_eq!(answer(&mut stream).expect("an answer").status, 200);
            // From when it was due, so that a pause counts for all who wait.
            took.push(due.elapsed());
        }
        took
    };
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| thread::spawn(move || send(sender)))
        .collect();
    let mut took: Vec<Duration> = senders
        .into_iter()
        .flat_map(|sender| sender.join().expect("a sender"))
        .collect();
    took.sort_unstable();
    let at = |part: f64| took[((took.len() - 1) as f64 * part) as usize];
    println!(
        "{} webhooks at {A_SECOND}/s: p50 {:?}, p90 {:?}, p99 {:?}, most {:?}",
        took.len(),
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0)
    );
    site.delivered(u64::from(A_SECOND * SECONDS));
}
