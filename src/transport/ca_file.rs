//! A file of certificates in PEM, as people have them: with a byte order mark, an old label, or
//! not a file at all.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::given_file::{open, other};

/// Sixty times what the whole list of Mozilla takes.
const SIZE_LIMIT: u64 = 16 * 1024 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
const DER_SEQUENCE: u8 = 0x30;

/// Adds the file's certificates, all of them or none.
pub(super) fn read(roots: &mut RootCertStore, path: &Path) -> Result<(), String> {
    let pem = normalized(&bytes(path)?)?;
    let mut found = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        found.push(certificate.map_err(|error| format!("it is no PEM file: {error}"))?);
    }
    if found.is_empty() {
        return Err("it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)".to_owned());
    }
    let mut read = RootCertStore::empty();
    for (index, certificate) in found.into_iter().enumerate() {
        (read.add(certificate))
            .map_err(|error| format!("its certificate {} cannot be used: {error}", index + 1))?;
    }
    roots.roots.extend(read.roots);
    Ok(())
}

/// The content of a regular file of a reasonable size. A look at what it is comes first, since to
/// open a named pipe waits for a writer, and to open a device can do anything.
fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let text = |error: std::io::Error| error.to_string();
    check_kind(&path.metadata().map_err(text)?)?;
    let file = open(path).map_err(text)?;
    // It may have been replaced since.
    check_kind(&file.metadata().map_err(text)?)?;
    read_all(file)
}

fn check_kind(metadata: &Metadata) -> Result<(), String> {
    let kind = metadata.file_type();
    let what = match () {
        () if kind.is_file() => return Ok(()),
        () if kind.is_dir() => "a folder",
        () => other(kind),
    };
    Err(format!("it is {what}, and no file of certificates"))
}

fn read_all(file: File) -> Result<Vec<u8>, String> {
    let mut content = Vec::new();
    let size =
        (file.take(SIZE_LIMIT + 1).read_to_end(&mut content)).map_err(|error| error.to_string())?;
    if size as u64 > SIZE_LIMIT {
        return Err(format!("it is larger than {SIZE_LIMIT} bytes"));
    }
    Ok(content)
}

/// The text as the PEM parser knows it, which passes over all that it does not know.
fn normalized(content: &[u8]) -> Result<Vec<u8>, String> {
    if content.starts_with(b"\xFF\xFE") || content.starts_with(b"\xFE\xFF") {
        return Err("it is UTF-16; save it as ASCII or UTF-8".to_owned());
    }
    if content.first() == Some(&DER_SEQUENCE) {
        return Err(
            "it is DER and not PEM; convert it: openssl x509 -inform der -in FILE -out NEW"
                .to_owned(),
        );
    }
    let mut pem = Vec::with_capacity(content.len());
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
        let known: &[u8] = match line.trim_ascii_end() {
            b"-----BEGIN TRUSTED CERTIFICATE-----" => {
                return Err("it holds a TRUSTED CERTIFICATE, whose limits of trust would be lost; convert it: openssl x509 -in FILE -out NEW".to_owned());
            }
            // The name of the same thing before 1998.
            b"-----BEGIN X509 CERTIFICATE-----" => b"-----BEGIN CERTIFICATE-----\n",
            b"-----END X509 CERTIFICATE-----" => b"-----END CERTIFICATE-----\n",
            _ => line,
        };
        pem.extend_from_slice(known);
    }
    Ok(pem)
}
