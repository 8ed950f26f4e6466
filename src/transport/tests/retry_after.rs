//! The header Retry-After.

use std::time::{Duration, SystemTime};

use crate::transport::retry_after::parse;

const DAY: Duration = Duration::from_secs(86_400);

/// Sun, 06 Nov 1994 08:49:37 GMT, the date of the HTTP standard's own example.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777)
}

fn seconds(value: &str) -> Option<u64> {
    parse(value, now()).map(|wait| wait.as_secs())
}

#[test]
fn seconds_are_read() {
    assert_eq!(seconds("120"), Some(120));
    assert_eq!(seconds(" 0 "), Some(0));
    assert_eq!(seconds("-5"), Some(0));
}

#[test]
fn dates_are_read() {
    assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(0));
    assert_eq!(seconds("Sun, 06 Nov 1994 08:50:40 GMT"), Some(63));
    assert_eq!(seconds("Sat, 05 Nov 1994 08:49:37 GMT"), Some(0));
    assert_eq!(seconds("Mon, 07 Nov 1994 08:49:37 GMT"), Some(86_400));
    // The turns of February in a leap year: 28 February 2024, 00:00.
    let leap = SystemTime::UNIX_EPOCH + Duration::from_secs(1_709_078_400);
    for (date, days) in [("Thu, 29 Feb", 1), ("Fri, 01 Mar", 2), ("Tue, 31 Dec", 307)] {
        let wait = parse(&format!("{date} 2024 00:00:00 GMT"), leap).unwrap();
        assert_eq!(
            wait,
            (DAY * days).min(Duration::from_millis(u32::MAX as u64))
        );
    }
    let eve = SystemTime::UNIX_EPOCH + Duration::from_secs(1_735_603_200);
    assert_eq!(parse("Wed, 01 Jan 2025 00:00:00 GMT", eve), Some(DAY));
}

#[test]
fn a_long_wait_is_cut_to_what_can_be_told() {
    let longest = Some(Duration::from_millis(u32::MAX as u64));
    assert_eq!(parse("99999999", now()), longest);
    assert_eq!(parse("99999999999999999999999999", now()), longest);
    assert_eq!(parse("Fri, 31 Dec 9999 23:59:59 GMT", now()), longest);
}

#[test]
fn what_cannot_be_understood_is_no_wait() {
    for value in [
        "",
        "-",
        "soon",
        "1.5",
        "Sun, 06 Nov 1994",
        "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 0000 08:49:37 GMT",
    ] {
        assert_eq!(seconds(value), None, "{value}");
    }
}
