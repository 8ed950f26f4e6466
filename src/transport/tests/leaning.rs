//! What ureq does that the sender leans on, and that no documentation of ureq promises.

use std::io;
use std::sync::{Arc, Mutex};

use ureq::config::Config;
use ureq::http::{Method, Request, Uri};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Agent, Error};

/// What ureq asked of resolver, connector and connection, in order.
#[derive(Clone, Debug, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

#[derive(Debug)]
struct Names(Log);

impl Resolver for Names {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        self.0.note("resolve");
        Ok(self.empty())
    }
}

#[derive(Debug)]
struct Lines {
    log: Log,
    answer: Option<&'static str>,
}

impl Connector for Lines {
    type Out = Line;

    fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> Result<Option<Line>, Error> {
        self.log.note("connect");
        Ok(Some(Line {
            log: self.log.clone(),
            buffers: LazyBuffers::new(4096, 4096),
            answer: self.answer,
        }))
    }
}

#[derive(Debug)]
struct Line {
    log: Log,
    buffers: LazyBuffers,
    answer: Option<&'static str>,
}

impl Transport for Line {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
        let output = &self.buffers.output()[..amount];
        let text = std::str::from_utf8(output).unwrap();
        self.log
            .note(format!("send {}", text.lines().next().unwrap()));
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        assert!(timeout.after.is_not_happening(), "a time-out of ureq's own");
        self.log.note("read");
        let answer =
            (self.answer.take()).ok_or_else(|| Error::Io(io::ErrorKind::ConnectionReset.into()))?;
        self.buffers.input_append_buf()[..answer.len()].copy_from_slice(answer.as_bytes());
        self.buffers.input_appended(answer.len());
        Ok(true)
    }

    fn is_open(&mut self) -> bool {
        self.log.note("is it open");
        false
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.log.note("drop");
    }
}

/// Runs two requests, with the agent's settings as a session has them.
fn two_requests(answer: Option<&'static str>) -> (Vec<String>, Vec<Result<u16, Error>>) {
    let log = Log::default();
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .max_idle_connections(0)
        .build();
    let lines = Lines {
        log: log.clone(),
        answer,
    };
    let agent = Agent::with_parts(config, lines, Names(log.clone()));
    let results = [1, 2].map(|_| {
        let mut request = Request::new("a=1");
        *request.method_mut() = Method::POST;
        *request.uri_mut() = Uri::from_static("http://a.example/api");
        let response = agent.run(request)?;
        let status = response.status().as_u16();
        let body = response.into_body().read_to_string();
        log.note(format!("body {}", body.is_ok()));
        Ok(status)
    });
    (log.take(), results.into())
}

const ONE_REQUEST: [&str; 8] = [
    "resolve",
    "connect",
    "send POST /api HTTP/1.1",
    "send a=1",
    "read",
    "is it open",
    "drop",
    "body true",
];

#[test]
fn each_request_asks_resolver_and_connector_and_once_whether_its_connection_is_open() {
    let (log, results) = two_requests(Some("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
    assert_eq!(log, [ONE_REQUEST, ONE_REQUEST].concat());
    assert!(results.iter().all(|result| matches!(result, Ok(200))));
}

#[test]
fn an_error_status_and_a_redirect_are_answers() {
    for answer in [
        "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 2\r\n\r\n{}",
    ] {
        let (log, results) = two_requests(Some(answer));
        assert_eq!(log, [ONE_REQUEST, ONE_REQUEST].concat());
        assert!(results.iter().all(Result::is_ok), "{results:?}");
    }
}

#[test]
fn a_connection_that_cannot_serve_again_is_dropped_without_being_asked() {
    for answer in [
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}unasked",
    ] {
        let (log, _) = two_requests(Some(answer));
        assert!(!log.contains(&"is it open".to_owned()), "{answer}: {log:?}");
    }
}

#[test]
fn a_request_that_fails_is_not_sent_again() {
    let (log, results) = two_requests(None);
    let one = [
        "resolve",
        "connect",
        "send POST /api HTTP/1.1",
        "send a=1",
        "read",
        "drop",
    ];
    assert_eq!(log, [one, one].concat());
    assert!(
        results
            .iter()
            .all(|result| matches!(result, Err(Error::Io(_))))
    );
}
