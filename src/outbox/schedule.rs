//! How long a lead, an account and a way wait after a failure.

use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
/// The longest that a wish of the service's to wait is heeded.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a lead waits after its attempt: half a minute, doubling to an hour, of which chance takes
/// off up to half, so that leads that failed together do not return together. What the service asked
/// for counts where it is longer.
pub(crate) fn wait(attempts: u32, chance: f64, asked: Option<Duration>) -> Duration {
    let longest = doubled(Duration::from_secs(30), attempts, HOUR);
    let wait = longest.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0);
    wait.max(asked.unwrap_or_default()).min(DAY)
}

/// How long all of an account skip after failures on the way: a second, doubling to a minute.
pub(crate) fn circuit(failures: u32, asked: Option<Duration>) -> Duration {
    let pause = doubled(Duration::from_secs(1), failures, MINUTE);
    pause.max(asked.unwrap_or_default()).min(DAY)
}

/// How long an account is held: a minute, doubling to an hour.
pub(crate) fn hold(failures: u32) -> Duration {
    doubled(MINUTE, failures, HOUR)
}

/// How long a store that is away is left alone: a second, doubling to half a minute.
pub(super) fn rest(failures: u32) -> Duration {
    doubled(Duration::from_secs(1), failures, MINUTE / 2)
}

fn doubled(first: Duration, times: u32, most: Duration) -> Duration {
    let factor = 1_u32.checked_shl(times.min(20)).unwrap_or(u32::MAX);
    first.checked_mul(factor).unwrap_or(most).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(number: u64) -> Duration {
        Duration::from_secs(number)
    }

    #[test]
    fn a_lead_s_wait_doubles_to_an_hour_and_is_scaled_by_chance() {
        let waits = [0, 1, 2, 6, 7, 100].map(|attempts| wait(attempts, 1.0, None));
        assert_eq!(waits, [30, 60, 120, 1920, 3600, 3600].map(seconds));
        assert_eq!(wait(0, 0.0, None), seconds(15));
        assert_eq!(wait(0, 0.5, None), Duration::from_millis(22_500));
    }

    #[test]
    fn the_service_s_wish_counts_where_it_is_longer_and_for_a_day_at_the_most() {
        assert_eq!(wait(0, 1.0, Some(seconds(5))), seconds(30));
        assert_eq!(wait(0, 1.0, Some(seconds(500))), seconds(500));
        assert_eq!(wait(0, 1.0, Some(seconds(1_000_000))), DAY);
        assert_eq!(circuit(0, Some(seconds(40))), seconds(40));
    }

    #[test]
    fn the_way_rests_for_a_minute_and_an_account_for_an_hour_at_the_most() {
        assert_eq!(
            [0, 1, 5, 6, 60].map(|failures| circuit(failures, None)),
            [1, 2, 32, 60, 60].map(seconds)
        );
        assert_eq!(
            [0, 1, 5, 6, 60].map(hold),
            [60, 120, 1920, 3600, 3600].map(seconds)
        );
    }
}
