//! The account of a call.

use std::time::{Duration, Instant};

use ureq::Timeout;
use ureq::unversioned::transport::NextTimeout;

use super::within;
use crate::transport::Sending;
use crate::transport::call::{
    Terms, begin, connecting, is_interrupted, is_to_proxy, left, progress, record,
};

const LONG: Duration = Duration::from_secs(600);
const MINUTE: Duration = Duration::from_secs(60);

fn step(after: Duration) -> NextTimeout {
    NextTimeout {
        after: after.into(),
        reason: Timeout::Global,
        ..NextTimeout::default()
    }
}

fn begin_with(timeout: Duration, connect_timeout: Duration) {
    begin(&Terms::new(&within(timeout), connect_timeout), true);
}

#[test]
fn a_step_has_the_least_of_its_own_time_the_call_s_and_the_connection_s() {
    begin_with(LONG, MINUTE * 2);
    assert_eq!(left(&step(MINUTE)).unwrap(), MINUTE);
    assert!(left(&step(LONG)).unwrap() <= MINUTE * 2);
    record(|progress| progress.connected = true);
    assert!(left(&step(LONG)).unwrap() > MINUTE * 2);
    begin_with(MINUTE, LONG);
    assert!(left(&step(LONG)).unwrap() <= MINUTE);
}

#[test]
fn a_step_without_time_is_not_begun() {
    begin_with(Duration::ZERO, LONG);
    assert!(matches!(left(&step(LONG)), Err(ureq::Error::Timeout(_))));
}

#[test]
fn what_is_made_while_connecting_leads_to_a_proxy() {
    begin_with(LONG, LONG);
    assert!(!is_to_proxy());
    assert!(connecting(is_to_proxy));
    assert!(!is_to_proxy());
}

#[test]
fn a_handler_that_sends_something_itself_leaves_the_account_as_it_was() {
    fn sends() -> bool {
        begin_with(Duration::ZERO, LONG);
        true
    }
    let sending = Sending {
        interrupted: Some(sends),
        ..within(LONG)
    };
    begin(&Terms::new(&sending, LONG), true);
    record(|progress| progress.sent = true);
    assert!(is_interrupted());
    assert!(progress().sent && progress().interrupted);
    assert!(left(&step(MINUTE)).is_ok());
    let began: Instant = crate::transport::call::terms().unwrap().began;
    assert!(began <= Instant::now());
}
