//! The certificates that are trusted.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustls::RootCertStore;
use rustls_native_certs::{CertificateResult, Error, ErrorKind};
use tempfile::TempDir;

use crate::transport::roots::{found_or_built_in, system, trusted};

fn pem() -> String {
    let made = rcgen::generate_simple_self_signed(["a.example".to_owned()]);
    made.unwrap().cert.pem()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn written(folder: &TempDir, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, content).unwrap();
    path
}

/// How many certificates a `ca_file` of this content has.
fn count(content: impl AsRef<[u8]>) -> Result<usize, String> {
    let folder = folder();
    let path = written(&folder, content);
    trusted("ca_file", Some(&path)).map(|roots| roots.len())
}

fn refused(path: &Path) -> String {
    let error = trusted("ca_file", Some(path)).unwrap_err();
    assert!(error.starts_with("ca_file "), "{error}");
    error
}

#[test]
fn a_ca_file_is_read_as_people_have_it() {
    let (one, two) = (pem(), pem());
    assert_eq!(count(&one), Ok(1));
    assert_eq!(count(format!("a comment\r\n{one}\n{two}")), Ok(2));
    assert_eq!(count(format!("\u{feff}{one}\u{feff}{two}")), Ok(2));
    assert_eq!(
        count(one.replace(" CERTIFICATE", " X509 CERTIFICATE")),
        Ok(1)
    );
    assert_eq!(count(one.replace('\n', "\r\n")), Ok(1));
}

#[test]
fn a_ca_file_that_would_be_read_in_part_is_refused_by_name() {
    let (one, two) = (pem(), pem());
    let trusted = two.replace(" CERTIFICATE", " TRUSTED CERTIFICATE");
    let damaged = two.replace("\nM", "\nA");
    let utf16: Vec<u8> = (format!("\u{feff}{one}").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for (content, why) in [
        (
            format!("{one}{trusted}").into_bytes(),
            "TRUSTED CERTIFICATE",
        ),
        (
            format!("{one}{damaged}").into_bytes(),
            "its certificate 2 cannot be used",
        ),
        (utf16, "it is UTF-16"),
        (b"\x30\x82\x01\x00".to_vec(), "it is DER"),
        (Vec::new(), "it holds no certificate"),
        (b"no certificate".to_vec(), "it holds no certificate"),
        (
            vec![b'\n'; 16 * 1024 * 1024 + 1],
            "it is larger than 16777216 bytes",
        ),
    ] {
        let error = count(content).unwrap_err();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn a_ca_file_that_is_no_file_is_refused_by_name_and_not_waited_for() {
    let folder = folder();
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    for (path, what) in [
        (pipe.as_path(), "it is a named pipe"),
        (socket.as_path(), "it is a socket"),
        (folder.path(), "it is a folder"),
        (Path::new("/dev/zero"), "it is a device"),
        (Path::new("/nonexistent/ca.pem"), "No such file"),
    ] {
        let error = refused(path);
        assert!(error.contains(what), "{error}");
    }
}

/// The certificates of an environment with these variables.
fn with(variables: &[(&str, &Path)]) -> Result<RootCertStore, String> {
    system(&|name| {
        let set = variables.iter().find(|(variable, _)| *variable == name);
        set.map(|(_, path)| OsString::from(path))
    })
}

#[test]
fn what_the_environment_names_is_taken_alone_or_refused_by_name() {
    let (own, empty) = (folder(), folder());
    let file = written(&own, pem());
    let missing = Path::new("/nonexistent");
    assert_eq!(with(&[("SSL_CERT_FILE", &file)]).unwrap().len(), 1);
    assert_eq!(with(&[("SSL_CERT_DIR", own.path())]).unwrap().len(), 1);
    let both = [("SSL_CERT_FILE", file.as_path()), ("SSL_CERT_DIR", missing)];
    assert_eq!(with(&both).unwrap().len(), 1);
    for (variable, path) in [
        ("SSL_CERT_FILE", missing),
        ("SSL_CERT_FILE", empty.path()),
        ("SSL_CERT_DIR", missing),
        ("SSL_CERT_DIR", empty.path()),
    ] {
        let error = with(&[(variable, path)]).unwrap_err();
        assert!(error.starts_with(variable), "{error}");
    }
}

/// What the system's store gave: certificates, and errors.
fn loaded(certificates: usize, errors: &[io::ErrorKind]) -> CertificateResult {
    let mut loaded = CertificateResult::default();
    for _ in 0..certificates {
        let made = rcgen::generate_simple_self_signed(["a.example".to_owned()]).unwrap();
        loaded.certs.push(made.cert.der().clone());
    }
    for kind in errors {
        loaded.errors.push(Error {
            context: "failed to open file",
            kind: ErrorKind::Io {
                inner: (*kind).into(),
                path: "/etc/ssl/a.pem".into(),
            },
        });
    }
    loaded
}

#[test]
fn the_built_in_list_serves_only_where_the_system_has_no_store() {
    use io::ErrorKind::{Other, OutOfMemory, PermissionDenied};
    assert!(found_or_built_in(loaded(0, &[])).unwrap().len() > 50);
    assert_eq!(found_or_built_in(loaded(2, &[])).unwrap().len(), 2);
    let one_unreadable = loaded(2, &[PermissionDenied]);
    assert_eq!(found_or_built_in(one_unreadable).unwrap().len(), 2);
    for (certificates, error) in [
        (0, PermissionDenied),
        (0, Other),
        (2, Other),
        (2, OutOfMemory),
    ] {
        let error = found_or_built_in(loaded(certificates, &[error])).unwrap_err();
        assert!(error.contains("/etc/ssl/a.pem"), "{error}");
    }
    let mut useless = loaded(0, &[]);
    useless.certs.push(b"none".to_vec().into());
    let error = found_or_built_in(useless).unwrap_err();
    assert!(error.contains("can be used"), "{error}");
}
