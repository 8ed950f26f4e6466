use std::time::{Duration, Instant};

use ureq::Timeout;
use ureq::unversioned::transport::NextTimeout;

use crate::transport::call::{begin, connecting, left};

const LONG: Duration = Duration::from_secs(600);

fn step(after: Duration) -> NextTimeout {
    NextTimeout {
        after: after.into(),
        reason: Timeout::Global,
        ..NextTimeout::default()
    }
}

#[test]
fn a_step_has_the_least_of_its_own_time_the_call_s_and_the_connection_s() {
    let minute = Duration::from_secs(60);
    begin(Instant::now() + LONG);
    assert_eq!(left(&step(minute)).unwrap(), minute);
    let (within, _) = connecting(minute, || left(&step(LONG)).unwrap());
    assert!(within <= minute);
    assert!(left(&step(LONG)).unwrap() > minute);
    begin(Instant::now() + minute);
    assert!(left(&step(LONG)).unwrap() <= minute);
}

#[test]
fn a_step_without_time_is_not_begun() {
    begin(Instant::now());
    assert!(matches!(left(&step(LONG)), Err(ureq::Error::Timeout(_))));
}

#[test]
fn the_time_for_a_proxy_s_connection_is_not_counted_afresh() {
    let minute = Duration::from_secs(60);
    begin(Instant::now() + LONG);
    let ((inner, inner_is_outermost), outermost) =
        connecting(minute, || connecting(LONG, || left(&step(LONG)).unwrap()));
    assert!(inner <= minute);
    assert!(outermost && !inner_is_outermost);
}
