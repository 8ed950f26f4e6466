//! Which proxy a request goes through.

use std::net::IpAddr;

use ipnet::IpNet;
use once_cell::race::OnceBox;
use ureq::Proxy;
use ureq::http::Uri;
use ureq::http::uri::{Authority, Scheme};

use super::failure::bare_host;

/// Reads one variable of the environment.
type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A proxy, none, or why it cannot be used.
type Chosen = Result<Option<Proxy>, String>;

static ENVIRONMENT: OnceBox<EnvironmentProxies> = OnceBox::new();

/// Checks a proxy's URL when it is set; an empty one means no proxy.
pub(crate) fn check_proxy(url: &str) -> Result<(), String> {
    from_setting(url).map(drop)
}

/// Where the choice of a proxy comes from.
pub(super) enum ProxyChoice {
    Fixed(Chosen),
    Environment,
}

impl ProxyChoice {
    pub(super) fn from_setting(setting: Option<&str>) -> ProxyChoice {
        match setting {
            Some(url) => ProxyChoice::Fixed(from_setting(url)),
            None => ProxyChoice::Environment,
        }
    }

    /// The environment is read once per process, at the first send.
    pub(super) fn choose(&self, target: &Uri) -> Chosen {
        match self {
            ProxyChoice::Fixed(chosen) => chosen.clone(),
            ProxyChoice::Environment => ENVIRONMENT
                .get_or_init(|| {
                    let lookup = |name: &str| std::env::var(name).ok();
                    Box::new(EnvironmentProxies::read(&lookup))
                })
                .choose(target),
        }
    }
}

fn from_setting(url: &str) -> Chosen {
    if url.trim().is_empty() {
        return Ok(None);
    }
    parse(url).map(Some)
}

/// The messages name no part of the URL: it may hold a password.
fn parse(url: &str) -> Result<Proxy, String> {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => {}
        known @ ("socks" | "socks4" | "socks4a" | "socks5" | "socks5h" | "ftp") => {
            return Err(format!(
                "{known}:// proxies are not supported; it must be an http:// or https:// URL"
            ));
        }
        _ => return Err("the proxy must be an http:// or https:// URL".to_owned()),
    }
    let malformed = || "the proxy URL is malformed".to_owned();
    let uri: Uri = format!("{scheme}://{}/", rest.trim_end_matches('/'))
        .parse()
        .map_err(|_| malformed())?;
    let authority = uri.authority().ok_or_else(malformed)?;
    if authority.host().is_empty() || !port_is_possible(authority) {
        return Err(malformed());
    }
    Proxy::new(&uri.to_string()).map_err(|_| malformed())
}

/// Whether an address names no port or one that can be. A port that is no number is passed over
/// by ureq, which would go to the default one.
pub(crate) fn port_is_possible(authority: &Authority) -> bool {
    let after_credentials = authority.as_str().rsplit('@').next().unwrap_or_default();
    match after_credentials.strip_prefix(authority.host()) {
        None | Some("") => true,
        Some(_) => authority.port_u16().is_some_and(|port| port > 0),
    }
}

/// What the environment says of proxies.
pub(super) struct EnvironmentProxies {
    for_https: Chosen,
    for_http: Chosen,
    exceptions: Vec<String>,
}

impl EnvironmentProxies {
    /// `HTTP_PROXY` is never read: in a CGI program a client sets it by a `Proxy:` header.
    pub(super) fn read(lookup: Lookup) -> EnvironmentProxies {
        let first = |names: &[&'static str]| {
            let is_set = |name: &&'static str| {
                let value = lookup(name).filter(|value| !value.trim().is_empty());
                value.map(|value| (*name, value))
            };
            names.iter().find_map(is_set)
        };
        let proxy = |names: &[&'static str]| match first(names) {
            Some((name, url)) => parse(&url)
                .map(Some)
                .map_err(|why| format!("{name} of the environment cannot be used: {why}")),
            None => Ok(None),
        };
        let (_, exceptions) = first(&["no_proxy", "NO_PROXY"]).unwrap_or_default();
        EnvironmentProxies {
            for_https: proxy(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            for_http: proxy(&["http_proxy", "all_proxy", "ALL_PROXY"]),
            exceptions: exceptions
                .split([',', ' '])
                .map(|entry| entry.trim().to_ascii_lowercase())
                .filter(|entry| !entry.is_empty())
                .collect(),
        }
    }

    pub(super) fn choose(&self, target: &Uri) -> Chosen {
        let host = bare_host(target).to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host);
        if is_loopback(host) || self.exceptions.iter().any(|entry| covers(entry, host)) {
            return Ok(None);
        }
        if target.scheme() == Some(&Scheme::HTTPS) {
            self.for_https.clone()
        } else {
            self.for_http.clone()
        }
    }
}

/// As curl does it: `example.com`, `.example.com` and `*.example.com` all mean the name itself
/// and all names under it; an address means itself, and `10.0.0.0/8` all addresses of the network.
fn covers(entry: &str, host: &str) -> bool {
    if entry == "*" {
        return true;
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        return covers_address(entry, address.to_canonical());
    }
    let name = entry.strip_prefix('*').unwrap_or(entry);
    let name = name.strip_prefix('.').unwrap_or(name);
    let name = name.strip_suffix('.').unwrap_or(name);
    !name.is_empty()
        && host
            .strip_suffix(name)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn covers_address(entry: &str, address: IpAddr) -> bool {
    let bare = entry.replace(['[', ']'], "");
    match bare.parse::<IpNet>() {
        Ok(network) => network.contains(&address),
        Err(_) => bare.parse() == Ok(address),
    }
}

fn is_loopback(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}
