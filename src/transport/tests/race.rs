//! Names with several addresses, of which some are dead. The bounds on time are generous.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, connect, listen, socket_with};
use ureq::unversioned::transport::NextTimeout;

use super::server::{Server, ok};
use super::{settings, within};
use crate::transport::addresses::Addresses;
use crate::transport::call::{self, Terms};
use crate::transport::exchange::{self, Reply};
use crate::transport::resolver::RememberingResolver;
use crate::transport::session::Session;
use crate::transport::{Failure, FailureKind, Target, race};

const LONG: Duration = Duration::from_secs(20);

/// An address that takes no connection and refuses none: its queue is full.
pub(super) struct Dead {
    pub(super) address: SocketAddr,
    listener: TcpListener,
    _waiting: Vec<OwnedFd>,
}

pub(super) fn dead() -> Dead {
    let socket = || {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        socket_with(AddressFamily::INET, SocketType::STREAM, flags, None).unwrap()
    };
    let listener = socket();
    bind(&listener, &SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    listen(&listener, 0).unwrap();
    let listener = TcpListener::from(listener);
    let address = listener.local_addr().unwrap();
    let waiting = (0..4).map(|_| {
        let waiting = socket();
        let _ = connect(&waiting, &address);
        waiting
    });
    let waiting = waiting.collect();
    thread::sleep(Duration::from_millis(20));
    Dead {
        address,
        listener,
        _waiting: waiting,
    }
}

fn refusing() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

fn run(
    addresses: &[SocketAddr],
    limit: Duration,
    known: &Addresses,
) -> (Result<TcpStream, ureq::Error>, Duration) {
    call::begin(&Terms::new(&within(limit), limit), true);
    let started = Instant::now();
    let made = race::run(addresses, &NextTimeout::default(), known);
    (made, started.elapsed())
}

fn peer(made: Result<TcpStream, ureq::Error>) -> SocketAddr {
    made.unwrap().peer_addr().unwrap()
}

#[test]
fn a_dead_first_address_costs_a_quarter_of_a_second_once() {
    let (dead, alive) = (dead(), Server::answering(ok("{}")));
    let known = Addresses::default();
    let addresses = [dead.address, alive.address];
    let (made, took) = run(&addresses, LONG, &known);
    assert_eq!(peer(made), alive.address);
    assert!(took >= Duration::from_millis(250), "{took:?}");
    assert!(took < Duration::from_secs(3), "{took:?}");
    assert_eq!(
        known.in_order(&addresses, Instant::now()),
        [alive.address, dead.address]
    );
    let (made, _) = run(&addresses, LONG, &known);
    assert_eq!(peer(made), alive.address);
    assert_eq!(call::progress().address, Some(alive.address));
}

#[test]
fn three_dead_addresses_do_not_cost_the_call() {
    let (one, two, three) = (dead(), dead(), dead());
    let alive = Server::answering(ok("{}"));
    let addresses = [one.address, two.address, three.address, alive.address];
    let limit = Duration::from_secs(3);
    let (made, took) = run(&addresses, limit, &Addresses::default());
    assert_eq!(peer(made), alive.address);
    assert!(took >= Duration::from_millis(750), "{took:?}");
}

#[test]
fn a_slow_address_still_wins_where_no_other_answers() {
    let (slow, other) = (dead(), dead());
    let addresses = [slow.address, other.address];
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(600));
            // With room in its queue it takes the connection when the kernel asks again.
            while !is_over.load(Ordering::SeqCst) {
                let _ = slow.listener.accept();
                thread::sleep(Duration::from_millis(5));
            }
        });
        let (made, took) = run(&addresses, LONG, &Addresses::default());
        is_over.store(true, Ordering::SeqCst);
        assert_eq!(peer(made), addresses[0]);
        assert!(took >= Duration::from_millis(600), "{took:?}");
    });
}

#[test]
fn a_refusal_is_followed_by_the_next_address_at_once() {
    let alive = Server::answering(ok("{}"));
    let mut addresses: Vec<SocketAddr> = (0..15).map(|_| refusing()).collect();
    addresses.push(alive.address);
    let (made, took) = run(&addresses, LONG, &Addresses::default());
    assert_eq!(peer(made), alive.address);
    assert!(took < Duration::from_millis(15 * 250), "{took:?}");
}

#[test]
fn dead_addresses_alone_end_with_the_time_for_a_connection() {
    let (one, two) = (dead(), dead());
    let limit = Duration::from_millis(700);
    let known = Addresses::default();
    let (made, took) = run(&[one.address, two.address], limit, &known);
    assert!(matches!(made, Err(ureq::Error::Timeout(_))));
    assert!(took >= limit && took < limit * 3, "{took:?}");
}

#[test]
fn refusals_alone_are_told() {
    let (made, _) = run(&[refusing(), refusing()], LONG, &Addresses::default());
    match made.unwrap_err() {
        ureq::Error::Io(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused),
        error => panic!("{error}"),
    }
}

/// A session in which each name has these addresses, and how often it looked one up.
fn session(addresses: Vec<SocketAddr>, pause: Duration) -> (Session, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let resolver = RememberingResolver::new(
        Box::new(move |_, _| {
            count.fetch_add(1, Ordering::SeqCst);
            thread::sleep(pause);
            Ok(addresses.clone())
        }),
        Box::new(Instant::now),
    );
    (Session::resolving_by(resolver, &settings()), asked)
}

fn post(session: &Session, url: &str, connect_timeout: Duration) -> Result<Reply, Failure> {
    let terms = Terms::new(&within(LONG), connect_timeout);
    exchange::run(session, &Target::parse(url).unwrap(), None, "a=1", &terms)
}

#[test]
fn an_address_that_hangs_in_tls_is_not_tried_first_again() {
    let hanging = Server::start(|peer| {
        thread::sleep(LONG);
        drop(peer);
    });
    let other = Server::start(drop);
    let addresses = vec![hanging.address, other.address];
    let (session, _) = session(addresses, Duration::ZERO);
    let limit = Duration::from_millis(300);
    let url = "https://name.example/";
    let failure = post(&session, url, limit).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable);
    assert_eq!(failure.address, Some(hanging.address));
    assert_eq!(failure.detail, "no connection to name.example within 0.3 s");
    let failure = post(&session, url, limit).unwrap_err();
    assert_eq!(failure.address, Some(other.address));
    assert_eq!((hanging.connections(), other.connections()), (1, 1));
}

#[test]
fn an_address_that_takes_requests_and_answers_none_is_not_tried_first_again() {
    let silent = Server::start(|mut peer| {
        peer.request();
    });
    let alive = Server::answering(ok("{}"));
    let (session, _) = session(vec![silent.address, alive.address], Duration::ZERO);
    let failure = post(&session, "http://name.example/", LONG).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Lost);
    let reply = post(&session, "http://name.example/", LONG).unwrap();
    assert_eq!(reply.address, Some(alive.address));
}

#[test]
fn a_name_none_of_whose_addresses_can_be_connected_to_is_looked_up_again() {
    let (session, asked) = session(vec![refusing()], Duration::ZERO);
    for times in 1..=2 {
        let failure = post(&session, "http://name.example/", LONG).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unreachable);
        assert_eq!(asked.load(Ordering::SeqCst), times);
    }
    let alive = Server::answering(ok("{}"));
    let (session, asked) = self::session(vec![alive.address], Duration::ZERO);
    for _ in 0..2 {
        post(&session, "http://name.example/", LONG).unwrap();
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn a_kept_connection_needs_no_look_up() {
    let alive = Server::answering(ok("{}"));
    let address = alive.address;
    let asked = AtomicUsize::new(0);
    let now = Instant::now();
    let hours = Arc::new(AtomicUsize::new(0));
    let passed = Arc::clone(&hours);
    let resolver = RememberingResolver::new(
        Box::new(move |_, _| {
            // A name server that answers once.
            if asked.fetch_add(1, Ordering::SeqCst) > 0 {
                thread::sleep(LONG);
            }
            Ok(vec![address])
        }),
        Box::new(move || now + Duration::from_secs(3600) * passed.load(Ordering::SeqCst) as u32),
    );
    let session = Session::resolving_by(resolver, &settings());
    post(&session, "http://name.example/", LONG).unwrap();
    hours.store(24, Ordering::SeqCst);
    let started = Instant::now();
    post(&session, "http://name.example/", LONG).unwrap();
    assert!(started.elapsed() < LONG / 2);
    assert_eq!(alive.connections(), 1);
}

#[test]
fn look_up_and_connection_share_their_time() {
    let limit = Duration::from_secs(1);
    let dead = dead();
    let (session, _) = session(vec![dead.address], limit * 3 / 4);
    let started = Instant::now();
    let failure = post(&session, "http://name.example/", limit).unwrap_err();
    let took = started.elapsed();
    assert_eq!(failure.kind, FailureKind::Unreachable);
    assert!(took >= limit, "{took:?}");
    assert!(took < limit * 17 / 10, "{took:?}");
}
