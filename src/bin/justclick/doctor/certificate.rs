//! What people want to know of a certificate: by whom, and for which time.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use x509_parser::parse_x509_certificate;
use x509_parser::time::ASN1Time;

pub struct Certificate {
    issuer: String,
    pub begins: SystemTime,
    pub ends: SystemTime,
}

impl Certificate {
    /// `None` where it cannot be read.
    pub fn read(der: &[u8]) -> Option<Certificate> {
        let (_, found) = parse_x509_certificate(der).ok()?;
        let issuer = found.issuer();
        let named = (issuer.iter_common_name().chain(issuer.iter_organization()))
            .find_map(|name| name.as_str().ok());
        let validity = found.validity();
        Some(Certificate {
            issuer: named.map_or_else(|| issuer.to_string(), str::to_owned),
            begins: moment(validity.not_before),
            ends: moment(validity.not_after),
        })
    }
}

impl fmt::Display for Certificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "by \"{}\", valid from {} until {}",
            self.issuer,
            date(self.begins),
            date(self.ends)
        )
    }
}

/// Some have a year beyond those that HTTP can write.
fn date(time: SystemTime) -> String {
    const LAST: Duration = Duration::from_secs(253_402_300_799);
    httpdate::fmt_http_date(time.clamp(UNIX_EPOCH, UNIX_EPOCH + LAST))
}

fn moment(time: ASN1Time) -> SystemTime {
    let seconds = Duration::from_secs(time.timestamp().unsigned_abs());
    let moment = if time.timestamp() < 0 {
        UNIX_EPOCH.checked_sub(seconds)
    } else {
        UNIX_EPOCH.checked_add(seconds)
    };
    moment.unwrap_or(UNIX_EPOCH)
}
