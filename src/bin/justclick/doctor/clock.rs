//! This machine's clock, beside that of whoever answers.

use std::time::{Duration, SystemTime};

use super::finding::Finding;
use super::probe::Seen;
use crate::failure::Code;

/// Less is the way and the second that is rounded.
const TOLERATED: Duration = Duration::from_secs(60);
/// From here on certificates are taken for expired, or for not valid yet.
const GRAVE: Duration = Duration::from_secs(24 * 60 * 60);

pub fn judge(seen: &Seen) -> Finding {
    let Some((date, here)) = seen.date else {
        return Finding::skipped("clock", "whoever answers tells no time to compare with");
    };
    let (difference, is_ahead) = match here.duration_since(date) {
        Ok(difference) => (difference, true),
        Err(error) => (error.duration(), false),
    };
    if difference <= TOLERATED {
        let found = "this machine's clock agrees with that of the service to a minute";
        return Finding::ok("clock", found);
    }
    let found = format!(
        "this machine's clock is {} {}: here it was {}",
        words(difference),
        if is_ahead { "ahead" } else { "behind" },
        httpdate::fmt_http_date(here.max(SystemTime::UNIX_EPOCH)),
    );
    let advice = "set the clock, as by `timedatectl set-ntp true`: certificates and the waits of an outbox are reckoned by it";
    if difference < GRAVE {
        Finding::warning("clock", found, advice)
    } else {
        Finding::wrong("clock", Code::Held, found, advice)
    }
}

fn words(time: Duration) -> String {
    match time.as_secs() {
        seconds @ ..3600 => format!("{} minutes", seconds / 60),
        seconds @ ..172_800 => format!("{} hours", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    }
}
