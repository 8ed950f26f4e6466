//! The status page: behind its token, and deaf to what other sites send.

use super::bridge::{Bridge, FORM, STATUS_TOKEN, Site, route};
use super::http::form;

/// Leads that the service refuses, since the group is not there.
fn with_dead(number: u64) -> (Site, Bridge) {
    let site = Site::new(&route("tilda").replace("super", "absent"));
    let bridge = site.start();
    for number in 0..number {
        let body = form(&[
            ("Email", &format!("lead{number}@example.com")),
            ("Name", "<script>alert(1)</script>\"'"),
        ]);
        assert_eq!(bridge.hook(FORM, &body).status, 200);
    }
    site.delivered(number);
    (site, bridge)
}

fn log_in(bridge: &Bridge) -> String {
    let answer = bridge.post(
        "/status",
        &[FORM],
        format!("token={STATUS_TOKEN}").as_bytes(),
    );
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some("/status"))
    );
    let cookie = answer.header("set-cookie").expect("a cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/status", "Max-Age="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    cookie.split(';').next().expect("its value").to_owned()
}

fn form_token(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"form\" value=\"").expect("a form");
    rest.split('"').next().expect("its token").to_owned()
}

#[test]
fn nobody_sees_it_without_the_token() {
    let (site, bridge) = with_dead(1);
    for headers in [&[][..], &[("Cookie", "justclick-status=99999999999.00.00")]] {
        for path in ["/status", "/status?show=1"] {
            let page = bridge.get(path, headers);
            assert_eq!(page.status, 200);
            assert!(page.body.contains("type=\"password\""), "{}", page.body);
            assert!(!page.body.contains("Dead"), "{}", page.body);
        }
    }
    for given in ["", "status-token", &STATUS_TOKEN[1..]] {
        let refused = bridge.post("/status", &[FORM], format!("token={given}").as_bytes());
        assert_eq!(refused.status, 403);
        assert!(refused.header("set-cookie").is_none());
    }
    let pressed = bridge.post("/status/drop", &[FORM], b"all=1");
    assert_eq!(pressed.status, 303);
    assert_eq!(site.status().dead, 1);
    super::refusals::says_nothing(&site);
}

#[test]
fn its_buttons_want_the_page_s_own_token() {
    let (site, bridge) = with_dead(3);
    let cookie = log_in(&bridge);
    let headers = [FORM, ("Cookie", cookie.as_str())];
    let page = bridge.get("/status", &headers[1..]);
    let own = form_token(&page.body);
    let other = form_token(&bridge.get("/status", &[("Cookie", &log_in(&bridge))]).body);
    for body in [
        "all=1".to_owned(),
        "all=1&form=".to_owned(),
        format!("all=1&form={other}"),
    ] {
        for path in ["/status/drop", "/status/retry"] {
            assert_eq!(
                bridge.post(path, &headers, body.as_bytes()).status,
                403,
                "{body}"
            );
        }
    }
    assert_eq!(site.status().dead, 3);
    let id = site
        .outbox()
        .list(&justclick::outbox::row::Selection::default())
        .expect("rows")[0]
        .id;
    let press = |path: &str, what: String| {
        let answer = bridge.post(path, &headers, format!("{what}&form={own}").as_bytes());
        assert_eq!(answer.status, 303, "{}", answer.body);
        answer.header("location").expect("a place").to_owned()
    };
    assert_eq!(
        press("/status/drop", format!("id={id}")),
        "/status?dropped=1"
    );
    assert_eq!(
        press("/status/drop", format!("id={id}")),
        "/status?dropped=0"
    );
    assert_eq!(site.status().dropped, 1);
    assert_eq!(
        press("/status/retry", "all=1".to_owned()),
        "/status?retried=2"
    );
    site.delivered(3);
    assert_eq!(
        press("/status/drop", "all=1".to_owned()),
        "/status?dropped=2"
    );
    assert_eq!(site.status().dropped, 3);
    let nothing = bridge.post("/status/drop", &headers, format!("form={own}").as_bytes());
    assert_eq!(nothing.status, 400);
    let left = bridge.post("/status/leave", &headers, format!("form={own}").as_bytes());
    assert!(
        left.header("set-cookie")
            .expect("a cookie")
            .contains("Max-Age=0")
    );
}

#[test]
fn a_lead_s_data_stand_there_only_where_they_are_asked_for_and_escaped() {
    let (_site, bridge) = with_dead(1);
    let cookie = log_in(&bridge);
    let headers = [("Cookie", cookie.as_str())];
    let page = bridge.get("/status", &headers);
    assert!(page.body.contains("Try again"), "{}", page.body);
    assert!(!page.body.contains("example.com"), "{}", page.body);
    let shown = bridge.get("/status?show=1&after=0", &headers);
    assert!(shown.body.contains("lead0@example.com"), "{}", shown.body);
    assert!(
        shown
            .body
            .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;"),
        "{}",
        shown.body
    );
    assert!(!shown.body.contains("<script"), "{}", shown.body);
    let policy = shown.header("content-security-policy").expect("a policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert_eq!(shown.header("cache-control"), Some("no-store"));
}

#[test]
fn there_is_none_without_a_token() {
    let site = Site::new(&route("tilda"));
    let path = site.path("bridge.toml");
    let text = std::fs::read_to_string(&path).expect("the configuration");
    std::fs::write(
        &path,
        text.replace(&format!("token = \"{STATUS_TOKEN}\"\n"), ""),
    )
    .expect("a file");
    let bridge = site.start();
    assert_eq!(bridge.get("/status", &[]).status, 404);
}
