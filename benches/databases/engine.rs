//! The servers, and how leads come to them.

use std::time::Duration;

use justclick::outbox::engine::EngineSettings;
use justclick::outbox::mysql::MysqlStore;
use justclick::outbox::postgres::PostgresStore;
use justclick::outbox::store::Store;

use super::{mysql_server, postgres_server};

const DATABASE: &str = "leads";

enum Server {
    Postgresql(postgres_server::Server),
    Mariadb(mysql_server::Server),
}

/// A server of the bench's own, and how it is come to.
pub struct Engine {
    pub name: &'static str,
    server: Server,
    pub url: String,
    /// How PHP's PDO comes to it: source, user and password.
    pub pdo: [String; 3],
}

impl Engine {
    pub fn postgresql() -> Engine {
        let server = postgres_server::Server::start(&["shared_buffers=256MB", "max_wal_size=1GB"]);
        server.database(DATABASE);
        let port = server.port;
        Engine {
            name: "PostgreSQL",
            url: server.url_of("127.0.0.1", DATABASE),
            pdo: [
                format!("pgsql:host=127.0.0.1;port={port};dbname={DATABASE}"),
                "postgres".to_owned(),
                String::new(),
            ],
            server: Server::Postgresql(server),
        }
    }

    pub fn mariadb() -> Engine {
        let server = mysql_server::Server::start(&[
            "--innodb-buffer-pool-size=256M",
            "--innodb-log-file-size=256M",
        ]);
        server.database(DATABASE);
        let port = server.port;
        Engine {
            name: "MariaDB",
            url: server.url_of("127.0.0.1", DATABASE),
            pdo: [
                format!("mysql:host=127.0.0.1;port={port};dbname={DATABASE}"),
                mysql_server::USER.to_owned(),
                mysql_server::PASSWORD.to_owned(),
            ],
            server: Server::Mariadb(server),
        }
    }

    pub fn store(&self) -> Box<dyn Store> {
        store(&self.url)
    }

    pub fn sql(&self, sql: &str) {
        match &self.server {
            Server::Postgresql(server) => drop(server.sql(DATABASE, sql)),
            Server::Mariadb(server) => drop(server.sql(&format!("use {DATABASE}; {sql}"))),
        }
    }

    /// Rows of an account, and their count.
    pub fn fill(&self, account: &str, rows: u64) {
        let (key, function, from) = match self.server {
            Server::Postgresql(_) => (
                "key",
                "function",
                format!("generate_series(1, {rows}) as number (n)"),
            ),
            Server::Mariadb(_) => (
                "`key`",
                "`function`",
                format!("(select seq as n from seq_1_to_{rows}) as number"),
            ),
        };
        self.sql(&format!(
            "insert into justclick_outbox
                 (account, {key}, {function}, due, due_before, kept_at, waits_since, reason, query)
             select '{account}', md5(concat(n, '')), 'AddLeadToGroup', n, n, n, n, '',
                    concat('rid%5B0%5D=super&lead_email=million', n, '%40email.com') from {from};
             update justclick_count set living = living + {rows}
             where slot = (select least_slot from (select min(slot) as least_slot from justclick_count) as slots)"
        ));
        if let Server::Postgresql(_) = self.server {
            self.sql("vacuum analyze justclick_outbox");
        }
    }
}

pub fn store(url: &str) -> Box<dyn Store> {
    let settings = EngineSettings {
        // Who waits is to be measured.
        busy_timeout: Duration::from_secs(60),
        ..EngineSettings::default()
    };
    if url.starts_with("mysql") {
        Box::new(MysqlStore::open(url, settings).expect("a store"))
    } else {
        Box::new(PostgresStore::open(url, settings).expect("a store"))
    }
}
