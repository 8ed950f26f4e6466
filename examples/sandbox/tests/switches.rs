//! What is changed while the sandbox runs.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::sandbox::Sandbox;
use crate::talk::{LEAD, PATH, asked, demo, demo_secret, head, md5_hex, posted, signed, verdict};

/// The status and the JSON that a request to the sandbox itself is answered.
fn told(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> (u16, Value) {
    let answer = asked(sandbox, &head(method, path, "localhost"), body);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("Content-Type: application/json"), "{head}");
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap())
}

fn switch(sandbox: &Sandbox, switches: &Value) -> Value {
    let (status, page) = told(sandbox, "POST", "/sandbox", &switches.to_string());
    assert_eq!(status, 200, "{page}");
    page["switches"].clone()
}

fn lead(sandbox: &Sandbox) -> String {
    asked(sandbox, &head("POST", PATH, "localhost"), &signed(LEAD))
}

#[test]
fn the_service_goes_off_and_on() {
    let sandbox = demo();
    assert_eq!(
        switch(&sandbox, &json!({"service": "off"}))["service"],
        "off"
    );
    assert_eq!(lead(&sandbox), "");
    assert_eq!(switch(&sandbox, &json!({"service": 503}))["service"], 503);
    let busy = lead(&sandbox);
    assert!(busy.starts_with("HTTP/1.1 503 "), "{busy}");
    assert!(sandbox.contacts().is_empty());
    assert_eq!(switch(&sandbox, &json!({"service": "on"}))["service"], "on");
    assert_eq!(posted(&sandbox, &signed(LEAD)).0, 0);
    // Requests to the sandbox itself do not count.
    assert_eq!(sandbox.requests(), 3);
}

#[test]
fn a_delay_holds_answers_back_and_those_alone() {
    let sandbox = demo();
    let delay = Duration::from_millis(200);
    assert_eq!(switch(&sandbox, &json!({"delay_ms": 200}))["delay_ms"], 200);
    let start = Instant::now();
    assert_eq!(posted(&sandbox, &signed(LEAD)).0, 0);
    assert!(start.elapsed() >= delay);
    switch(&sandbox, &json!({"delay_ms": 600_000}));
    switch(&sandbox, &json!({"delay_ms": 0}));
    assert_eq!(posted(&sandbox, &signed(LEAD)).0, 102);
}

#[test]
fn an_account_is_disabled_and_gets_another_secret_and_groups() {
    let sandbox = demo();
    let to = |change: Value| switch(&sandbox, &json!({"accounts": {"username": change}}));
    to(json!({"disabled": true}));
    let disabled = posted(&sandbox, &signed(LEAD));
    assert_eq!(disabled, (7, "Account disabled".to_owned()));
    to(json!({"disabled": false, "groups": ["new", "slow:activation"]}));
    assert_eq!(posted(&sandbox, &signed(LEAD)).0, 103);
    let to_new = LEAD.replace("super", "new");
    assert_eq!(posted(&sandbox, &signed(&to_new)).0, 0);
    let switches = to(json!({"secret": "Geheimnis17"}));
    assert!(!switches.to_string().contains("Geheimnis17"));
    let groups = &switches["accounts"]["username"]["groups"];
    assert_eq!(*groups, json!(["new", "slow:activation"]));
    let answer = asked(&sandbox, &head("POST", PATH, "localhost"), &signed(&to_new));
    assert_eq!(verdict(&answer, "Geheimnis17").0, 4);
    let hash = md5_hex(&format!("{to_new}::username::Geheimnis17"));
    let body = format!("{to_new}&hash={hash}");
    let answer = asked(&sandbox, &head("POST", PATH, "localhost"), &body);
    assert_eq!(verdict(&answer, "Geheimnis17").0, 102);
    // Another account is as it was.
    let others = &switches["accounts"]["disabled"];
    assert_eq!(others["disabled"], true);
    let page = asked(&sandbox, &head("GET", "/sandbox", "localhost"), "");
    assert!(!page.contains("Geheimnis17") && !page.contains(&demo_secret()));
    switch(
        &sandbox,
        &json!({"accounts": {"silent": {"silent": false}}}),
    );
    let unsigned = head("POST", &format!("/silent{PATH}"), "localhost");
    let answer = asked(&sandbox, &unsigned, LEAD);
    assert_eq!(verdict(&answer, &demo_secret()).0, 1);
}

#[test]
fn contacts_are_forgotten() {
    let sandbox = demo();
    assert_eq!(posted(&sandbox, &signed(LEAD)).0, 0);
    let (status, page) = told(&sandbox, "DELETE", "/sandbox/contacts", "");
    assert_eq!((status, &page["contacts"]), (200, &json!([])));
    assert_eq!(posted(&sandbox, &signed(LEAD)).0, 0);
}

#[test]
fn a_wrong_switch_is_refused_and_changes_nothing() {
    let sandbox = demo();
    let before = told(&sandbox, "GET", "/sandbox", "").1["switches"].clone();
    for (body, why) in [
        ("", "no JSON"),
        ("[]", "the body: it is a JSON object"),
        (
            r#"{"delay": 5}"#,
            "no switch \"delay\"; there are service, delay_ms and accounts",
        ),
        (r#"{"service": "of"}"#, "\"off\""),
        (r#"{"service": 200}"#, "300 to 599"),
        (r#"{"delay_ms": -1}"#, "0 to 600000"),
        (r#"{"delay_ms": 600001}"#, "0 to 600000"),
        (
            r#"{"accounts": {"nobody": {}}}"#,
            "no account \"nobody\"; there are: username, disabled, silent",
        ),
        (
            r#"{"service": "off", "accounts": {"username": {"disabled": 1}}}"#,
            "disabled: it is true or false",
        ),
        (
            r#"{"service": "off", "accounts": {"username": {"secret": 17}}}"#,
            "secret: it is a text",
        ),
        (
            r#"{"delay_ms": 1, "accounts": {"username": {"groups": ["a:b"]}}}"#,
            "groups: a:b: \"b\" is neither",
        ),
        (
            r#"{"accounts": {"username": {"enabled": true}}}"#,
            "no switch \"enabled\"; there are disabled, silent, secret and groups",
        ),
    ] {
        let (status, page) = told(&sandbox, "POST", "/sandbox", body);
        let said = page["error"].as_str().unwrap();
        assert_eq!(status, 400, "{body}");
        assert!(said.contains(why), "{body}: {said}");
    }
    for (method, path) in [("PUT", "/sandbox"), ("GET", "/sandbox/contacts")] {
        assert_eq!(told(&sandbox, method, path, "{}").0, 405);
    }
    assert_eq!(told(&sandbox, "GET", "/sandbox", "").1["switches"], before);
    assert_eq!(sandbox.requests(), 0);
}
