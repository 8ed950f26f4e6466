//! Certificates that are good, and such that are not.

use std::sync::Arc;

use rcgen::{CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;

/// What is wrong with a server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    None,
    Expired,
    NotYetValid,
    OtherName,
    UnknownAuthority,
    SelfSigned,
}

/// An authority, and one that nobody trusts.
pub struct Authorities {
    trusted: CertifiedIssuer<'static, KeyPair>,
    stranger: CertifiedIssuer<'static, KeyPair>,
}

impl Authorities {
    pub fn new() -> Authorities {
        Authorities {
            trusted: authority(),
            stranger: authority(),
        }
    }

    /// What a client has to trust.
    pub fn pem(&self) -> String {
        self.trusted.pem()
    }

    /// A server's settings with such a certificate for `localhost`.
    pub fn server(&self, flaw: Flaw) -> Arc<ServerConfig> {
        let key = KeyPair::generate().expect("a key");
        let params = params(flaw);
        let certificate = match flaw {
            Flaw::SelfSigned => params.self_signed(&key),
            Flaw::UnknownAuthority => params.signed_by(&key, &self.stranger),
            _ => params.signed_by(&key, &self.trusted),
        };
        let certificate = certificate.expect("a certificate");
        let secret = PrivatePkcs8KeyDer::from(key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("TLS")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], secret.into())
            .expect("the certificate's own key");
        Arc::new(config)
    }
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Constrained(0));
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(params, key).expect("an authority")
}

fn params(flaw: Flaw) -> CertificateParams {
    let name = match flaw {
        Flaw::OtherName => "other.example",
        _ => "localhost",
    };
    let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
    match flaw {
        Flaw::Expired => {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        Flaw::NotYetValid => params.not_before = date_time_ymd(4000, 1, 1),
        _ => {}
    }
    params
}
