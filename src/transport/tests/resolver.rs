use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::transport::resolver::RememberingResolver;

const SOON: Duration = Duration::from_secs(5);

/// A resolver whose names and clock the test moves.
struct Fixture {
    resolver: Arc<RememberingResolver>,
    asked: Arc<AtomicUsize>,
    answer: Arc<Mutex<Result<SocketAddr, &'static str>>>,
    seconds: Arc<AtomicU64>,
    delay: Arc<Mutex<Duration>>,
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
    fn find(&self) -> Result<Vec<SocketAddr>, String> {
        self.resolver.find("a.example", 443, SOON)
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
    names.at(60);
    names.now_answers(Ok(address(2)));
    assert_eq!(names.find().unwrap(), [address(2)]);
    assert_eq!(names.asked(), 2);
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
    names.at(100);
    assert_eq!(names.find().unwrap(), [address(1)]);
    assert_eq!(names.find().unwrap(), [address(1)]);
    assert_eq!(names.asked(), 2, "a failed look-up is not repeated at once");
    names.at(3599);
    assert_eq!(names.find().unwrap(), [address(1)]);
    names.at(3605);
    assert_eq!(names.find().unwrap_err(), "no servers");
}

#[test]
fn a_name_that_was_never_found_is_asked_for_again() {
    let names = fixture();
    names.now_answers(Err("no servers"));
    assert_eq!(names.find().unwrap_err(), "no servers");
    names.now_answers(Ok(address(3)));
    assert_eq!(names.find().unwrap(), [address(3)]);
}

#[test]
fn one_look_up_serves_all_who_wait() {
    let names = fixture();
    *names.delay.lock().unwrap() = Duration::from_millis(200);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(names.find().unwrap(), [address(1)]));
        }
    });
    assert_eq!(names.asked(), 1);
}

#[test]
fn who_waits_does_so_within_a_time_of_his_own() {
    let names = fixture();
    *names.delay.lock().unwrap() = Duration::from_secs(3);
    let started = Instant::now();
    let limit = Duration::from_millis(100);
    let error = names.resolver.find("a.example", 443, limit).unwrap_err();
    assert_eq!(error, "no answer within 0.1 s");
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn the_last_good_answer_serves_where_a_look_up_hangs() {
    let names = fixture();
    names.find().unwrap();
    names.at(100);
    *names.delay.lock().unwrap() = Duration::from_secs(8);
    let started = Instant::now();
    assert_eq!(names.find().unwrap(), [address(1)]);
    assert_eq!(names.find().unwrap(), [address(1)]);
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[test]
fn an_address_needs_no_look_up() {
    let names = fixture();
    let v4 = names.resolver.find("192.0.2.7", 80, SOON).unwrap();
    assert_eq!(v4, ["192.0.2.7:80".parse().unwrap()]);
    let v6 = names.resolver.find("2001:db8::1", 80, SOON).unwrap();
    assert_eq!(v6, ["[2001:db8::1]:80".parse().unwrap()]);
    assert_eq!(names.asked(), 0);
}
