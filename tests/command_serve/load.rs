//! How long an accepted webhook takes at 500 a second.

use std::io::{Seek, SeekFrom, Write};
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
    let took: Vec<Duration> = senders
        .into_iter()
        .flat_map(|sender| sender.join().expect("a sender"))
        .collect();
    println!(
        "{} webhooks at {A_SECOND}/s: {}",
        took.len(),
        quantiles(took)
    );
    println!(
        "a write of 4 KiB and fsync as often: {}",
        quantiles(synced())
    );
    site.delivered(u64::from(A_SECOND * SECONDS));
}

/// What the disk takes by itself.
fn synced() -> Vec<Duration> {
    let mut file = tempfile::tempfile().expect("a file");
    let began = Instant::now();
    (0..A_SECOND * SECONDS)
        .map(|number| {
            let due = began + Duration::from_secs(1) * number / A_SECOND;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            file.seek(SeekFrom::Start(u64::from(number % 1000) * 4096))
                .expect("a place");
            file.write_all(&[0; 4096]).expect("writes");
            file.sync_data().expect("syncs");
            due.elapsed()
        })
        .collect()
}

fn quantiles(mut took: Vec<Duration>) -> String {
    took.sort_unstable();
    let at = |part: f64| took[((took.len() - 1) as f64 * part) as usize];
    format!(
        "p50 {:?}, p90 {:?}, p99 {:?}, most {:?}",
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0)
    )
}
