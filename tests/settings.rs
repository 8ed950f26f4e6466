//! A client's settings, through the public interface.

use justclick::setting::SETTINGS;
use justclick::{Client, ErrorKind, Lead};

fn client() -> Client {
    Client::new("username", "secret").unwrap()
}

fn url(client: &Client) -> Result<String, justclick::Error> {
    let mut lead = Lead::new();
    lead.group("super")?.email("a@b.ru")?;
    Ok(client.sign_lead(&lead)?.url().to_owned())
}

#[test]
fn every_setting_takes_its_default_and_can_be_unset() {
    let mut client = client();
    for setting in SETTINGS {
        client.set(setting.name, setting.default).unwrap();
        client.unset(setting.name).unwrap();
    }
}

#[test]
fn an_unknown_setting_is_told_with_the_nearest_known_one() {
    let error = client().set("timeout", "1").map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownName);
    let error = client().set("timout_ms", "1").map(drop).unwrap_err();
    assert!(error.message().contains("\"timeout_ms\"?"), "{error}");
}

#[test]
fn values_out_of_range_are_refused() {
    for (setting, value) in [
        ("service", "justclick.example"),
        ("timeout_ms", "0"),
        ("timeout_ms", "600001"),
        ("timeout_ms", "-1"),
        ("timeout_ms", "1.5"),
        ("connect_timeout_ms", ""),
        ("max_attempts", "11"),
        ("allow_http", "yes"),
        ("share_connections", "yes"),
        ("user_agent", "a\r\nX: b"),
        ("user_agent", ""),
        ("proxy", "ftp://proxy.example"),
        ("base_url", "shop.example"),
        ("base_url", "ftp://shop.example"),
        ("base_url", "https://login:password@shop.example"),
        ("base_url", "https://shop.example/?a=b"),
        ("base_url", "https://shop.example/#a"),
        ("base_url", "https://shop.example/../a"),
        ("base_url", "https://shop\r\n.example"),
        ("base_url", "https://shop.example:"),
        ("base_url", "https://shop.example:0"),
        ("base_url", "https://shop.example:99999"),
        ("base_url", "http://[::1]:http"),
        ("proxy", "http://proxy.example:0"),
    ] {
        let result = client().set(setting, value).map(drop);
        let error = result.expect_err(&format!("{setting} must refuse {value:?}"));
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().starts_with(setting), "{error}");
        assert!(!error.message().contains("password"), "{error}");
    }
}

#[test]
fn the_address_follows_service_and_base_url() {
    let mut client = client();
    client.set("service", "influencersoft.com").unwrap();
    assert_eq!(
        url(&client).unwrap(),
        "https://username.influencersoft.com/api/AddLeadToGroup"
    );
    client
        .set("base_url", "https://shop.example:8443/mail/")
        .unwrap();
    assert_eq!(
        url(&client).unwrap(),
        "https://shop.example:8443/mail/api/AddLeadToGroup"
    );
    client.unset("base_url").unwrap();
    assert_eq!(
        url(&client).unwrap(),
        "https://username.influencersoft.com/api/AddLeadToGroup"
    );
}

#[test]
fn http_needs_leave_unless_it_stays_on_this_machine() {
    for host in ["127.0.0.1:8080", "localhost", "[::1]:81"] {
        let mut client = client();
        client.set("base_url", format!("http://{host}")).unwrap();
        assert_eq!(
            url(&client).unwrap(),
            format!("http://{host}/api/AddLeadToGroup")
        );
    }
    let mut client = client();
    client.set("base_url", "http://shop.example").unwrap();
    let error = url(&client).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls);
    assert!(error.message().contains("allow_http"), "{error}");
    client.set("allow_http", "1").unwrap();
    assert_eq!(
        url(&client).unwrap(),
        "http://shop.example/api/AddLeadToGroup"
    );
}
