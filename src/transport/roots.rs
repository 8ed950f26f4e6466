//! The certificates that are trusted.
//!
//! An error is told and never remembered: whoever trusts an authority of their own would otherwise
//! be left with other certificates for the life of the process, for one shortage of descriptors.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use once_cell::race::OnceBox;
use rustls::RootCertStore;
use rustls_native_certs::{CertificateResult, ErrorKind, load_certs_from_paths, load_native_certs};

use super::ca_file;
use crate::text;

const FILE: &str = "SSL_CERT_FILE";
const FOLDERS: &str = "SSL_CERT_DIR";

/// Lock free, so that a child forked while another thread fills it can fill it itself.
static SYSTEM: OnceBox<Arc<RootCertStore>> = OnceBox::new();

/// The certificates of a file that the setting `label` names, or the system's where there is none.
pub(super) fn trusted(label: &str, ca_file: Option<&Path>) -> Result<Arc<RootCertStore>, String> {
    let Some(path) = ca_file else {
        let system = || system(&|name| env::var_os(name)).map(|roots| Box::new(Arc::new(roots)));
        return SYSTEM.get_or_try_init(system).map(Arc::clone);
    };
    let mut roots = RootCertStore::empty();
    add_file(&mut roots, label, path)?;
    Ok(Arc::new(roots))
}

/// What OpenSSL's two variables name, or the system's own where neither is set.
pub(super) fn system(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<RootCertStore, String> {
    let file = variable(FILE).map(PathBuf::from);
    let folders = variable(FOLDERS).unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&folders)
        .filter(|path| !path.as_os_str().is_empty())
        .collect();
    if file.is_none() && folders.is_empty() {
        return found_or_built_in(load_native_certs());
    }
    let mut roots = RootCertStore::empty();
    if let Some(path) = &file {
        add_file(&mut roots, FILE, path)?;
    }
    let mut cause = None;
    for path in &folders {
        let loaded = load_certs_from_paths(None, Some(path));
        cause = add(&mut roots, loaded, FOLDERS)?.or(cause);
    }
    if roots.is_empty() {
        let cause = cause.unwrap_or_else(|| "no certificate is there".to_owned());
        return Err(format!("{FOLDERS} of the environment: {cause}"));
    }
    Ok(roots)
}

/// A list frozen into a library ages, so it serves only where the system has none.
pub(super) fn found_or_built_in(loaded: CertificateResult) -> Result<RootCertStore, String> {
    const WHOSE: &str = "the system's certificates";
    let mut roots = RootCertStore::empty();
    match add(&mut roots, loaded, WHOSE)? {
        Some(cause) if roots.is_empty() => Err(format!("{WHOSE} cannot be read: {cause}")),
        _ => {
            if roots.is_empty() {
                roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            }
            Ok(roots)
        }
    }
}

fn add_file(roots: &mut RootCertStore, name: &str, path: &Path) -> Result<(), String> {
    ca_file::read(roots, path).map_err(|why| format!("{name} {}: {why}", text::shown_path(path)))
}

/// Adds what was found, and returns the first error that may be passed over if there is enough
/// else: systems have single files that are damaged or that not everybody may read.
fn add(
    roots: &mut RootCertStore,
    loaded: CertificateResult,
    whose: &str,
) -> Result<Option<String>, String> {
    let mut passed_over = None;
    for error in &loaded.errors {
        let text = text::shown_error(error);
        if !is_of_one_file(&error.kind) {
            return Err(format!("{whose} cannot be read: {text}"));
        }
        passed_over.get_or_insert(text);
    }
    let count = loaded.certs.len();
    let (added, _) = roots.add_parsable_certificates(loaded.certs);
    if added == 0 && count > 0 {
        passed_over.get_or_insert_with(|| "none of the certificates can be used".to_owned());
    }
    Ok(passed_over)
}

/// Whether this is a fault of one file; others, such as a shortage of descriptors, make what was
/// found a matter of luck.
fn is_of_one_file(kind: &ErrorKind) -> bool {
    use std::io::ErrorKind::{InvalidData, NotFound, PermissionDenied};
    match kind {
        ErrorKind::Io { inner, .. } => {
            matches!(inner.kind(), NotFound | PermissionDenied | InvalidData)
        }
        ErrorKind::Pem(_) => true,
        _ => false,
    }
}
