//! The database's clock in the hands of a test.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::postgres_server::Server;

/// A schema with a function that stands before the database's own.
pub struct TestTime<'a> {
    server: &'a Server,
    database: &'a str,
    schema: String,
}

impl<'a> TestTime<'a> {
    pub fn new(server: &'a Server, database: &'a str) -> TestTime<'a> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let schema = format!("bench_{}", COUNT.fetch_add(1, Ordering::SeqCst));
        server.sql(
            database,
            &format!(
                "create schema {schema};
                 create table {schema}.time as select timestamptz '2023-11-14 22:13:20+00' as now;
                 create function {schema}.clock_timestamp() returns timestamptz language sql
                     as 'select now from {schema}.time'"
            ),
        );
        TestTime {
            server,
            database,
            schema,
        }
    }

    pub fn url(&self) -> String {
        let path = format!("options=-c%20search_path%3D{},pg_catalog", self.schema);
        self.server.url(self.database) + &path
    }

    pub fn schema(&self) -> &str {
        &self.schema
    }

    pub fn pass(&self, time: Duration) {
        let sql = format!(
            "update {}.time set now = now + interval '{} ms'",
            self.schema,
            time.as_millis()
        );
        self.server.sql(self.database, &sql);
    }
}
