//! A certificate authority of the sandbox's own, and TLS with a certificate by it.

use std::io::{self, Read, Write};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// What a server needs to speak TLS.
pub struct Tls {
    config: Arc<ServerConfig>,
    /// What a client has to trust.
    pub ca_pem: String,
}

impl Tls {
    /// Makes new keys, so that no secret key lies about that anybody trusts.
    pub fn generate() -> io::Result<Tls> {
        let ca = authority().map_err(io::Error::other)?;
        let config = config(&ca)?;
        Ok(Tls {
            config: Arc::new(config),
            ca_pem: ca.pem(),
        })
    }

    /// The stream with TLS on it; the handshake happens with the first byte that is read.
    pub fn accept<S: Read + Write>(
        &self,
        stream: S,
    ) -> io::Result<StreamOwned<ServerConnection, S>> {
        let connection = ServerConnection::new(Arc::clone(&self.config));
        Ok(StreamOwned::new(
            connection.map_err(io::Error::other)?,
            stream,
        ))
    }
}

fn named(mut params: CertificateParams, name: &str) -> CertificateParams {
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = named(CertificateParams::default(), "justclick sandbox CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn config(ca: &CertifiedIssuer<'static, KeyPair>) -> io::Result<ServerConfig> {
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let certificate = certificate(ca, &key).map_err(io::Error::other)?;
    let secret = PrivatePkcs8KeyDer::from(key.serialize_der());
    // A provider of the process's own choosing might be missing, or another one.
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], secret.into())
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn certificate(
    ca: &CertifiedIssuer<'static, KeyPair>,
    key: &KeyPair,
) -> Result<rcgen::Certificate, rcgen::Error> {
    let params = CertificateParams::new(NAMES.map(str::to_owned))?;
    let mut params = named(params, "justclick sandbox");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.signed_by(key, ca)
}
