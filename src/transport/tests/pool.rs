//! The connections that are kept.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ureq::Error;
use ureq::http::Uri;
use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport};

use crate::transport::pool::{IDLE_IN_ALL, IDLE_KEPT, IDLE_PER_HOST, Kept, Pool};

const INSTANT: Duration = Duration::from_millis(1);

/// A connection that counts how many there are, and is open as long as the test says so.
#[derive(Debug)]
struct Line {
    buffers: LazyBuffers,
    open: Arc<AtomicBool>,
    alive: Arc<AtomicUsize>,
}

impl Transport for Line {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, _: usize, _: NextTimeout) -> Result<(), Error> {
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        Ok(false)
    }

    fn is_open(&mut self) -> bool {
        self.open.load(Ordering::SeqCst)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Fixture {
    pool: Pool,
    start: Instant,
    alive: Arc<AtomicUsize>,
    /// Whether each connection is open, in the order they were made.
    open: VecDeque<Arc<AtomicBool>>,
}

impl Fixture {
    fn new() -> Fixture {
        Fixture {
            pool: Pool::default(),
            start: Instant::now(),
            alive: Arc::default(),
            open: VecDeque::new(),
        }
    }

    /// A connection of this number, opened and put into the pool so long after the start.
    fn put(&mut self, host: &str, number: u16, after: Duration) {
        let open = Arc::new(AtomicBool::new(true));
        self.open.push_back(Arc::clone(&open));
        self.alive.fetch_add(1, Ordering::SeqCst);
        let line = Line {
            buffers: LazyBuffers::new(1, 1),
            open,
            alive: Arc::clone(&self.alive),
        };
        let address = SocketAddr::from(([127, 0, 0, 1], number));
        let now = self.start + after;
        let kept = Kept::new(&uri(host), Box::new(line), Some(address), now).unwrap();
        self.pool.put(kept, now);
    }

    fn take(&self, host: &str, after: Duration) -> Option<u16> {
        self.take_after_loss(host, after, None)
    }

    fn take_after_loss(&self, host: &str, after: Duration, loss: Option<Duration>) -> Option<u16> {
        let loss = loss.map(|loss| self.start + loss);
        let kept = self.pool.take(&uri(host), self.start + after, loss)?;
        Some(kept.address.unwrap().port())
    }

    fn alive(&self) -> usize {
        self.alive.load(Ordering::SeqCst)
    }
}

fn uri(host: &str) -> Uri {
    host.parse().unwrap()
}

const A: &str = "https://a.example/api";
const B: &str = "https://b.example/api";

#[test]
fn an_idle_connection_is_kept_for_fifteen_seconds_and_then_closed() {
    assert_eq!(IDLE_KEPT, Duration::from_secs(15));
    let mut fixture = Fixture::new();
    fixture.put(A, 1, Duration::ZERO);
    assert_eq!(fixture.take(A, IDLE_KEPT - INSTANT), Some(1));
    fixture.put(A, 2, Duration::ZERO);
    assert_eq!(fixture.take(A, IDLE_KEPT), None);
    assert_eq!(fixture.alive(), 0);
}

#[test]
fn an_old_connection_is_closed_by_the_next_call_to_any_host() {
    let mut fixture = Fixture::new();
    fixture.put(A, 1, Duration::ZERO);
    fixture.put(A, 2, INSTANT);
    assert_eq!(fixture.take(B, IDLE_KEPT), None);
    assert_eq!(fixture.alive(), 1);
    fixture.put(B, 3, IDLE_KEPT + INSTANT);
    assert_eq!(fixture.alive(), 1);
    assert_eq!(fixture.take(B, IDLE_KEPT + INSTANT), Some(3));
}

#[test]
fn the_connection_that_was_used_last_is_taken_first() {
    let mut fixture = Fixture::new();
    fixture.put(A, 1, Duration::ZERO);
    fixture.put(A, 2, INSTANT);
    assert_eq!(fixture.take(A, INSTANT), Some(2));
    assert_eq!(fixture.take(A, INSTANT), Some(1));
    assert_eq!(fixture.take(A, INSTANT), None);
}

#[test]
fn a_connection_serves_its_own_host_scheme_and_port_alone() {
    let mut fixture = Fixture::new();
    fixture.put(A, 1, Duration::ZERO);
    for other in [B, "http://a.example/api", "https://a.example:444/api"] {
        assert_eq!(fixture.take(other, INSTANT), None, "{other}");
    }
    assert_eq!(fixture.take("https://a.example/other", INSTANT), Some(1));
}

#[test]
fn a_closed_connection_is_passed_over_and_gone() {
    let mut fixture = Fixture::new();
    fixture.put(A, 1, Duration::ZERO);
    fixture.put(A, 2, INSTANT);
    fixture.open[1].store(false, Ordering::SeqCst);
    assert_eq!(fixture.take(A, INSTANT), Some(1));
    assert_eq!(fixture.alive(), 0);
}

#[test]
fn after_a_loss_no_older_connection_is_taken_and_none_is_closed() {
    let mut fixture = Fixture::new();
    fixture.put(A, 1, Duration::ZERO);
    fixture.put(A, 2, INSTANT);
    let loss = Some(INSTANT);
    assert_eq!(fixture.take_after_loss(A, INSTANT * 2, loss), None);
    assert_eq!(fixture.alive(), 2);
    fixture.put(A, 3, INSTANT * 2);
    assert_eq!(fixture.take_after_loss(A, INSTANT * 3, loss), Some(3));
    assert_eq!(fixture.take(A, INSTANT * 3), Some(2));
    assert_eq!(fixture.take(A, INSTANT * 3), Some(1));
}

#[test]
fn only_so_many_connections_are_kept() {
    let mut fixture = Fixture::new();
    for number in 0..=IDLE_PER_HOST as u16 {
        fixture.put(A, number, Duration::ZERO);
    }
    assert_eq!(fixture.alive(), IDLE_PER_HOST);
    for number in 0..2 * IDLE_IN_ALL as u16 {
        fixture.put(&format!("https://host{number}.example/"), number, INSTANT);
    }
    assert_eq!(fixture.alive(), IDLE_IN_ALL);
    assert_eq!(fixture.take(A, INSTANT), None);
    let last = 2 * IDLE_IN_ALL as u16 - 1;
    let host = format!("https://host{last}.example/");
    assert_eq!(fixture.take(&host, INSTANT), Some(last));
}
