//! TLS: who the server must be, and that leads cross no network without.

use std::path::Path;

use justclick::ErrorKind;
use justclick::outbox::mysql::MysqlStore;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use super::mysql_server::Server;
use super::settings;
use super::suite::{account_for, add};

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

/// A server with a certificate for `localhost`.
fn server(authority: &CertifiedIssuer<'static, KeyPair>) -> Server {
    let folder = tempfile::tempdir().expect("a folder");
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    let certificate = params.signed_by(&key, authority).expect("a certificate");
    let (cert, secret) = (folder.path().join("cert"), folder.path().join("key"));
    std::fs::write(&cert, certificate.pem()).expect("writes");
    std::fs::write(&secret, key.serialize_pem()).expect("writes");
    Server::start(&[
        &format!("--ssl-cert={}", cert.display()),
        &format!("--ssl-key={}", secret.display()),
        "--require-secure-transport=1",
    ])
}

fn refused(url: &str) -> String {
    let error = MysqlStore::open(url, settings()).expect_err("is refused");
    assert_eq!(error.kind(), ErrorKind::NotStored, "{error}");
    error.message().to_owned()
}

fn with_file(url: &str, file: &Path) -> String {
    format!("{url}?ssl_ca={}", file.display())
}

#[test]
fn the_server_proves_who_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let (right, wrong) = (folder.path().join("right"), folder.path().join("wrong"));
    let trusted = authority("trusted");
    std::fs::write(&right, trusted.pem()).expect("writes");
    std::fs::write(&wrong, authority("stranger").pem()).expect("writes");
    let server = server(&trusted);
    server.database("leads");
    let url = server.url_of("localhost", "leads");

    let store = MysqlStore::open(&with_file(&url, &right), settings()).expect("a store");
    add(&store, "encrypted");
    let cipher = "select count(*) from information_schema.processlist where user = 'leads'";
    assert_eq!(server.sql(cipher), "1");
    account_for(&store, 1);

    let why = refused(&with_file(&url, &wrong));
    assert!(
        why.contains("unknown issuer") && why.contains("ssl_ca"),
        "{why}"
    );
    let why = refused(&with_file(&server.url_of("127.0.0.1", "leads"), &right));
    assert!(why.contains("another name"), "{why}");
    // The system's authorities do not know it.
    let why = refused(&format!("{url}?ssl_mode=verify_identity"));
    assert!(why.contains("unknown issuer"), "{why}");
    let why = refused(&with_file(&url, &folder.path().join("none")));
    assert!(why.contains("ssl_ca") && why.contains("none"), "{why}");
    let why = refused(&url);
    assert!(why.contains("ssl_mode=verify_identity"), "{why}");
}

/// The address leads back to this host, but does not say so.
#[test]
fn another_host_without_tls_is_refused() {
    let server = Server::start(&["--skip-ssl"]);
    server.database("leads");
    let why = refused(&server.url_of("0.0.0.0", "leads"));
    assert!(why.contains("the server has no TLS"), "{why}");
    let local = server.url_of("localhost", "leads");
    let why = refused(&format!("{local}?ssl_mode=verify_identity"));
    assert!(why.contains("the server has no TLS"), "{why}");
    let store = MysqlStore::open(&local, settings()).expect("needs none on this host");
    add(&store, "here");
    account_for(&store, 1);
}
