//! Whoever cannot prove to be the service.

use std::fs;

use tempfile::tempdir;

use crate::doctor::{Told, call};
use crate::sandbox::{Options, Sandbox};
use crate::server;

fn encrypted() -> Sandbox {
    let options = Options {
        tls: true,
        ..Options::demo()
    };
    Sandbox::start(options).expect("a sandbox")
}

#[test]
fn somebody_else_answers_in_the_place_of_the_service() {
    let sandbox = encrypted();
    let told = (call().set("JUSTCLICK_BASE_URL", sandbox.base_url())).doctor(None);
    told.tells(
        "tls",
        "wrong",
        "by \"justclick sandbox CA\"",
        "TLS is intercepted",
    );
    assert_eq!(told.code, 4, "{}", told.all);
    assert!(!told.has("account"));
    // Nothing that is signed was sent.
    assert!(sandbox.bodies().iter().all(Vec::is_empty));
}

#[test]
fn an_authority_of_ones_own_is_trusted_where_it_is_named() {
    let sandbox = encrypted();
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("ca.pem");
    fs::write(&path, sandbox.ca_pem().expect("a certificate")).expect("written");
    let told = call()
        .set("JUSTCLICK_BASE_URL", sandbox.base_url())
        .set("JUSTCLICK_CA_FILE", &path)
        .doctor(None);
    told.tells("tls", "ok", "by \"justclick sandbox CA\"", "");
    told.tells("account", "ok", "4 groups", "");
    assert_eq!(told.code, 0, "{}", told.all);

    fs::remove_file(&path).expect("removed");
    let told = call()
        .set("JUSTCLICK_BASE_URL", sandbox.base_url())
        .set("JUSTCLICK_CA_FILE", &path)
        .doctor(None);
    told.tells(
        "tls",
        "wrong",
        "ca_file",
        "certificates in PEM that this user may read",
    );
    assert_eq!(told.code, 4, "{}", told.all);
}

/// The doctor at a server whose authority is trusted.
fn in_years(years: [i32; 2]) -> Told {
    let (tls, ca_pem) = server::tls(years);
    let port = server::start(server::answer(200, "", "{}"), Some(tls));
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("ca.pem");
    fs::write(&path, ca_pem).expect("written");
    call()
        .set("JUSTCLICK_BASE_URL", format!("https://localhost:{port}"))
        .set("JUSTCLICK_CA_FILE", &path)
        .doctor(None)
}

#[test]
fn a_certificate_that_is_not_valid_at_this_time() {
    let told = in_years([2098, 2099]);
    told.tells(
        "tls",
        "wrong",
        "valid from Wed, 01 Jan 2098",
        "set this machine's clock",
    );
    assert_eq!(told.code, 4, "{}", told.all);
    let told = in_years([2001, 2002]);
    told.tells("tls", "wrong", "it has expired", "renew the certificate");
    assert_eq!(told.code, 4, "{}", told.all);
    let told = in_years([2001, 2098]);
    told.tells("tls", "ok", "by \"test authority\"", "");
    assert_eq!(told.code, 3, "{}", told.all);
}

#[test]
fn a_certificate_for_another_name() {
    let (tls, ca_pem) = server::tls([2001, 2098]);
    let port = server::start(server::answer(200, "", "{}"), Some(tls));
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("ca.pem");
    fs::write(&path, ca_pem).expect("written");
    let told = call()
        .set("JUSTCLICK_BASE_URL", format!("https://127.0.0.1:{port}"))
        .set("JUSTCLICK_CA_FILE", &path)
        .doctor(None);
    told.tells("tls", "wrong", "another name", "is not whom it leads to");
    assert_eq!(told.code, 4, "{}", told.all);
}

#[test]
fn an_unencrypted_service_on_another_machine() {
    let told = (call().set("JUSTCLICK_BASE_URL", "http://192.0.2.1")).doctor(None);
    told.tells("settings", "wrong", "unencrypted", "correct the setting");
    assert_eq!(told.code, 4, "{}", told.all);
}
