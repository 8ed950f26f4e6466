//! One request and its answer.

use std::io::Read;
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use ureq::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, header};
use ureq::{Agent, Body, Proxy};

use super::call::{self, Terms};
use super::failure::{Failure, FailureKind, Route};
use super::retry_after;
use super::session::Session;
use super::target::Target;

/// Room for the body of an answer that does not announce its length.
const LIKELY_LENGTH: usize = 1024;

/// An answer of the server, whatever its status.
#[derive(Debug)]
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: u16,
    /// How long the server asks to wait.
    pub(crate) retry_after: Option<Duration>,
    /// Where a redirect points to.
    pub(crate) location: Option<String>,
    /// The whole body.
    pub(crate) body: Vec<u8>,
    /// Who the connection was to: the server, or a proxy.
    pub(crate) address: Option<SocketAddr>,
}

/// Sends the form once.
pub(super) fn run(
    session: &Session,
    target: &Target,
    proxy: Option<&Proxy>,
    body: &str,
    terms: &Terms,
) -> Result<Reply, Failure> {
    let needs_tls = session
        .prepare(target.uri(), proxy)
        .map_err(|why| Failure::unsent(FailureKind::Tls, why))?;
    call::begin(terms, !needs_tls);
    let agent = session.agent(proxy);
    send(&agent, target, body, terms.body_limit).map_err(|error| {
        let progress = call::progress();
        let route = Route {
            host: target.host(),
            proxy,
            timeout: terms.timeout,
            connect_timeout: terms.connect_timeout,
        };
        let failure = route.failure(error, progress);
        if let Some(address) = failure.address
            && failure.blames_the_address(progress)
        {
            session.addresses.note_failed(address, Instant::now());
        }
        failure
    })
}

fn send(
    agent: &Agent,
    target: &Target,
    body: &str,
    body_limit: usize,
) -> Result<Reply, ureq::Error> {
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = target.uri().clone();
    request.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    read_reply(agent.run(request)?, body_limit)
}

fn read_reply(response: Response<Body>, body_limit: usize) -> Result<Reply, ureq::Error> {
    let (parts, body) = response.into_parts();
    let retry_after = text(&parts.headers, header::RETRY_AFTER)
        .and_then(|value| retry_after::parse(&value, SystemTime::now()));
    let location = text(&parts.headers, header::LOCATION);
    let body = read_body(body, body_limit)?;
    Ok(Reply {
        status: parts.status.as_u16(),
        retry_after,
        location,
        body,
        address: call::progress().address,
    })
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn read_body(body: Body, limit: usize) -> Result<Vec<u8>, ureq::Error> {
    // One byte more than announced lets the end be seen, and than allowed a body that is too long.
    let announced = body.content_length().map_or(LIKELY_LENGTH, |length| {
        usize::try_from(length).unwrap_or(usize::MAX)
    });
    let mut bytes = vec![0; announced.min(limit).saturating_add(1)];
    let mut reader = body.into_reader();
    let mut filled = 0;
    loop {
        let room = bytes.get_mut(filled..).unwrap_or_default();
        match reader.read(room)? {
            0 => break,
            count => filled += count,
        }
        if filled > limit {
            return Err(ureq::Error::BodyExceedsLimit(limit as u64));
        }
        if filled == bytes.len() {
            bytes.resize((2 * filled).min(limit.saturating_add(1)), 0);
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}
