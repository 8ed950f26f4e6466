//! Faults on the way to the service and back: how a call ends, how often it tried, and when.
#![cfg(target_os = "linux")]

mod fault_server;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::net::TcpListener;
use std::sync::Mutex;
use std::time::Duration;

use fault_server::case::cases;
use fault_server::certificate::Authorities;
use fault_server::rows;

/// Most calls wait.
const THREADS: usize = 8;

#[test]
fn each_fault_ends_as_the_table_says() {
    let stranger = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", stranger.local_addr().expect("an address"));
    let rows = rows(&url);
    let authorities = Authorities::new();
    let ca_file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(ca_file.path(), authorities.pem()).expect("written");
    let ca_file = ca_file.path().to_str().expect("UTF-8");

    let cases = Mutex::new(cases(&rows));
    let count = cases.lock().expect("no panic").len();
    let failures = Mutex::new(Vec::new());
    let slowest = Mutex::new(Duration::ZERO);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(case) = { cases.lock().expect("no panic").pop() } {
                    match case.run_in_time(&authorities, ca_file) {
                        Err(failure) => failures.lock().expect("no panic").push(failure),
                        Ok(overrun) => {
                            let mut slowest = slowest.lock().expect("no panic");
                            *slowest = overrun.max(*slowest);
                        }
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("no panic");
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    stranger.set_nonblocking(true).expect("set");
    assert!(stranger.accept().is_err(), "a redirect was followed");
    let slowest = slowest.into_inner().expect("no panic");
    println!("{count} faults survived; the slowest overrun of a deadline: {slowest:?}");
}
