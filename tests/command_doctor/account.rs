//! What the service says of the account.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use md5::{Digest, Md5};
use tempfile::tempdir;

use crate::doctor::{SECRET, call, of_program};
use crate::sandbox::{Behaviour, Options, Sandbox};
use crate::server;

#[test]
fn a_wrong_secret_and_an_unknown_login() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let url = sandbox.base_url();
    let told = (call().secret("Geheimnis17").set("JUSTCLICK_BASE_URL", &url)).doctor(None);
    told.tells("account", "wrong", "code 4", "copy the secret anew");
    assert_eq!(told.code, 4, "{}", told.all);

    let told = call()
        .set("JUSTCLICK_BASE_URL", format!("{url}/nobody"))
        .doctor(None);
    told.tells("account", "wrong", "code 5", "correct JUSTCLICK_USERNAME");
    assert_eq!(told.code, 4, "{}", told.all);
}

#[test]
fn a_disabled_account() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let told = call()
        .set("JUSTCLICK_USERNAME", "disabled")
        .set(
            "JUSTCLICK_BASE_URL",
            format!("{}/disabled", sandbox.base_url()),
        )
        .doctor(None);
    told.tells("account", "wrong", "disabled", "enabled again");
    assert_eq!(told.code, 4, "{}", told.all);
}

#[test]
fn what_the_account_s_settings_do_not_allow() {
    for (number, text, advice) in [
        (
            6,
            "Permission denied for IP 127.0.0.1",
            "add this machine's address",
        ),
        (
            8,
            "Limit of requests from this address is used up",
            "have the API enabled",
        ),
        (9, "Something new", "ask the service's support"),
    ] {
        let digest = Md5::digest(format!("{number}::{text}::{SECRET}"));
        let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let body = format!(r#"{{"error_code":{number},"error_text":"{text}","hash":"{hash}"}}"#);
        let port = server::start(server::answer(200, "", &body), None);
        let told = call()
            .set("JUSTCLICK_BASE_URL", format!("http://127.0.0.1:{port}"))
            .doctor(None);
        told.tells("account", "wrong", &format!("code {number}"), advice);
        assert_eq!(told.code, 4, "{}", told.all);
    }
}

#[test]
fn a_forged_answer() {
    let body = r#"{"error_code":0,"error_text":"OK","hash":"0123456789abcdef0123456789abcdef"}"#;
    let port = server::start(server::answer(200, "", body), None);
    let told = call()
        .set("JUSTCLICK_BASE_URL", format!("http://127.0.0.1:{port}"))
        .doctor(None);
    told.tells("account", "wrong", "not believed", "copy the secret anew");
    assert_eq!(told.code, 4, "{}", told.all);
}

#[test]
fn a_service_that_cannot_now() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    sandbox.next(Behaviour::Answer {
        status: 503,
        headers: Vec::new(),
        body: Vec::new(),
        delay: std::time::Duration::ZERO,
    });
    let told = call()
        .set("JUSTCLICK_BASE_URL", sandbox.base_url())
        .doctor(None);
    told.tells("service", "wrong", "503", "try again later");
    assert_eq!(told.code, 3, "{}", told.all);
    sandbox.next(Behaviour::CloseWithoutAnswer);
    let told = call()
        .set("JUSTCLICK_BASE_URL", sandbox.base_url())
        .doctor(None);
    told.tells("connection", "wrong", "lost", "try again later");
    assert_eq!(told.code, 3, "{}", told.all);
}

#[test]
fn credentials_that_are_missing_or_lie_open() {
    let program = env!("CARGO_BIN_EXE_justclick");
    let told = of_program(&[program]).doctor(None);
    told.tells("credentials", "wrong", "the username is missing", "--help");
    assert_eq!(told.code, 4, "{}", told.all);

    let folder = tempdir().expect("a folder");
    let path = folder.path().join("justclick.toml");
    fs::write(&path, "username = \"username\"\nsecret = \"Geheimnis17\"\n").expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
    let told = of_program(&[program, "--config", path.to_str().expect("UTF-8")]).doctor(None);
    told.tells("credentials", "wrong", "chmod 600", "");
    assert_eq!(told.code, 4, "{}", told.all);
    assert!(!told.all.contains("Geheimnis17"), "{}", told.all);
}
