//! The requests of a connection: where each leads, and what it is answered.

use std::io::{self, Read, Write};
use std::net::IpAddr;
use std::time::Duration;

use super::Behaviour;
use super::books;
use super::functions::Function;
use super::request::{Connection, Failure, Request};
use super::response::Response;
use super::state::State;
use super::switches::Power;

const TRICKLE: Duration = Duration::from_millis(50);

/// How a connection ended.
#[derive(PartialEq, Eq)]
pub enum Ending {
    /// Without a word, by either side.
    Cut,
    /// As an answer announced.
    Announced,
    /// So too, while the rest of a request is still under way.
    Refused,
}

/// Answers requests until one side has had enough.
pub fn serve<S: Read + Write>(stream: S, state: &State) -> Ending {
    let mut connection = Connection::new(stream);
    loop {
        match connection.request() {
            Ok(request) => match exchange(&mut connection, &request, state) {
                Ok(None) => {}
                Ok(Some(ending)) => return ending,
                Err(_) => return Ending::Cut,
            },
            Err(Failure::Closed) => return Ending::Cut,
            Err(Failure::Refused(status)) => {
                let mut response = Response::new(status, "");
                response.add_header("Connection", "close");
                let _ = connection.write(&response.encode());
                return Ending::Refused;
            }
        }
    }
}

/// Answers one request; the connection's end if this was its last.
fn exchange<S: Read + Write>(
    connection: &mut Connection<S>,
    request: &Request,
    state: &State,
) -> io::Result<Option<Ending>> {
    if let Some(response) = books::answer(request, state) {
        return respond(connection, request, response);
    }
    match state.arrived(&request.body) {
        None | Some(Behaviour::Ordinary) => switched(connection, request, state),
        Some(Behaviour::Answer {
            status,
            headers,
            body,
            delay,
        }) => {
            if state.pause(delay) {
                return Ok(Some(Ending::Cut));
            }
            let response = Response {
                status,
                headers,
                body,
            };
            respond(connection, request, response)
        }
        Some(Behaviour::Slow(delay)) => {
            if state.pause(delay) {
                return Ok(Some(Ending::Cut));
            }
            match ordinary(request, state) {
                Some(response) => respond(connection, request, response),
                None => Ok(Some(Ending::Cut)),
            }
        }
        Some(Behaviour::CloseWithoutAnswer) => Ok(Some(Ending::Cut)),
        Some(Behaviour::ApplyThenClose) => {
            ordinary(request, state);
            Ok(Some(Ending::Cut))
        }
        Some(Behaviour::TrickleForever) => trickle(connection, state),
        Some(Behaviour::CloseAfterAnswer) => {
            if let Some(response) = ordinary(request, state) {
                connection.write(&response.encode())?;
            }
            Ok(Some(Ending::Cut))
        }
    }
}

/// An ordinary answer, or what the switches put in its place.
fn switched<S: Read + Write>(
    connection: &mut Connection<S>,
    request: &Request,
    state: &State,
) -> io::Result<Option<Ending>> {
    let switches = state.switches();
    if !switches.delay.is_zero() && state.pause(switches.delay) {
        return Ok(Some(Ending::Cut));
    }
    let response = match switches.power {
        Power::On => ordinary(request, state),
        Power::Off => {
            state.log("the service is off");
            None
        }
        Power::Status(status) => {
            state.log(&format!("the service answers {status}"));
            Some(Response::new(status, format!("<h1>{status}</h1>\n")))
        }
    };
    match response {
        Some(response) => respond(connection, request, response),
        None => Ok(Some(Ending::Cut)),
    }
}

fn respond<S: Read + Write>(
    connection: &mut Connection<S>,
    request: &Request,
    mut response: Response,
) -> io::Result<Option<Ending>> {
    if !request.keep_alive && !response.closes() {
        response.add_header("Connection", "close");
    }
    let mut bytes = response.encode();
    if request.method == "HEAD" {
        bytes.truncate(bytes.len() - response.body.len());
    }
    connection.write(&bytes)?;
    Ok(response.closes().then_some(Ending::Announced))
}

fn trickle<S: Read + Write>(
    connection: &mut Connection<S>,
    state: &State,
) -> io::Result<Option<Ending>> {
    let mut response = Response::new(200, "");
    response.add_header("Content-Length", "1000000");
    connection.write(&response.encode())?;
    while !state.pause(TRICKLE) {
        connection.write(b" ")?;
    }
    Ok(Some(Ending::Cut))
}

/// What the service answers; `None` where it keeps silent.
fn ordinary(request: &Request, state: &State) -> Option<Response> {
    let host = request.host.as_deref().and_then(login_of_host);
    let Some((login, function)) = route(&request.path) else {
        state.log("no function -> 404");
        return Some(Response::new(404, "<h1>404 Not Found</h1>\n"));
    };
    if !request.path.ends_with(function.name) {
        state.log(&format!("another case of {} -> 307", function.name));
        let folder = &request.path[..request.path.len() - function.name.len()];
        let mut response = Response::new(307, "");
        response.add_header("Location", &format!("{folder}{}", function.name));
        return Some(response);
    }
    // PHP finds parameters in the form of a POST alone.
    let is_read = request.method == "POST" && request.is_form;
    let body = if is_read {
        request.body.as_slice()
    } else {
        b""
    };
    let verdict = state.service.judge(host.or(login), function, body);
    state.log(&format!(
        "{} {} -> {} {}",
        function.name,
        verdict.username.as_deref().unwrap_or("unknown"),
        verdict.code,
        verdict.text
    ));
    verdict.json.map(|json| Response::new(200, json))
}

/// The login that a path names, and the function that it leads to in some case.
fn route(path: &str) -> Option<(Option<&str>, &'static Function)> {
    let parts: Vec<&str> = path.split('/').collect();
    let (login, name) = match parts[..] {
        ["", "api", name] => (None, name),
        ["", login, "api", name] => (Some(login), name),
        _ => return None,
    };
    Some((login, Function::named(name)?))
}

/// The login in `login.service`; an address or this machine's own name has none.
fn login_of_host(host: &str) -> Option<&str> {
    let name = host.split(':').next().unwrap_or_default();
    let (label, rest) = name.split_once('.')?;
    let is_login = !label.is_empty()
        && !rest.is_empty()
        && label != "localhost"
        && name.parse::<IpAddr>().is_err();
    is_login.then_some(label)
}
