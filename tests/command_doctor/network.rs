//! The way to the service: name, route, proxy, connection and clock.

use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::doctor::{SECRET, call, of_program};
use crate::sandbox::{Options, Sandbox};
use crate::server;

#[test]
fn all_is_well() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let told = call()
        .set("JUSTCLICK_BASE_URL", sandbox.base_url())
        .doctor(None);
    told.tells("proxy", "ok", "none", "");
    told.tells("name", "ok", "127.0.0.1", "");
    told.tells("connection", "ok", "somebody answers, after", "");
    told.tells("account", "ok", "4 groups", "");
    assert_eq!(told.code, 0, "{}", told.all);
    assert!(!told.has("outbox") && !told.has("fsync"));
    assert!(sandbox.contacts().is_empty());
}

#[test]
fn people_are_told_in_lines() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let output = (call().secret("wrong secret"))
        .set("JUSTCLICK_BASE_URL", sandbox.base_url())
        .run(&["doctor"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = (told
        .lines()
        .find(|line| line.starts_with("wrong    account      ")))
    .expect(&told);
    assert!(line.contains(" -> copy the secret anew"), "{line}");
    assert!(!told.contains("wrong secret"), "{told}");
    assert!(output.stderr.is_empty());
}

#[test]
fn a_name_that_does_not_exist() {
    let told = (call().set("JUSTCLICK_BASE_URL", "https://shop.invalid")).doctor(None);
    told.tells("name", "wrong", "shop.invalid", "/etc/resolv.conf");
    assert_eq!(told.code, 3, "{}", told.all);
    assert!(!told.has("connection"));
}

#[test]
fn a_port_where_nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let told = call()
        .set("JUSTCLICK_BASE_URL", format!("https://127.0.0.1:{port}"))
        .doctor(None);
    told.tells("connection", "wrong", "refused", "nothing listens there");
    assert_eq!(told.code, 3, "{}", told.all);
}

/// A namespace of its own has no network at all.
#[test]
fn a_machine_without_a_route() {
    let ways: [&[&str]; 2] = [
        &["/usr/bin/unshare", "--user", "--map-root-user", "--net"],
        &["/usr/bin/unshare", "--net"],
    ];
    let works = |way: &&&[&str]| {
        let ended = Command::new(way[0]).args(&way[1..]).arg("true").output();
        ended.is_ok_and(|output| output.status.success())
    };
    let way = ways
        .iter()
        .find(works)
        .expect("unshare that may make a network");
    let words: Vec<&str> = way
        .iter()
        .copied()
        .chain([env!("CARGO_BIN_EXE_justclick")])
        .collect();
    let told = of_program(&words)
        .set("JUSTCLICK_USERNAME", "username")
        .secret(SECRET)
        .set("JUSTCLICK_BASE_URL", "https://192.0.2.1")
        .doctor(None);
    told.tells("connection", "wrong", "network unreachable", "ip route");
    assert_eq!(told.code, 3, "{}", told.all);
}

#[test]
fn a_proxy_that_wants_a_login_is_named_without_its_password() {
    let port = server::start(server::answer(407, "", "no"), None);
    let told = call()
        .set(
            "HTTPS_PROXY",
            format!("http://me:Passwort17@127.0.0.1:{port}"),
        )
        .doctor(None);
    told.tells("proxy", "ok", &format!("127.0.0.1:{port}"), "");
    told.tells(
        "proxy",
        "wrong",
        "wants a login (407)",
        "http://LOGIN:PASSWORD@HOST:PORT",
    );
    assert_eq!(told.code, 4, "{}", told.all);
    assert!(!told.all.contains("Passwort17"), "{}", told.all);
}

#[test]
fn a_proxy_that_is_not_there_or_cannot_be_one() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let told = (call().set("JUSTCLICK_PROXY", format!("http://127.0.0.1:{port}"))).doctor(None);
    told.tells("connection", "wrong", "refused", "start the proxy");
    assert_eq!(told.code, 3, "{}", told.all);

    let told = call()
        .set("ALL_PROXY", "socks5://me:Passwort17@127.0.0.1")
        .doctor(None);
    told.tells("settings", "wrong", "ALL_PROXY", "JUSTCLICK_PROXY");
    assert_eq!(told.code, 4, "{}", told.all);
    assert!(!told.all.contains("Passwort17"), "{}", told.all);
}

#[test]
fn a_page_where_the_api_should_be() {
    let port = server::start(server::answer(200, "", "<html>Log in, please</html>"), None);
    let told = call()
        .set("JUSTCLICK_BASE_URL", format!("http://127.0.0.1:{port}"))
        .doctor(None);
    told.tells(
        "service",
        "wrong",
        "page of HTML",
        "a login page of the network in the way",
    );
    assert_eq!(told.code, 3, "{}", told.all);
}

#[test]
fn a_clock_that_goes_wrong() {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let now = SystemTime::now();
    for (date, state, found, advice, code) in [
        (now, "ok", "agrees", "", 3),
        (now + minutes(20), "warning", "behind", "timedatectl", 3),
        (
            now - minutes(300),
            "warning",
            "5 hours ahead",
            "timedatectl",
            3,
        ),
        (
            now - minutes(60 * 24 * 100),
            "wrong",
            "100 days ahead",
            "timedatectl",
            4,
        ),
    ] {
        let date = httpdate::fmt_http_date(date);
        let page = server::answer(200, &format!("Date: {date}\r\n"), "<html></html>");
        let port = server::start(page, None);
        let told = call()
            .set("JUSTCLICK_BASE_URL", format!("http://127.0.0.1:{port}"))
            .doctor(None);
        told.tells("clock", state, found, advice);
        assert_eq!(told.code, code, "{}", told.all);
    }
}
