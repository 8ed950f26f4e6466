//! Whether the service can prove who it is, and who stands in its place where it cannot.

use std::time::SystemTime;

use justclick::{Error, ErrorKind, Route};

use super::certificate::Certificate;
use super::finding::Finding;
use super::probe::Seen;
use crate::failure::Code;

/// `refusal` is the error of the call, where it was refused.
pub fn judge(route: &Route, refusal: Option<&Error>, seen: &Seen) -> Finding {
    let certificate = seen.certificate.as_deref().and_then(Certificate::read);
    match refusal.filter(|error| error.kind() == ErrorKind::Tls) {
        None => Finding::ok(
            "tls",
            match &certificate {
                Some(certificate) => format!("the certificate is trusted; it is {certificate}"),
                None => "the certificate is trusted".to_owned(),
            },
        ),
        Some(error) => {
            let found = match &certificate {
                Some(certificate) => format!("{error}; it is {certificate}"),
                None => error.to_string(),
            };
            let advice = advice(route, error, certificate.as_ref());
            Finding::wrong("tls", Code::Held, found, advice)
        }
    }
}

fn advice(route: &Route, error: &Error, certificate: Option<&Certificate>) -> String {
    let host = &route.host;
    let now = SystemTime::now();
    if certificate.is_some_and(|certificate| certificate.begins > now) {
        let now = httpdate::fmt_http_date(now);
        return format!(
            "here it is {now}: set this machine's clock, as by `timedatectl set-ntp true`"
        );
    }
    if certificate.is_some_and(|certificate| certificate.ends < now) {
        let now = httpdate::fmt_http_date(now);
        return format!(
            "here it is {now}: set this machine's clock where that is wrong; else whoever keeps {host} has to renew the certificate"
        );
    }
    let message = error.message();
    if message.contains("unknown issuer") {
        return format!(
            "TLS is intercepted, by a proxy, a firewall or a virus scanner, unless {host} is your own: have {host} left out there, or name the authority's certificate by JUSTCLICK_CA_FILE or ca_file where you trust it"
        );
    }
    if message.contains("another name") {
        return format!(
            "{host} is not whom it leads to: correct the username, service or base_url, or look at the proxy"
        );
    }
    if message.contains("ca_file") || message.contains("SSL_CERT") {
        return "name a file of certificates in PEM that this user may read, or leave the setting out to trust the system's".to_owned();
    }
    "look at base_url and at the proxy, and at what else stands between this machine and the service".to_owned()
}
