//! When a call tries again, by a clock in the test's hands.

use std::cell::{Cell, RefCell};

use super::*;

const POLICY: Policy = Policy {
    max_attempts: 3,
    timeout: Duration::from_secs(10),
    attempt_timeout: Duration::from_secs(5),
    repeats_lost: true,
    waits: true,
};

/// A clock that moves only when it is told to, and chance that is always the same.
struct Controlled {
    now: Cell<Duration>,
    slept: RefCell<Vec<Duration>>,
    chance: f64,
}

impl Controlled {
    fn with_chance(chance: f64) -> Controlled {
        Controlled {
            now: Cell::new(Duration::from_secs(1000)),
            slept: RefCell::default(),
            chance,
        }
    }

    fn pass(&self, duration: Duration) {
        self.now.set(self.now.get() + duration);
    }
}

impl Timing for Controlled {
    fn now(&self) -> Duration {
        self.now.get()
    }

    fn sleep(&self, duration: Duration) -> bool {
        self.slept.borrow_mut().push(duration);
        self.pass(duration);
        true
    }

    fn chance(&self) -> f64 {
        self.chance
    }
}

fn failed(kind: ErrorKind, arrival: Arrival) -> Attempted<u32> {
    Attempted {
        result: Err(Error::new(kind, "failed")),
        address: None,
        again: Again::AfterWait(Duration::ZERO),
        arrival,
        lost_at: None,
    }
}

fn unreachable() -> Attempted<u32> {
    failed(ErrorKind::Unreachable, Arrival::Impossible)
}

fn asked_to_wait(seconds: u64) -> Attempted<u32> {
    Attempted {
        again: Again::AfterWait(Duration::from_secs(seconds)),
        ..failed(ErrorKind::Http, Arrival::Impossible)
    }
}

fn succeeded() -> Attempted<u32> {
    Attempted {
        result: Ok(7),
        again: Again::Never,
        ..failed(ErrorKind::Http, Arrival::Impossible)
    }
}

/// Runs attempts that end as they are told to, and returns the end and the account.
fn ran(
    policy: Policy,
    timing: &Controlled,
    attempt: impl FnMut(Turn) -> Attempted<u32>,
) -> (Result<u32, Error>, Course) {
    let mut course = Course::default();
    let result = run(policy, timing, &mut course, attempt);
    (result, course)
}

#[test]
fn a_first_success_is_the_only_attempt() {
    let timing = Controlled::with_chance(0.5);
    let (result, course) = ran(POLICY, &timing, |_| succeeded());
    assert_eq!((result.ok(), course.attempts.len()), (Some(7), 1));
    assert!(timing.slept.borrow().is_empty());
}

#[test]
fn waits_grow_and_are_scaled_by_chance() {
    let timing = Controlled::with_chance(0.5);
    let policy = Policy {
        max_attempts: 6,
        ..POLICY
    };
    let (result, course) = ran(policy, &timing, |_| unreachable());
    assert_eq!(course.attempts.len(), 6);
    let error = course.told(result.expect_err("no attempt succeeds"));
    assert_eq!(error.attempts().len(), 6);
    let told = "; the last of 6 attempts in 3.4 s";
    assert!(error.message().ends_with(told), "{error}");
    let expected = [200, 400, 800, 1000, 1000].map(Duration::from_millis);
    assert_eq!(*timing.slept.borrow(), expected);
}

#[test]
fn what_cannot_help_is_not_tried_again() {
    let timing = Controlled::with_chance(0.5);
    let (result, course) = ran(POLICY, &timing, |_| Attempted {
        again: Again::Never,
        ..failed(ErrorKind::Tls, Arrival::Impossible)
    });
    assert_eq!(result.map_err(|error| error.kind()), Err(ErrorKind::Tls));
    assert_eq!(course.attempts.len(), 1);
}

#[test]
fn an_attempt_gets_what_is_left_and_no_more_than_its_own_limit() {
    let timing = Controlled::with_chance(0.0);
    let given = RefCell::new(Vec::new());
    let (_, course) = ran(POLICY, &timing, |turn| {
        given.borrow_mut().push(turn.limit);
        timing.pass(Duration::from_secs(4));
        failed(ErrorKind::OutcomeUnknown, Arrival::Possible)
    });
    assert_eq!(course.attempts.len(), 3);
    assert_eq!(course.attempts[0].elapsed(), Duration::from_secs(4));
    assert_eq!(*given.borrow(), [5, 5, 2].map(Duration::from_secs));
}

#[test]
fn the_service_s_wish_to_wait_is_heeded() {
    let timing = Controlled::with_chance(0.0);
    let (_, course) = ran(POLICY, &timing, |_| asked_to_wait(3));
    assert_eq!(course.attempts.len(), 3);
    assert_eq!(*timing.slept.borrow(), [3, 3].map(Duration::from_secs));
}

#[test]
fn a_wait_beyond_the_deadline_ends_the_call_at_once() {
    let timing = Controlled::with_chance(0.0);
    let (result, course) = ran(POLICY, &timing, |_| asked_to_wait(10));
    assert_eq!(result.map_err(|error| error.kind()), Err(ErrorKind::Http));
    assert_eq!(course.attempts.len(), 1);
    assert!(timing.slept.borrow().is_empty());
}

#[test]
fn an_attempt_with_too_little_time_to_be_answered_is_not_made() {
    for (wait, attempts) in [(9, 2), (10, 1)] {
        let timing = Controlled::with_chance(0.0);
        let (result, course) = ran(POLICY, &timing, |_| asked_to_wait(wait));
        assert_eq!(course.attempts.len(), attempts, "{wait}");
        assert_eq!(result.map_err(|error| error.kind()), Err(ErrorKind::Http));
    }
    let timing = Controlled::with_chance(0.0);
    let (result, course) = ran(POLICY, &timing, |_| {
        timing.pass(Duration::from_millis(9001));
        failed(ErrorKind::Http, Arrival::Impossible)
    });
    assert_eq!(result.map_err(|error| error.kind()), Err(ErrorKind::Http));
    assert_eq!(course.attempts.len(), 1);
}

#[test]
fn a_closed_kept_connection_is_followed_at_once_and_counts() {
    for (max_attempts, expected) in [(1, 1), (3, 3)] {
        let timing = Controlled::with_chance(0.9);
        let policy = Policy {
            max_attempts,
            ..POLICY
        };
        let (_, course) = ran(policy, &timing, |_| Attempted {
            again: Again::AtOnce,
            ..failed(ErrorKind::OutcomeUnknown, Arrival::Unlikely)
        });
        assert_eq!(course.attempts.len(), expected);
        assert!(timing.slept.borrow().is_empty());
    }
}

#[test]
fn a_loss_is_told_to_the_attempts_after_it() {
    let timing = Controlled::with_chance(0.0);
    let lost_at = Instant::now();
    let told = RefCell::new(Vec::new());
    let mut losses = vec![None, Some(lost_at)];
    ran(POLICY, &timing, |turn| {
        told.borrow_mut().push(turn.after_loss);
        Attempted {
            lost_at: losses.pop().flatten(),
            ..unreachable()
        }
    })
    .0
    .expect_err("no attempt succeeds");
    assert_eq!(*told.borrow(), [None, Some(lost_at), Some(lost_at)]);
}

#[test]
fn what_may_not_be_repeated_is_tried_again_only_where_it_cannot_have_arrived() {
    let policy = Policy {
        repeats_lost: false,
        ..POLICY
    };
    for (arrival, attempts) in [
        (Arrival::Impossible, 3),
        (Arrival::Unlikely, 1),
        (Arrival::Possible, 1),
    ] {
        let timing = Controlled::with_chance(0.0);
        let (_, course) = ran(policy, &timing, |_| {
            failed(ErrorKind::OutcomeUnknown, arrival)
        });
        assert_eq!(course.attempts.len(), attempts, "{arrival:?}");
    }
}

#[test]
fn unreachable_after_an_attempt_that_may_have_arrived_is_an_unknown_outcome() {
    let timing = Controlled::with_chance(0.0);
    let mut first = true;
    let (result, course) = ran(POLICY, &timing, |_| {
        if std::mem::take(&mut first) {
            failed(ErrorKind::OutcomeUnknown, Arrival::Possible)
        } else {
            unreachable()
        }
    });
    let error = course.told(result.expect_err("no attempt succeeds"));
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert!(error.may_have_arrived());
}

#[test]
fn an_account_that_begins_with_an_earlier_arrival_ends_with_it() {
    let timing = Controlled::with_chance(0.0);
    let mut course = Course {
        arrival: Arrival::Possible,
        ..Course::default()
    };
    let result = run(POLICY, &timing, &mut course, |_| unreachable());
    let error = course.told(result.expect_err("no attempt succeeds"));
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
}

#[test]
fn who_waits_by_himself_gets_another_attempt_only_at_once() {
    let policy = Policy {
        waits: false,
        ..POLICY
    };
    for (again, attempts) in [
        (Again::AtOnce, 3),
        (Again::AfterWait(Duration::ZERO), 1),
        (Again::Never, 1),
    ] {
        let timing = Controlled::with_chance(0.5);
        let (_, course) = ran(policy, &timing, |_| Attempted {
            again,
            ..unreachable()
        });
        assert_eq!(course.attempts.len(), attempts, "{again:?}");
    }
}
