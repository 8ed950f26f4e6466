//! Proxies, of the settings and of the environment.

use std::collections::HashMap;
use std::io;
use std::net::TcpStream;
use std::thread;

use ureq::http::Uri;

use super::server::{Server, ok};
use super::{PostUrl, TIMEOUT, settings};
use crate::transport::proxy::EnvironmentProxies;
use crate::transport::{FailureKind, Transport, TransportSettings, check_proxy};

/// The proxy's `host:port` that an environment chooses for a target.
fn chosen(variables: &[(&str, &str)], target: &str) -> Option<String> {
    let variables: HashMap<&str, &str> = variables.iter().copied().collect();
    let lookup = |name: &str| variables.get(name).map(|value| value.to_string());
    let target: Uri = target.parse().unwrap();
    let proxy = EnvironmentProxies::read(&lookup).choose(&target).unwrap()?;
    Some(format!("{}:{}", proxy.host(), proxy.port()))
}

const HTTPS: &str = "https://username.justclick.ru/api";
const HTTP: &str = "http://shop.example/api";

#[test]
fn upper_case_http_proxy_is_never_read() {
    assert_eq!(chosen(&[("HTTP_PROXY", "http://p:1")], HTTP), None);
    assert_eq!(chosen(&[("HTTP_PROXY", "http://p:1")], HTTPS), None);
}

#[test]
fn each_scheme_has_its_variables() {
    let p = Some("p:1".to_owned());
    for (name, for_https, for_http) in [
        ("https_proxy", true, false),
        ("HTTPS_PROXY", true, false),
        ("http_proxy", false, true),
        ("all_proxy", true, true),
        ("ALL_PROXY", true, true),
    ] {
        let variables = [(name, "http://p:1")];
        assert_eq!(
            chosen(&variables, HTTPS),
            p.clone().filter(|_| for_https),
            "{name}"
        );
        assert_eq!(
            chosen(&variables, HTTP),
            p.clone().filter(|_| for_http),
            "{name}"
        );
    }
    let both = [
        ("ALL_PROXY", "http://all:1"),
        ("https_proxy", "http://own:2"),
    ];
    assert_eq!(chosen(&both, HTTPS).as_deref(), Some("own:2"));
    assert_eq!(chosen(&[("https_proxy", " ")], HTTPS), None);
}

#[test]
fn exceptions_name_hosts_and_all_names_under_them() {
    for (exceptions, excepted) in [
        ("*", true),
        ("justclick.ru", true),
        (".justclick.ru", true),
        ("*.justclick.ru", true),
        ("other.example, USERNAME.justclick.ru", true),
        ("click.ru", false),
        ("name.justclick.ru", false),
        ("justclick.ru.example", false),
        ("", false),
    ] {
        for name in ["no_proxy", "NO_PROXY"] {
            let variables = [("https_proxy", "http://p:1"), (name, exceptions)];
            assert_eq!(
                chosen(&variables, HTTPS).is_none(),
                excepted,
                "{exceptions}"
            );
        }
    }
}

#[test]
fn loopback_targets_go_direct() {
    let variables = [("all_proxy", "http://p:1")];
    for host in [
        "127.0.0.1",
        "127.9.9.9",
        "[::1]",
        "localhost",
        "LOCALHOST:8080",
        "a.localhost",
    ] {
        assert_eq!(
            chosen(&variables, &format!("http://{host}/")),
            None,
            "{host}"
        );
    }
    assert!(chosen(&variables, "http://128.0.0.1/").is_some());
}

#[test]
fn exceptions_name_addresses_and_networks() {
    for (exceptions, host, excepted) in [
        ("10.0.0.0/8", "10.200.3.4", true),
        ("10.1.2.3/8", "10.200.3.4", true),
        ("10.0.0.0/8", "11.0.0.1", false),
        ("10.0.0.0/8", "[::ffff:10.1.2.3]", true),
        ("192.0.2.0/25 , fd00::/8", "192.0.2.128", false),
        ("192.0.2.0/25,fd00::/8", "[fd12::1]", true),
        ("fd00::/8", "[fe12::1]", false),
        ("[fd12::1]", "[fd12::1]", true),
        ("fd12:0::1", "[fd12::1]", true),
        ("0.0.0.0/0", "[fd12::1]", false),
        ("192.0.2.1", "192.0.2.1", true),
        // No name: what ends alike is another address.
        ("0.2.1", "192.0.2.1", false),
        (".2.1", "192.0.2.1", false),
        ("10.0.0.0/33", "10.0.0.1", false),
        ("10.0.0.0/", "10.0.0.1", false),
        ("/8", "10.0.0.1", false),
        ("10.0.0.0/8", "10.example", false),
    ] {
        let variables = [("all_proxy", "http://p:1"), ("no_proxy", exceptions)];
        let target = format!("https://{host}/");
        assert_eq!(
            chosen(&variables, &target).is_none(),
            excepted,
            "{exceptions} {host}"
        );
    }
}

#[test]
fn a_dot_at_the_end_of_a_name_changes_nothing() {
    for exceptions in ["shop.example", "shop.example.", ".shop.example."] {
        for host in [
            "shop.example",
            "a.shop.example",
            "shop.example.",
            "a.SHOP.example.",
        ] {
            let variables = [("all_proxy", "http://p:1"), ("no_proxy", exceptions)];
            let target = format!("https://{host}/");
            assert_eq!(chosen(&variables, &target), None, "{exceptions} {host}");
        }
    }
    for exceptions in [".", "*.", "example.shop."] {
        let variables = [("all_proxy", "http://p:1"), ("no_proxy", exceptions)];
        assert!(chosen(&variables, HTTP).is_some(), "{exceptions}");
    }
    let variables = [("all_proxy", "http://p:1")];
    assert_eq!(chosen(&variables, "http://localhost./"), None);
}

/// Why the environment's proxy cannot be used for `HTTPS`.
fn refused(name: &str, value: &str) -> String {
    let lookup = |asked: &str| (asked == name).then(|| value.to_owned());
    EnvironmentProxies::read(&lookup)
        .choose(&HTTPS.parse().unwrap())
        .unwrap_err()
}

#[test]
fn an_environment_proxy_that_cannot_be_used_is_named_and_not_passed_over() {
    for name in ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        for scheme in ["socks4", "socks5", "SOCKS5H"] {
            let error = refused(name, &format!("{scheme}://user:hush@p:1"));
            let expected = format!(
                "{name} of the environment cannot be used: {}:// proxies are not supported; it must be an http:// or https:// URL",
                scheme.to_lowercase()
            );
            assert_eq!(error, expected);
        }
        let error = refused(name, "hush://hush:hush@p:1");
        assert!(
            error.starts_with(name) && !error.contains("hush"),
            "{error}"
        );
    }
}

#[test]
fn a_proxy_url_is_checked() {
    for url in [
        "",
        "http://p:1",
        "https://p",
        "p:1",
        "HTTP://p:1/",
        "http://user:pass@p:1",
        "http://[::1]:3128",
    ] {
        assert_eq!(check_proxy(url), Ok(()), "{url}");
    }
    for url in [
        "socks5://p:1",
        "ftp://p",
        "http://",
        "http://p:port",
        "http://p:99999",
        "http://a b:1",
        "http://user:hush@:1",
        "user:hush@",
    ] {
        let error = check_proxy(url).unwrap_err();
        assert!(!error.contains("hush"), "{error}");
    }
    let error = check_proxy("socks5://p:1").unwrap_err();
    assert!(
        error.starts_with("socks5:// proxies are not supported"),
        "{error}"
    );
}

fn through(proxy: &Server) -> Transport {
    Transport::new(TransportSettings {
        proxy: Some(format!("http://user:hush@{}", proxy.address)),
        ..settings()
    })
}

#[test]
fn a_request_goes_through_the_proxy_s_tunnel_and_the_tunnel_is_kept() {
    let target = Server::answering(ok("{}"));
    let address = target.address;
    let proxy = Server::start(move |mut peer| {
        peer.request();
        peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n");
        let mut inner = TcpStream::connect(address).unwrap();
        let mut back = (inner.try_clone().unwrap(), peer.stream.try_clone().unwrap());
        thread::spawn(move || io::copy(&mut back.0, &mut back.1));
        let _ = io::copy(&mut peer.stream, &mut inner);
    });
    let transport = through(&proxy);
    for _ in 0..2 {
        let reply = transport.post_url(&target.url(), "a=1", TIMEOUT).unwrap();
        assert_eq!(reply.status, 200);
    }
    let connect = proxy.requests();
    assert_eq!(connect.len(), 1);
    assert!(connect[0].starts_with(&format!("CONNECT {address} HTTP/1.1\r\n")));
    assert!(connect[0].contains("Proxy-Authorization: Basic dXNlcjpodXNo\r\n"));
    assert!(!target.requests()[0].contains("Authorization"));
    assert_eq!(target.connections(), 1);
}

#[test]
fn a_proxy_that_refuses_is_told_with_its_status_and_its_password_is_not() {
    for (status, kind, text) in [
        (
            "407 Proxy Authentication Required",
            407,
            "wants a login (407)",
        ),
        (
            "403 Forbidden",
            403,
            "refuses connections to username.justclick.ru (403)",
        ),
        (
            "502 Bad Gateway",
            502,
            "cannot connect to username.justclick.ru (502)",
        ),
        (
            "302 Found",
            302,
            "made no connection to username.justclick.ru (302)",
        ),
    ] {
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        let proxy = Server::start(move |mut peer| {
            peer.request();
            peer.send(answer.as_bytes());
        });
        let failure = through(&proxy).post_url(HTTPS, "a=1", TIMEOUT).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Proxy(kind));
        assert!(!failure.may_have_arrived);
        assert_eq!(
            failure.detail,
            format!("the proxy {} {text}", proxy.address)
        );
        assert_eq!(failure.address, Some(proxy.address));
    }
}

#[test]
fn a_proxy_that_says_nothing_is_unreachable() {
    let proxy = Server::start(|mut peer| {
        peer.request();
    });
    let failure = through(&proxy).post_url(HTTPS, "a=1", TIMEOUT).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable);
    let expected = format!(
        "the proxy {} closed the connection without an answer",
        proxy.address
    );
    assert_eq!(failure.detail, expected);
}

#[test]
fn a_malformed_proxy_setting_is_told_before_anything_is_sent() {
    let transport = Transport::new(TransportSettings {
        proxy: Some("socks5://p".to_owned()),
        ..settings()
    });
    let failure = transport.post_url(HTTPS, "a=1", TIMEOUT).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Environment);
}
