//! The certificates that are trusted.

use std::path::Path;
use std::sync::Arc;

use once_cell::race::OnceBox;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::text;

/// Lock free, so that a child forked while another thread fills it can fill it itself.
static SYSTEM: OnceBox<Arc<RootCertStore>> = OnceBox::new();

/// The certificates of `ca_file`, or the system's where there is no such setting.
pub(super) fn trusted(ca_file: Option<&Path>) -> Result<Arc<RootCertStore>, String> {
    match ca_file {
        Some(path) => from_file(path).map(Arc::new),
        None => Ok(Arc::clone(
            SYSTEM.get_or_init(|| Box::new(Arc::new(system_or_built_in()))),
        )),
    }
}

fn from_file(path: &Path) -> Result<RootCertStore, String> {
    let failed = |why: &dyn std::fmt::Display| format!("ca_file {}: {why}", text::shown_path(path));
    let mut roots = RootCertStore::empty();
    let pem = std::fs::read(path).map_err(|error| failed(&error))?;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate =
            certificate.map_err(|error| failed(&format_args!("not a PEM file: {error}")))?;
        roots.add(certificate).map_err(|error| failed(&error))?;
    }
    if roots.is_empty() {
        return Err(failed(&"it holds no certificate"));
    }
    Ok(roots)
}

/// A list frozen into a library ages, so it serves only where the system has none.
fn system_or_built_in() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    roots
}
