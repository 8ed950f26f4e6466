//! A connection, each of whose steps ends by the call's deadline.

use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use tokio_postgres::{Client, Connection, Row};

use super::encryption::Encrypted;
use super::failure::Failed;
use super::value::Value;
use super::wire::Wire;

type Made = (Client, Connection<Wire, Encrypted>);

/// The protocol's two ends: one asks, the other moves the bytes.
pub(super) struct Link {
    wire: Wire,
    /// `None` once it said that it ends.
    client: Option<Client>,
    mover: Mover,
    /// When the call ends that uses it.
    pub(super) until: Instant,
    /// Something was asked, and its answer has not come.
    is_broken: bool,
    /// Why the server cannot keep leads as it is to.
    pub(super) broken_promise: Option<String>,
}

struct Mover {
    /// `None` once it ended: it is dropped with what waits for answers.
    connection: Option<Connection<Wire, Encrypted>>,
    /// Why it ended.
    end: Option<Failed>,
}

impl Link {
    pub(super) fn new(wire: Wire, made: Made, until: Instant) -> Link {
        let (client, connection) = made;
        Link {
            wire,
            client: Some(client),
            mover: Mover {
                connection: Some(connection),
                end: None,
            },
            until,
            is_broken: false,
            broken_promise: None,
        }
    }

    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// How much of the call's time is left.
    pub(super) fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// The rows that a statement finds or returns.
    pub(super) fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Failed> {
        self.ask(async |client| {
            let typed: Vec<_> = values.iter().map(Value::typed).collect();
            client.query_typed(sql, &typed).await
        })
    }

    /// The first row that a statement finds or returns.
    pub(super) fn row(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, Failed> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }

    /// How many rows a statement changed.
    pub(super) fn change(&mut self, sql: &str, values: &[Value]) -> Result<u64, Failed> {
        self.ask(async |client| {
            let typed: Vec<_> = values.iter().map(Value::typed).collect();
            client.execute_typed(sql, &typed).await
        })
    }

    /// Several statements without parameters.
    pub(super) fn run(&mut self, sql: &str) -> Result<(), Failed> {
        self.ask(async |client| client.batch_execute(sql).await)
    }

    /// All of it or nothing. Where the answer to the commit is lost, `unknown` takes what it came to.
    pub(super) fn transaction<T>(
        &mut self,
        unknown: &mut Option<T>,
        work: impl FnOnce(&mut Link) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        self.run("begin")?;
        let done = work(self).and_then(|done| match self.run("commit") {
            Ok(()) => Ok(done),
            Err(failed) => {
                *unknown = self.is_broken.then_some(done);
                Err(failed)
            }
        });
        if done.is_err() && !self.is_broken && self.run("rollback").is_err() {
            self.is_broken = true;
        }
        done
    }

    fn ask<T>(
        &mut self,
        question: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Failed> {
        let Some(client) = &self.client else {
            return Err(Failed::Lost("it was closed".into()));
        };
        self.is_broken = true;
        let mover = &mut self.mover;
        let answer =
            (self.wire).run(self.until, |context| mover.go_on(context), question(client))?;
        let answer = answer.map_err(|error| match (Failed::from(error), mover.end.take()) {
            // The reason stands where the bytes are moved.
            (Failed::Lost(_), Some(end)) => end,
            (failed, _) => failed,
        });
        self.is_broken = matches!(
            answer,
            Err(Failed::Lost(_) | Failed::Late | Failed::Refused(_))
        );
        answer
    }
}

impl Mover {
    fn go_on(&mut self, context: &mut Context<'_>) {
        while let Some(connection) = &mut self.connection {
            self.end = match connection.poll_message(context) {
                Poll::Pending => return,
                // What the server tells unasked is nobody's.
                Poll::Ready(Some(Ok(_))) => continue,
                Poll::Ready(Some(Err(error))) => Some(as_lost(error)),
                Poll::Ready(None) => Some(Failed::Lost("it was closed".into())),
            };
            self.connection = None;
        }
    }
}

/// What ends a connection, whatever the server called it.
fn as_lost(error: tokio_postgres::Error) -> Failed {
    match Failed::from(error) {
        Failed::Sql(told) => Failed::Lost(crate::text::shown_error(&told.message())),
        other => other,
    }
}

impl Drop for Link {
    /// Says good-bye without waiting: where the socket takes nothing more, its close has to do.
    fn drop(&mut self) {
        self.client.take();
        self.mover.go_on(&mut Context::from_waker(Waker::noop()));
    }
}
