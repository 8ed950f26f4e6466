//! Signals that come while a call waits: the caller is asked, and the call ends or goes on.
#![cfg(target_os = "linux")]

use std::mem;
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use justclick::{Client, Error, ErrorKind, Lead};

/// What the caller answers, and how often it was asked: the tests of this file take turns.
static ENDS: AtomicBool = AtomicBool::new(false);
static ASKED: AtomicUsize = AtomicUsize::new(0);
static ALONE: Mutex<()> = Mutex::new(());

const PAUSE: Duration = Duration::from_millis(50);

fn alone(ends: bool) -> MutexGuard<'static, ()> {
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    ENDS.store(ends, Ordering::SeqCst);
    ASKED.store(0, Ordering::SeqCst);
    alone
}

fn interrupted() -> bool {
    ASKED.fetch_add(1, Ordering::SeqCst);
    ENDS.load(Ordering::SeqCst)
}

extern "C" fn nothing(_: libc::c_int) {}

/// A handler that does nothing, set so that the system begins calls again where it can.
fn handle_signals() {
    // SAFETY: all zeroes is a valid sigaction, and the handler is a function that does nothing.
    unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        action.sa_sigaction = nothing as *const () as usize;
        action.sa_flags = libc::SA_RESTART;
        assert_eq!(libc::sigaction(libc::SIGUSR1, &action, ptr::null_mut()), 0);
    }
}

/// Adds a lead on this thread, which meanwhile gets a signal every so often.
fn add_under_signals(url: &str, limit_ms: &str) -> (Error, Duration) {
    handle_signals();
    // SAFETY: they only ask the system for numbers.
    let (process, this) = unsafe { (libc::getpid(), libc::gettid()) };
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::SeqCst) {
                thread::sleep(PAUSE);
                // SAFETY: the thread lives until this one has ended, and the signal has a handler.
                unsafe { libc::syscall(libc::SYS_tgkill, process, this, libc::SIGUSR1) };
            }
        });
        let started = Instant::now();
        let result = add(url, limit_ms);
        let took = started.elapsed();
        is_over.store(true, Ordering::SeqCst);
        (result.expect_err("nobody answers"), took)
    })
}

fn add(url: &str, limit_ms: &str) -> Result<(), Error> {
    let mut client = Client::new("username", "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX")?;
    client.set("base_url", url)?.set("max_attempts", "1")?;
    for setting in ["timeout_ms", "attempt_timeout_ms", "connect_timeout_ms"] {
        client.set(setting, limit_ms)?;
    }
    client.set_interrupt(Some(interrupted));
    let mut lead = Lead::new();
    lead.group("super")?.email("lead@email.com")?;
    client.add_lead(&lead).map(drop)
}

/// It takes connections and never answers.
fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    (listener, url)
}

#[test]
fn a_wait_for_an_answer_ends_where_the_caller_wants_it() {
    let _alone = alone(true);
    let (_listener, url) = silent();
    let (error, took) = add_under_signals(&url, "20000");
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert!(error.may_have_arrived());
    assert_eq!(ASKED.load(Ordering::SeqCst), 1);
}

#[test]
fn a_wait_for_a_connection_ends_where_the_caller_wants_it() {
    let _alone = alone(true);
    let (listener, url) = silent();
    rustix::net::listen(listener.as_fd(), 0).expect("a short queue");
    let address = listener.local_addr().expect("an address");
    let short = Duration::from_millis(100);
    // Those that fill the queue; the last one waits in vain.
    let _waiting: Vec<_> = (0..3)
        .map(|_| TcpStream::connect_timeout(&address, short))
        .collect();
    let (error, took) = add_under_signals(&url, "20000");
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(!error.may_have_arrived(), "{error}");
}

#[test]
fn a_call_whose_caller_does_not_want_an_end_lasts_until_its_deadline() {
    let _alone = alone(false);
    let (_listener, url) = silent();
    let (error, took) = add_under_signals(&url, "1500");
    assert!(took >= Duration::from_millis(1500), "{took:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert!(ASKED.load(Ordering::SeqCst) > 5);
}
