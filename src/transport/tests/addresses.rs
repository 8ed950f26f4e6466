//! The addresses that failed, and the last good one.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::transport::addresses::Addresses;

const MINUTE: Duration = Duration::from_secs(60);

fn v4(number: u8) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, number], 443))
}

fn v6(number: u16) -> SocketAddr {
    SocketAddr::from(([0x2001, 0xdb8, 0, 0, 0, 0, 0, number], 443))
}

#[test]
fn families_take_turns_in_the_resolver_s_order() {
    let known = Addresses::default();
    let now = Instant::now();
    assert_eq!(
        known.in_order(&[v6(1), v6(2), v6(3), v4(1), v4(2)], now),
        [v6(1), v4(1), v6(2), v4(2), v6(3)]
    );
    assert_eq!(
        known.in_order(&[v4(1), v4(2), v6(1)], now),
        [v4(1), v6(1), v4(2)]
    );
    assert!(known.in_order(&[], now).is_empty());
}

#[test]
fn the_last_good_address_is_the_first_and_the_other_family_follows() {
    let known = Addresses::default();
    let now = Instant::now();
    known.note_good(v6(1));
    known.note_good(v4(2));
    // One that is not among those found is not tried.
    known.note_good(v4(9));
    assert_eq!(
        known.in_order(&[v6(1), v4(1), v4(2), v6(2)], now),
        [v4(2), v6(1), v4(1), v6(2)]
    );
}

#[test]
fn a_failed_address_is_the_last_for_a_minute() {
    let known = Addresses::default();
    let now = Instant::now();
    let found = [v4(1), v4(2), v4(3)];
    known.note_good(v4(1));
    known.note_failed(v4(1), now);
    known.note_failed(v4(2), now);
    assert_eq!(known.in_order(&found, now), [v4(3), v4(1), v4(2)]);
    let nearly = now + MINUTE - Duration::from_millis(1);
    assert_eq!(known.in_order(&found, nearly), [v4(3), v4(1), v4(2)]);
    assert_eq!(known.in_order(&found, now + MINUTE), found);
    known.note_good(v4(2));
    assert_eq!(known.in_order(&found, now), [v4(2), v4(3), v4(1)]);
}

#[test]
fn where_all_have_failed_the_one_that_failed_longest_ago_is_the_first() {
    let known = Addresses::default();
    let now = Instant::now();
    for address in [v4(2), v4(1), v4(2)] {
        known.note_failed(address, now);
    }
    assert_eq!(known.in_order(&[v4(1), v4(2)], now), [v4(1), v4(2)]);
    known.note_failed(v4(1), now);
    assert_eq!(known.in_order(&[v4(1), v4(2)], now), [v4(2), v4(1)]);
}

#[test]
fn not_more_than_some_are_remembered() {
    let known = Addresses::default();
    let now = Instant::now();
    for number in 0..100 {
        known.note_failed(v4(number), now);
    }
    let found: Vec<SocketAddr> = [v4(99), v4(0)].to_vec();
    assert_eq!(known.in_order(&found, now), [v4(0), v4(99)]);
}
