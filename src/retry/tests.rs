use std::cell::{Cell, RefCell};

use super::*;

const POLICY: Policy = Policy {
    max_attempts: 3,
    timeout: Duration::from_secs(10),
    attempt_timeout: Duration::from_secs(5),
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

    fn sleep(&self, duration: Duration) {
        self.slept.borrow_mut().push(duration);
        self.pass(duration);
    }

    fn chance(&self) -> f64 {
        self.chance
    }
}

fn failed(kind: ErrorKind, unanswered: bool) -> Attempt<u32> {
    Attempt {
        result: Err(Error::new(kind, "failed")),
        again: true,
        wait: Duration::ZERO,
        unanswered,
    }
}

fn succeeded() -> Attempt<u32> {
    Attempt {
        result: Ok(7),
        again: false,
        wait: Duration::ZERO,
        unanswered: false,
    }
}

#[test]
fn a_first_success_is_the_only_attempt() {
    let timing = Controlled::with_chance(0.5);
    let (result, course) = run(POLICY, &timing, |_| succeeded());
    assert_eq!((result.ok(), course.attempts), (Some(7), 1));
    assert!(timing.slept.borrow().is_empty());
}

#[test]
fn waits_grow_and_are_scaled_by_chance() {
    let timing = Controlled::with_chance(0.5);
    let policy = Policy {
        max_attempts: 6,
        ..POLICY
    };
    let (result, course) = run(policy, &timing, |_| failed(ErrorKind::Unreachable, false));
    assert_eq!(result.map_err(|error| error.attempts()), Err(6));
    assert_eq!(course.attempts, 6);
    let expected = [200, 400, 800, 1000, 1000].map(Duration::from_millis);
    assert_eq!(*timing.slept.borrow(), expected);
}

#[test]
fn what_cannot_help_is_not_tried_again() {
    let timing = Controlled::with_chance(0.5);
    let (result, course) = run(POLICY, &timing, |_| Attempt {
        again: false,
        ..failed(ErrorKind::Tls, false)
    });
    assert_eq!(result.map_err(|error| error.kind()), Err(ErrorKind::Tls));
    assert_eq!(course.attempts, 1);
}

#[test]
fn an_attempt_gets_what_is_left_and_no_more_than_its_own_limit() {
    let timing = Controlled::with_chance(0.0);
    let given = RefCell::new(Vec::new());
    let (_, course) = run(POLICY, &timing, |limit| {
        given.borrow_mut().push(limit);
        timing.pass(Duration::from_secs(4));
        failed(ErrorKind::OutcomeUnknown, true)
    });
    assert_eq!(course.attempts, 3);
    assert_eq!(*given.borrow(), [5, 5, 2].map(Duration::from_secs));
}

#[test]
fn the_service_s_wish_to_wait_is_heeded() {
    let timing = Controlled::with_chance(0.0);
    let (_, course) = run(POLICY, &timing, |_| Attempt {
        wait: Duration::from_secs(3),
        ..failed(ErrorKind::Http, false)
    });
    assert_eq!(course.attempts, 3);
    assert_eq!(*timing.slept.borrow(), [3, 3].map(Duration::from_secs));
}

#[test]
fn a_wait_beyond_the_deadline_ends_the_call_at_once() {
    let timing = Controlled::with_chance(0.0);
    let (result, course) = run(POLICY, &timing, |_| Attempt {
        wait: Duration::from_secs(10),
        ..failed(ErrorKind::Http, false)
    });
    assert_eq!(result.map_err(|error| error.kind()), Err(ErrorKind::Http));
    assert_eq!(course.attempts, 1);
    assert!(timing.slept.borrow().is_empty());
}

#[test]
fn unreachable_after_an_attempt_that_may_have_arrived_is_an_unknown_outcome() {
    let timing = Controlled::with_chance(0.0);
    let mut first = true;
    let (result, _) = run(POLICY, &timing, |_| match std::mem::take(&mut first) {
        true => failed(ErrorKind::OutcomeUnknown, true),
        false => failed(ErrorKind::Unreachable, false),
    });
    let error = result.expect_err("no attempt succeeds");
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert!(error.may_have_arrived());
}
