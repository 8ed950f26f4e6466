//! Outboxes in databases, each with a server of its own and a way to it for each host.

use std::thread;
use std::time::Duration;

use crate::database_proxy::Proxy;
use crate::hunt::HOSTS;
use crate::mysql_server;
use crate::outbox_proof::place::{self, Database, Place};
use crate::postgres_server;

const NAME: &str = "leads";

pub struct Postgres {
    server: postgres_server::Server,
    pub ways: [Proxy; HOSTS],
}

impl Postgres {
    pub fn new() -> Postgres {
        let server = postgres_server::Server::start(&["max_connections=100"]);
        place::store(&server.database(NAME)).expect("makes the tables");
        Postgres {
            ways: ways(server.port),
            server,
        }
    }
}

pub struct Mariadb {
    server: mysql_server::Server,
    pub ways: [Proxy; HOSTS],
}

impl Mariadb {
    pub fn new() -> Mariadb {
        let server = mysql_server::Server::start(&["--innodb-print-all-deadlocks=1"]);
        place::store(&server.database(NAME)).expect("makes the tables");
        Mariadb {
            ways: ways(server.port),
            server,
        }
    }
}

fn ways(port: u16) -> [Proxy; HOSTS] {
    std::array::from_fn(|_| Proxy::start(port))
}

/// That all which is written is older by so much is the same as that time has passed.
fn older(time: Duration) -> [String; 2] {
    let time = time.as_millis();
    [
        format!(
            "update justclick_outbox set due = due - {time}, due_before = due_before - {time},
                 kept_at = kept_at - {time}, waits_since = waits_since - {time}"
        ),
        format!(
            "update justclick_account set held_until = held_until - {time},
                 circuit_until = circuit_until - {time}, probe_until = probe_until - {time}"
        ),
    ]
}

/// The log has them all, also those before a server was killed.
fn found_no_deadlock(log: &str) -> Result<(), String> {
    match log.to_lowercase().matches("deadlock").count() {
        0 => Ok(()),
        count => Err(format!("{count} times a deadlock: {log}")),
    }
}

/// Two sessions change two rows of a table, each one the other's first, until they have met.
fn meet(
    place: &dyn Place,
    pause: &str,
    ask: impl Fn(&str) -> Result<String, String> + Copy + Send,
) -> Result<(), String> {
    ask("create table circle (id int primary key)").expect("a table");
    ask("insert into circle values (1), (2)").expect("two rows");
    for _ in 0..30 {
        thread::scope(|scope| {
            for (first, second) in [(1, 2), (2, 1)] {
                scope.spawn(move || {
                    ask(&format!(
                        "begin; update circle set id = id where id = {first}; select {pause}(1);
                         update circle set id = id where id = {second}; commit"
                    ))
                });
            }
        });
        place.is_whole()?;
    }
    Ok(())
}

impl Postgres {
    pub fn deadlocks(&self) -> Result<(), String> {
        meet(self, "pg_sleep", |sql| self.server.ask(NAME, sql))
    }
}

impl Mariadb {
    pub fn deadlocks(&self) -> Result<(), String> {
        meet(self, "sleep", |sql| {
            self.server.ask(&format!("use {NAME}; {sql}"))
        })
    }
}

impl Place for Postgres {
    fn location(&self, host: usize) -> String {
        format!(
            "postgres://postgres@127.0.0.1:{}/{NAME}",
            self.ways[host].port
        )
    }

    fn pass(&self, time: Duration) {
        for sql in older(time) {
            self.server.sql(NAME, &sql);
        }
    }

    fn is_whole(&self) -> Result<(), String> {
        found_no_deadlock(&self.server.log())
    }

    fn database(&mut self) -> Option<&mut dyn Database> {
        Some(self)
    }
}

impl Database for Postgres {
    fn restart(&mut self) {
        self.server.kill();
        self.server.restart();
    }

    fn cut_off(&self, host: usize, is_off: bool) {
        self.ways[host].hold(is_off);
    }
}

impl Place for Mariadb {
    fn location(&self, host: usize) -> String {
        self.server.url_of_port(self.ways[host].port, NAME)
    }

    fn pass(&self, time: Duration) {
        for sql in older(time) {
            self.server.sql(&format!(
                "use {NAME}; set session transaction isolation level read committed; {sql}"
            ));
        }
    }

    fn is_whole(&self) -> Result<(), String> {
        found_no_deadlock(&self.server.log())
    }

    fn database(&mut self) -> Option<&mut dyn Database> {
        Some(self)
    }
}

impl Database for Mariadb {
    fn restart(&mut self) {
        self.server.restart();
    }

    fn cut_off(&self, host: usize, is_off: bool) {
        self.ways[host].hold(is_off);
    }
}
