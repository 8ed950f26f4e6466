//! The way to the service: its name, the proxy, the connection; then what the service says.

use std::error::Error as _;
use std::io::{self, ErrorKind as Cause};
use std::net::{IpAddr, ToSocketAddrs};
use std::time::Instant;

use justclick::{Client, Error, ErrorKind, Route};

use super::finding::{Finding, Report};
use super::{clock, probe, service, tls};
use crate::failure::{Code, Failure};

pub fn examine(mut client: Client, report: &mut Report) -> Result<(), Failure> {
    let route = match client.route() {
        Ok(route) => route,
        Err(error) => return report.tell(no_route(&error)),
    };
    report.tell(proxy(&route))?;
    let name = name(&route);
    let is_unknown = name.is_err();
    report.tell(name.unwrap_or_else(|finding| finding))?;
    if is_unknown {
        return Ok(());
    }
    // One attempt tells what is wrong.
    client.set("max_attempts", "1")?;
    let start = Instant::now();
    let asked = client.groups();
    let taken = start.elapsed();
    if let Err(error) = &asked
        && let Some(finding) = unreached(&route, error)
    {
        return report.tell(finding);
    }
    let seen = probe::look(&route);
    let is_refused = (asked.as_ref()).is_err_and(|error| error.kind() == ErrorKind::Tls);
    // Certificates of our own that cannot be read refuse a call before anything is connected to.
    if !is_refused || seen.certificate.is_some() {
        let found = match is_refused {
            true => "somebody answers".to_owned(),
            false => format!("somebody answers, after {} ms", taken.as_millis()),
        };
        report.tell(Finding::ok("connection", found))?;
    }
    if route.is_encrypted {
        report.tell(tls::judge(&route, asked.as_ref().err(), &seen))?;
    }
    report.tell(clock::judge(&seen))?;
    if is_refused {
        return Ok(());
    }
    report.tell(service::judge(asked.as_ref().map(Vec::len)))
}

fn no_route(error: &Error) -> Finding {
    let advice = match error.kind() {
        ErrorKind::Unreachable => {
            "correct the variable of the environment, or set JUSTCLICK_PROXY to a proxy or to \"none\""
        }
        _ => "correct the setting, in the environment or in justclick.toml",
    };
    let code = match error.kind() {
        ErrorKind::Unreachable | ErrorKind::Tls => Code::Held,
        _ => Code::WrongUse,
    };
    Finding::wrong("settings", code, error, advice)
}

fn proxy(route: &Route) -> Finding {
    Finding::ok(
        "proxy",
        match &route.proxy {
            Some((host, port)) => format!("requests go through the proxy {host}:{port}"),
            None => "none, requests go straight to the service".to_owned(),
        },
    )
}

/// The look-up of the name that is connected to, which is the proxy's where there is one.
fn name(route: &Route) -> Result<Finding, Finding> {
    let (host, port) = match &route.proxy {
        Some((host, port)) => (host, *port),
        None => (&route.host, route.port),
    };
    if host.parse::<IpAddr>().is_ok() {
        let found = format!("{host} is an address, so no name is looked up");
        return Ok(Finding::ok("name", found));
    }
    match (host.as_str(), port).to_socket_addrs() {
        Ok(found) => {
            let mut addresses: Vec<String> = found.map(|each| each.ip().to_string()).collect();
            addresses.dedup();
            let found = format!("{host} has the address {}", addresses.join(", "));
            Ok(Finding::ok("name", found))
        }
        Err(error) => Err(unknown_name(host, &error, route.proxy.is_some())),
    }
}

fn unknown_name(host: &str, error: &io::Error, is_proxy: bool) -> Finding {
    let text = error.to_string();
    let why = text.rsplit("information: ").next().unwrap_or_default();
    let whose = if is_proxy {
        "correct the proxy"
    } else {
        "correct the username, service or base_url"
    };
    let advice = format!(
        "{whose} where the name is wrong; where no name is found, look at /etc/resolv.conf and at the way to the servers that stand there"
    );
    let found = format!("the name {host} is not found: {why}");
    Finding::wrong("name", Code::Later, found, advice)
}

/// Where the request did not get as far as to a service, or to its certificate.
fn unreached(route: &Route, error: &Error) -> Option<Finding> {
    if route.proxy.is_some() && error.kind() == ErrorKind::Http && error.message().contains("proxy")
    {
        let code = Code::from(error.disposition());
        return Some(Finding::wrong(
            "proxy",
            code,
            error,
            refused_by_proxy(error),
        ));
    }
    match error.kind() {
        ErrorKind::Unreachable | ErrorKind::OutcomeUnknown => {
            let advice = unreachable(route, error);
            Some(Finding::wrong("connection", Code::Later, error, advice))
        }
        _ => None,
    }
}

fn refused_by_proxy(error: &Error) -> &'static str {
    match error.http_status() {
        Some(407) => {
            "write the proxy's login into its URL, http://LOGIN:PASSWORD@HOST:PORT, or set JUSTCLICK_PROXY to \"none\" where no proxy is needed"
        }
        _ => {
            "let the proxy connect to the service's host, or set JUSTCLICK_PROXY to \"none\" where no proxy is needed"
        }
    }
}

fn unreachable(route: &Route, error: &Error) -> String {
    let port = route.port;
    let cause = error.source().and_then(|source| source.downcast_ref());
    match cause.map(io::Error::kind) {
        Some(Cause::ConnectionRefused) if route.proxy.is_some() => {
            "nothing listens there: start the proxy, correct its address, or set JUSTCLICK_PROXY to \"none\"".to_owned()
        }
        Some(Cause::ConnectionRefused) => {
            "nothing listens there, or a firewall refuses: correct base_url, or try again later"
                .to_owned()
        }
        Some(Cause::NetworkUnreachable | Cause::HostUnreachable) => {
            "this machine has no route there: look at `ip route` and at the network's cable or settings".to_owned()
        }
        _ => format!(
            "most often a firewall drops it: let this machine connect to port {port}, or name the proxy that does, by JUSTCLICK_PROXY; otherwise try again later"
        ),
    }
}
