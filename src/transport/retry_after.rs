//! The `Retry-After` header: seconds, or a date.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The longest wait that is told: what fits a C `uint32_t` of milliseconds.
const LONGEST: Duration = Duration::from_millis(u32::MAX as u64);

/// The wait the header asks for, counted from `now`; `None` where it cannot be understood.
pub(super) fn parse(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    let digits = value.strip_prefix('-').unwrap_or(value);
    let wait = if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        if value.starts_with('-') {
            Duration::ZERO
        } else {
            Duration::from_secs(value.parse().unwrap_or(u64::MAX))
        }
    } else {
        let now = now.duration_since(UNIX_EPOCH).ok()?;
        Duration::from_secs(date(value)?).saturating_sub(now)
    };
    Some(wait.min(LONGEST))
}

/// Seconds since 1970 of a date such as `Sun, 06 Nov 1994 08:49:37 GMT`.
fn date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut words = text.split_once(", ")?.1.split(' ');
    let day: u64 = number(words.next()?, 1, 31)?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| *name == month)? as u64 + 1;
    let year: u64 = number(words.next()?, 1970, 9999)?;
    let mut clock = words.next()?.split(':');
    let hour = number(clock.next()?, 0, 23)?;
    let minute = number(clock.next()?, 0, 59)?;
    let second = number(clock.next()?, 0, 60)?;
    if clock.next().is_some() || words.next() != Some("GMT") || words.next().is_some() {
        return None;
    }
    Some(((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second)
}

fn number(text: &str, least: u64, most: u64) -> Option<u64> {
    let value = text.parse().ok()?;
    (least..=most).contains(&value).then_some(value)
}

/// Days since 1970 in the Gregorian calendar. A year counts from March, so that the leap day
/// is its last.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days_before_month = (153 * month + 2) / 5;
    let leap_days = year / 4 - year / 100 + year / 400;
    // 719_468 days lie between 1 March of year 0 and 1 January 1970.
    year * 365 + leap_days + days_before_month + day - 1 - 719_468
}
