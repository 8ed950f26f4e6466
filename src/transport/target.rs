//! Where a request goes.

use std::fmt;

use ureq::http::Uri;
use ureq::http::uri::Scheme;

/// An `http://` or `https://` address, parsed once for all requests to it.
#[derive(Clone)]
pub(crate) struct Target {
    url: String,
    uri: Uri,
}

impl Target {
    /// The error says what is wrong with the URL.
    pub(crate) fn parse(url: &str) -> Result<Target, String> {
        let malformed = || "the URL is malformed".to_owned();
        let uri: Uri = url.parse().map_err(|_| malformed())?;
        let is_http = uri.scheme() == Some(&Scheme::HTTP) || uri.scheme() == Some(&Scheme::HTTPS);
        if !is_http {
            return Err("the URL must begin with https:// or http://".to_owned());
        }
        if bare_host(&uri).is_empty() {
            return Err("the URL names no host".to_owned());
        }
        Ok(Target {
            url: url.to_owned(),
            uri,
        })
    }

    /// The URL as it was given.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn host(&self) -> &str {
        bare_host(&self.uri)
    }

    pub(crate) fn port(&self) -> u16 {
        port(&self.uri)
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.uri.scheme() == Some(&Scheme::HTTPS)
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.uri
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Target").field(&self.url).finish()
    }
}

/// The host as names and addresses are written, without the brackets of an IPv6 address in a URL.
pub(super) fn bare_host(uri: &Uri) -> &str {
    let host = uri.host().unwrap_or_default();
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host)
}

/// The port that is connected to.
pub(super) fn port(uri: &Uri) -> u16 {
    let default = if uri.scheme() == Some(&Scheme::HTTPS) {
        443
    } else {
        80
    };
    uri.port_u16().unwrap_or(default)
}
