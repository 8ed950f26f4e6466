//! Names, and what is remembered of them.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::within;
use crate::transport::Sending;
use crate::transport::call::{self, Terms};
use crate::transport::resolver::{RememberingResolver, Unresolved};

const SOON: Duration = Duration::from_secs(5);

/// A resolver whose names and clock the test moves.
struct Fixture {
    resolver: Arc<RememberingResolver>,
    asked: Arc<AtomicUsize>,
    answer: Arc<Mutex<Result<SocketAddr, &'static str>>>,
    seconds: Arc<AtomicU64>,
    delay: Arc<Mutex<Duration>>,
}

fn failed(why: &str) -> Unresolved {
    Unresolved::Failed(why.to_owned())
}

fn address(number: u8) -> SocketAddr {
    SocketAddr::from(([10, 0, 0, number], 443))
}

fn fixture() -> Fixture {
    let asked = Arc::new(AtomicUsize::new(0));
    let answer = Arc::new(Mutex::new(Ok(address(1))));
    let seconds = Arc::new(AtomicU64::new(0));
    let delay = Arc::new(Mutex::new(Duration::ZERO));
    let start = Instant::now();
    let (count, current, pause) = (Arc::clone(&asked), Arc::clone(&answer), Arc::clone(&delay));
    let now = Arc::clone(&seconds);
    let resolver = RememberingResolver::new(
        Box::new(move |_, _| {
            count.fetch_add(1, Ordering::SeqCst);
            let pause = *pause.lock().unwrap();
            thread::sleep(pause);
            let answer = *current.lock().unwrap();
            answer.map(|found| vec![found]).map_err(io::Error::other)
        }),
        Box::new(move || start + Duration::from_secs(now.load(Ordering::SeqCst))),
    );
    let resolver = Arc::new(resolver);
    Fixture {
        resolver,
        asked,
        answer,
        seconds,
        delay,
    }
}

impl Fixture {
    fn find(&self) -> Result<Vec<SocketAddr>, Unresolved> {
        self.find_host("a.example")
    }

    fn find_host(&self, host: &str) -> Result<Vec<SocketAddr>, Unresolved> {
        let found = self.resolver.find(host, 443, SOON);
        found.map(|addresses| addresses.to_vec())
    }

    /// Waits for a look-up that goes on behind the calls.
    fn find_at_last(&self, expected: SocketAddr) {
        let started = Instant::now();
        while self.find().unwrap() != [expected] {
            assert!(started.elapsed() < SOON, "no new answer came");
            thread::yield_now();
        }
    }

    fn take(&self, pause: Duration) {
        *self.delay.lock().unwrap() = pause;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn at(&self, seconds: u64) {
        self.seconds.store(seconds, Ordering::SeqCst);
    }

    fn now_answers(&self, answer: Result<SocketAddr, &'static str>) {
        *self.answer.lock().unwrap() = answer;
    }
}

#[test]
fn an_answer_is_remembered_for_a_minute() {
    let names = fixture();
    for second in [0, 1, 59] {
        names.at(second);
        assert_eq!(names.find().unwrap(), [address(1)]);
    }
    assert_eq!(names.asked(), 1);
}

#[test]
fn after_a_minute_the_old_answer_serves_at_once_and_a_new_one_is_asked_for_behind() {
    let names = fixture();
    names.find().unwrap();
    names.at(60);
    names.now_answers(Ok(address(2)));
    names.take(Duration::from_millis(300));
    for _ in 0..3 {
        assert_eq!(names.find().unwrap(), [address(1)]);
    }
    names.find_at_last(address(2));
    assert_eq!(names.asked(), 2);
}

#[test]
fn a_look_up_behind_that_hangs_holds_nobody_up() {
    let names = fixture();
    names.find().unwrap();
    names.take(Duration::from_secs(8));
    let started = Instant::now();
    for second in [60, 1000, 3599] {
        names.at(second);
        assert_eq!(names.find().unwrap(), [address(1)]);
    }
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[test]
fn an_old_answer_serves_for_as_long_as_a_look_up_hangs() {
    let names = fixture();
    names.find().unwrap();
    names.take(Duration::from_secs(8));
    let started = Instant::now();
    for hour in 2..10 {
        names.at(hour * 3600);
        assert_eq!(names.find().unwrap(), [address(1)]);
    }
    assert_eq!(names.asked(), 2);
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[test]
fn each_host_and_port_has_an_answer_of_its_own() {
    let names = fixture();
    names.find().unwrap();
    names.resolver.find("A.Example", 443, SOON).unwrap();
    assert_eq!(names.asked(), 1);
    names.resolver.find("a.example", 444, SOON).unwrap();
    names.resolver.find("b.example", 443, SOON).unwrap();
    assert_eq!(names.asked(), 3);
}

#[test]
fn the_last_good_answer_serves_for_an_hour_where_look_ups_fail() {
    let names = fixture();
    names.find().unwrap();
    names.now_answers(Err("no servers"));
    names.resolver.expire("a.example", 443);
    names.at(100);
    assert_eq!(names.find().unwrap(), [address(1)]);
    assert_eq!(names.find().unwrap(), [address(1)]);
    assert_eq!(names.asked(), 2, "a failed look-up is not repeated at once");
    names.at(3599);
    names.resolver.expire("a.example", 443);
    assert_eq!(names.find().unwrap(), [address(1)]);
    names.at(3605);
    assert_eq!(names.find().unwrap_err(), failed("no servers"));
}

#[test]
fn after_addresses_failed_the_next_call_waits_for_a_new_answer() {
    let names = fixture();
    names.find().unwrap();
    names.resolver.expire("A.example", 443);
    names.now_answers(Ok(address(2)));
    names.take(Duration::from_millis(100));
    assert_eq!(names.find().unwrap(), [address(2)]);
    assert_eq!(names.find().unwrap(), [address(2)]);
    assert_eq!(names.asked(), 2);
    names.resolver.expire("never.example", 443);
    assert_eq!(names.asked(), 2);
}

#[test]
fn addresses_that_failed_serve_where_the_new_look_up_hangs() {
    let names = fixture();
    names.find().unwrap();
    names.resolver.expire("a.example", 443);
    names.take(Duration::from_secs(8));
    let started = Instant::now();
    assert_eq!(names.find().unwrap(), [address(1)]);
    assert_eq!(names.find().unwrap(), [address(1)]);
    assert!(started.elapsed() < Duration::from_secs(4));
    assert_eq!(names.asked(), 2);
}

#[test]
fn a_name_that_was_never_found_is_asked_for_again() {
    let names = fixture();
    names.now_answers(Err("no servers"));
    assert_eq!(names.find().unwrap_err(), failed("no servers"));
    names.now_answers(Ok(address(3)));
    assert_eq!(names.find().unwrap(), [address(3)]);
}

#[test]
fn one_look_up_serves_all_who_wait() {
    let names = fixture();
    names.take(Duration::from_millis(200));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(names.find().unwrap(), [address(1)]));
        }
    });
    assert_eq!(names.asked(), 1);
}

#[test]
fn each_call_waits_within_a_time_of_its_own() {
    let names = fixture();
    names.take(Duration::from_secs(3));
    let started = Instant::now();
    let limit = Duration::from_millis(100);
    let error = names.resolver.find("a.example", 443, limit).unwrap_err();
    assert_eq!(error, failed("no answer within 0.1 s"));
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_wait_ends_when_the_caller_says_so() {
    let names = fixture();
    names.take(Duration::from_secs(4));
    let started = Instant::now();
    let sending = Sending {
        interrupted: Some(|| true),
        ..within(SOON)
    };
    call::begin(&Terms::new(&sending, SOON), true);
    assert_eq!(names.find().unwrap_err(), Unresolved::Interrupted);
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn of_many_names_those_that_are_used_are_remembered() {
    const MANY: usize = 200;
    let names = fixture();
    for number in 0..MANY {
        names.find().unwrap();
        names.find_host(&format!("{number}.example")).unwrap();
    }
    assert_eq!(names.asked(), MANY + 1, "the name in use was forgotten");
    names.find_host(&format!("{}.example", MANY - 1)).unwrap();
    assert_eq!(names.asked(), MANY + 1);
    names.find_host("0.example").unwrap();
    assert_eq!(names.asked(), MANY + 2, "every name is kept for ever");
}

#[test]
fn so_many_look_ups_that_hang_are_no_more_threads() {
    const PLACES: usize = 64;
    let names = fixture();
    names.take(Duration::from_secs(4));
    let at_once = Duration::ZERO;
    for number in 0..PLACES {
        let host = format!("{number}.example");
        let error = names.resolver.find(&host, 443, at_once).unwrap_err();
        assert_eq!(error, failed("no answer within 0.0 s"));
    }
    let error = names.find().unwrap_err();
    assert_eq!(error, failed("too many other names are being looked up"));
}

#[cfg(unix)]
#[test]
fn a_look_up_gets_no_signal_and_the_caller_s_are_as_before() {
    use nix::sys::signal::{SigSet, Signal};

    let seen = Arc::new(Mutex::new(SigSet::empty()));
    let mask = Arc::clone(&seen);
    let resolver = RememberingResolver::new(
        Box::new(move |_, _| {
            *mask.lock().unwrap() = SigSet::thread_get_mask().unwrap();
            Ok(vec![address(1)])
        }),
        Box::new(Instant::now),
    );
    let before = SigSet::thread_get_mask().unwrap();
    resolver.find("a.example", 443, SOON).unwrap();
    let seen = seen.lock().unwrap();
    let may_be_blocked = |signal: &Signal| !matches!(signal, Signal::SIGKILL | Signal::SIGSTOP);
    for signal in Signal::iterator().filter(may_be_blocked) {
        assert!(seen.contains(signal), "{signal} is not blocked");
        assert!(!before.contains(signal));
    }
    assert_eq!(SigSet::thread_get_mask().unwrap(), before);
}

#[test]
fn a_child_takes_over_what_its_parent_knew_unless_that_was_in_use_at_the_fork() {
    let names = fixture();
    names.find().unwrap();
    // One that hangs in the parent does not go on in the child.
    names.take(Duration::from_secs(4));
    names
        .resolver
        .find("b.example", 443, Duration::ZERO)
        .unwrap_err();
    let heir = || {
        let lookup = |_: &str, _| Ok(vec![address(9)]);
        names
            .resolver
            .heir(Box::new(lookup), Box::new(Instant::now))
    };
    let child = heir();
    assert_eq!(*child.find("a.example", 443, SOON).unwrap(), [address(1)]);
    assert_eq!(*child.find("b.example", 443, SOON).unwrap(), [address(9)]);
    let child = names.resolver.while_in_use(heir);
    assert_eq!(*child.find("a.example", 443, SOON).unwrap(), [address(9)]);
}

#[test]
fn an_address_needs_no_look_up() {
    let names = fixture();
    let v4 = names.resolver.find("192.0.2.7", 80, SOON).unwrap();
    assert_eq!(*v4, ["192.0.2.7:80".parse().unwrap()]);
    let v6 = names.resolver.find("2001:db8::1", 80, SOON).unwrap();
    assert_eq!(*v6, ["[2001:db8::1]:80".parse().unwrap()]);
    assert_eq!(names.asked(), 0);
}
