//! Many senders that failed together do not return together.

use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use justclick::{Client, ErrorKind, Lead};

/// How long a call takes that is tried twice and finds nobody: the wait in between.
fn wait(base_url: &str) -> Duration {
    let mut client = Client::new("username", "secret").expect("a client");
    for (setting, value) in [
        ("base_url", base_url),
        ("max_attempts", "2"),
        ("proxy", "none"),
    ] {
        client.set(setting, value).expect("a setting");
    }
    let mut lead = Lead::new();
    (lead.group("super"))
        .and_then(|lead| lead.email("a@b.ru"))
        .expect("a lead");
    let started = Instant::now();
    let error = client.add_lead(&lead).expect_err("nobody is there");
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
    assert_eq!(error.attempts().len(), 2);
    started.elapsed()
}

/// The first wait is anything up to 0.4 s. That 16 of them lie within 0.1 s by chance happens once
/// in twenty million runs.
#[test]
fn calls_that_fail_at_once_wait_for_different_times() {
    let gone = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base_url = format!("http://{}", gone.local_addr().expect("an address"));
    drop(gone);
    let waits: Vec<Duration> = thread::scope(|scope| {
        let calls: Vec<_> = (0..16).map(|_| scope.spawn(|| wait(&base_url))).collect();
        (calls.into_iter().map(|call| call.join().expect("a wait"))).collect()
    });
    let shortest = waits.iter().min().expect("waits");
    let longest = waits.iter().max().expect("waits");
    assert!(
        *longest - *shortest > Duration::from_millis(100),
        "{waits:?}"
    );
}
