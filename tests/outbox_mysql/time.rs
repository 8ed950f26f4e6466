//! The database's clock in the hands of a test.

use std::cell::Cell;
use std::time::Duration;

use super::mysql_server::{Server, USER};

/// Each connection of the tests' user begins with a time that stands still. To change it, the user's
/// connections are ended.
pub struct TestTime<'a> {
    server: &'a Server,
    now: Cell<Duration>,
}

impl<'a> TestTime<'a> {
    pub fn new(server: &'a Server) -> TestTime<'a> {
        let time = TestTime {
            server,
            now: Cell::new(Duration::from_millis(1_700_000_000_123)),
        };
        time.pass(Duration::ZERO);
        time
    }

    pub fn pass(&self, time: Duration) {
        self.now.set(self.now.get() + time);
        let now = self.now.get().as_millis();
        self.server.sql(&format!(
            "set global init_connect = 'set timestamp = {}.{:03}'",
            now / 1000,
            now % 1000
        ));
        self.end_connections();
    }

    fn end_connections(&self) {
        let all = "from information_schema.processlist where user =";
        self.server.sql(&format!("kill hard user {USER}"));
        while self.server.sql(&format!("select count(*) {all} '{USER}'")) != "0" {
            std::thread::yield_now();
        }
    }
}
