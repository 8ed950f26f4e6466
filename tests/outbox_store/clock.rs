//! The host's clocks in the hands of a test.

use std::sync::Mutex;
use std::time::Duration;

use justclick::outbox::sqlite::Clock;

pub struct TestClock(Mutex<Times>);

struct Times {
    boot: String,
    since_boot: Duration,
    wall: Duration,
}

impl TestClock {
    pub fn new(boot: &str) -> TestClock {
        TestClock(Mutex::new(Times {
            boot: boot.into(),
            since_boot: Duration::from_secs(100),
            wall: Duration::from_secs(1_700_000_000),
        }))
    }

    pub fn pass(&self, time: Duration) {
        let mut times = self.0.lock().expect("the clock");
        times.since_boot += time;
        times.wall += time;
    }

    pub fn set_wall(&self, change: impl Fn(Duration) -> Duration) {
        let mut times = self.0.lock().expect("the clock");
        times.wall = change(times.wall);
    }

    /// The host starts anew.
    pub fn reboot(&self, boot: &str) {
        let mut times = self.0.lock().expect("the clock");
        times.boot = boot.into();
        times.since_boot = Duration::from_secs(1);
    }
}

impl Clock for TestClock {
    fn boot(&self) -> String {
        self.0.lock().expect("the clock").boot.clone()
    }

    fn since_boot(&self) -> Duration {
        self.0.lock().expect("the clock").since_boot
    }

    fn wall(&self) -> Duration {
        self.0.lock().expect("the clock").wall
    }
}
