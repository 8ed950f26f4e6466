//! A client's settings: read from text, checked as they are set.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use ureq::http::Uri;

use crate::error::{Error, ErrorKind};
use crate::retry::Policy;
use crate::table::setting::SETTINGS;
use crate::text;
use crate::transport::{self, TransportSettings};

const SERVICES: [&str; 3] = ["justclick.ru", "justclick.io", "influencersoft.com"];
const LENGTH_LIMIT: usize = 4096;

#[derive(Clone)]
pub(crate) struct Settings {
    service: String,
    base_url: Option<BaseUrl>,
    allow_http: bool,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    timeout: Duration,
    max_attempts: u32,
    proxy: Option<String>,
    ca_file: Option<PathBuf>,
    share_connections: bool,
    user_agent: String,
}

#[derive(Clone)]
struct BaseUrl {
    text: String,
    /// Neither encrypted nor on this machine.
    is_exposed: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            service: default("service").to_owned(),
            base_url: None,
            allow_http: false,
            connect_timeout: default_milliseconds("connect_timeout_ms"),
            attempt_timeout: default_milliseconds("attempt_timeout_ms"),
            timeout: default_milliseconds("timeout_ms"),
            max_attempts: default("max_attempts").parse().unwrap_or(3),
            proxy: None,
            ca_file: None,
            share_connections: false,
            user_agent: default("user_agent").to_owned(),
        }
    }
}

impl Settings {
    pub(crate) fn set(&mut self, setting: &str, value: &[u8]) -> Result<(), Error> {
        let name = known(setting)?;
        let value = text::checked(name, value, LENGTH_LIMIT)?;
        match name {
            "service" => self.service = checked_service(value)?,
            "base_url" => self.base_url = checked_base_url(value)?,
            "allow_http" => self.allow_http = flag(name, value)?,
            "connect_timeout_ms" => self.connect_timeout = milliseconds(name, value)?,
            "attempt_timeout_ms" => self.attempt_timeout = milliseconds(name, value)?,
            "timeout_ms" => self.timeout = milliseconds(name, value)?,
            "max_attempts" => self.max_attempts = whole_number(name, value, 10)?,
            "proxy" => self.proxy = checked_proxy(value)?,
            "ca_file" => self.ca_file = (!value.is_empty()).then(|| PathBuf::from(value)),
            "share_connections" => self.share_connections = flag(name, value)?,
            "user_agent" => self.user_agent = checked_header(name, value)?,
            _ => return Err(unknown(setting)),
        }
        Ok(())
    }

    pub(crate) fn unset(&mut self, setting: &str) -> Result<(), Error> {
        match known(setting)? {
            "proxy" => self.proxy = None,
            name => self.set(name, default(name).as_bytes())?,
        }
        Ok(())
    }

    pub(crate) fn policy(&self, repeats_lost: bool) -> Policy {
        Policy {
            max_attempts: self.max_attempts,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            repeats_lost,
            waits: true,
        }
    }

    pub(crate) fn transport(&self) -> TransportSettings {
        TransportSettings {
            connect_timeout: self.connect_timeout,
            proxy: self.proxy.clone(),
            ca_file: self.ca_file.clone(),
            user_agent: self.user_agent.clone(),
            share_connections: self.share_connections,
        }
    }

    /// Where requests go, without a slash at the end.
    ///
    /// Whether http:// is allowed is asked here and not when it is set, so that the order in
    /// which settings are given does not matter.
    pub(crate) fn base_url(&self, username: &str) -> Result<String, Error> {
        match &self.base_url {
            None => Ok(format!("https://{username}.{}", self.service)),
            Some(base) if base.is_exposed && !self.allow_http => Err(Error::new(
                ErrorKind::Tls,
                "base_url: http:// to another machine sends leads unencrypted; use https://, or set allow_http to 1",
            )),
            Some(base) => Ok(base.text.clone()),
        }
    }
}

/// Leaves the proxy out, since its address may hold a password.
impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("service", &self.service)
            .field("base_url", &self.base_url.as_ref().map(|base| &base.text))
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

fn known(setting: &str) -> Result<&'static str, Error> {
    (SETTINGS
        .iter()
        .map(|known| known.name)
        .find(|name| *name == setting))
    .ok_or_else(|| unknown(setting))
}

fn unknown(setting: &str) -> Error {
    let names = SETTINGS.iter().map(|known| known.name);
    Error::new(
        ErrorKind::UnknownName,
        format!(
            "there is no setting \"{}\"{}",
            text::shown(setting),
            text::suggestion(setting, names)
        ),
    )
}

fn default(name: &str) -> &'static str {
    (SETTINGS.iter().find(|setting| setting.name == name)).map_or("", |setting| setting.default)
}

fn default_milliseconds(name: &str) -> Duration {
    Duration::from_millis(default(name).parse().unwrap_or(1))
}

fn refused(name: &str, value: &str, rule: &str) -> Error {
    Error::invalid_argument(format!(
        "{name}: \"{}\" is refused; {rule}",
        text::shown(value)
    ))
}

fn checked_service(value: &str) -> Result<String, Error> {
    if SERVICES.contains(&value) {
        return Ok(value.to_owned());
    }
    Err(refused(
        "service",
        value,
        &format!(
            "it is one of {}; another domain is set as base_url",
            SERVICES.join(", ")
        ),
    ))
}

fn checked_base_url(value: &str) -> Result<Option<BaseUrl>, Error> {
    const RULE: &str =
        "it is https://host, with a port or a path where needed, and without a login, ? and #";
    let text = value.trim().trim_end_matches('/');
    if text.is_empty() {
        return Ok(None);
    }
    // What holds a login may hold a password, so such a value is not repeated.
    if text.contains('@') {
        return Err(Error::invalid_argument(format!("base_url: {RULE}")));
    }
    let uri: Uri = text.parse().map_err(|_| refused("base_url", value, RULE))?;
    let host = uri.host().unwrap_or_default();
    let is_plain = !text.contains(['?', '#', '\\']) && !text.contains("/.") && !host.is_empty();
    let is_https = uri.scheme_str() == Some("https");
    let has_port = uri.authority().is_some_and(transport::port_is_possible);
    if !is_plain || !has_port || !(is_https || uri.scheme_str() == Some("http")) {
        return Err(refused("base_url", value, RULE));
    }
    Ok(Some(BaseUrl {
        is_exposed: !is_https && !is_loopback(host),
        text: text.to_owned(),
    }))
}

fn is_loopback(host: &str) -> bool {
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<std::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// `None` for the environment's proxies, an empty text for none at all.
fn checked_proxy(value: &str) -> Result<Option<String>, Error> {
    match value.trim() {
        "none" => Ok(Some(String::new())),
        "" => Ok(None),
        url => transport::check_proxy(url)
            .map(|()| Some(url.to_owned()))
            .map_err(|reason| Error::invalid_argument(format!("proxy: {reason}"))),
    }
}

fn checked_header(name: &str, value: &str) -> Result<String, Error> {
    let is_printable = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_printable && !value.trim().is_empty() && value.len() <= 256 {
        return Ok(value.trim().to_owned());
    }
    Err(refused(
        name,
        value,
        "it is 1 to 256 printable ASCII characters",
    ))
}

fn flag(name: &str, value: &str) -> Result<bool, Error> {
    match value {
        "1" => Ok(true),
        "0" => Ok(false),
        _ => Err(refused(name, value, "it is 1 or 0")),
    }
}

fn milliseconds(name: &str, value: &str) -> Result<Duration, Error> {
    whole_number(name, value, 600_000).map(|number| Duration::from_millis(number.into()))
}

fn whole_number(name: &str, value: &str, most: u32) -> Result<u32, Error> {
    (value.parse().ok())
        .filter(|number| (1..=most).contains(number) && !value.starts_with('+'))
        .ok_or_else(|| {
            refused(
                name,
                value,
                &format!("it is a whole number from 1 to {most}"),
            )
        })
}
