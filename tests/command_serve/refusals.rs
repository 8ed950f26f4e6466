//! What is refused: it is bounded, leaves nothing behind, and the log tells it without secrets and
//! without anybody's data.

use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use ring::hmac;

use super::bridge::{FORM, JSON, STATUS_TOKEN, Site, TOKEN, route};
use super::http::{answer, connect, exchange, form, request};

#[test]
fn a_wrong_address_and_a_wrong_token_are_one_answer() {
    let site = Site::new(&route("tilda"));
    let bridge = site.start();
    let body = form(&[("Email", "lead@example.com")]);
    let paths = [
        // The first stranger of a second has a line of the log.
        format!("/hook/{TOKEN}x"),
        "/".to_owned(),
        "/hook/".to_owned(),
        "/hook/tilda".to_owned(),
        format!("/hook/{}", &TOKEN[1..]),
        format!("/hook/{TOKEN}/"),
        format!("/hook/../hook/{TOKEN}"),
        format!("/status/../hook/{TOKEN}"),
        "/../../etc/passwd".to_owned(),
        "/hook/%2e%2e/%2e%2e/etc/passwd".to_owned(),
        "/leads.db".to_owned(),
    ];
    for path in paths {
        let refused = bridge.post(&path, &[FORM], &body);
        assert_eq!(
            (refused.status, refused.body.as_str()),
            (404, "there is nothing here\n"),
            "{path}"
        );
    }
    let get = bridge.get(&format!("/hook/{TOKEN}"), &[]);
    assert_eq!((get.status, get.header("allow")), (405, Some("POST")));
    site.delivered(0);
    says_nothing(&site);
}

#[test]
fn a_lead_that_breaks_a_rule_is_told_to_the_sender() {
    let site = Site::new(&route("tilda"));
    let bridge = site.start();
    let cases: [(&[(&str, &str)], &str); 3] = [
        (&[("Name", "Visitor")], "lead_email is taken from Email"),
        (
            &[("Email", "nobody at nowhere"), ("Name", "Visitor")],
            "lead_email",
        ),
        (
            &[("Email", "v@example.com"), ("Name", "Visi\0tor")],
            "lead_name",
        ),
    ];
    for (fields, said) in cases {
        let refused = bridge.hook(FORM, &form(fields));
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains(said), "{}", refused.body);
        assert!(!refused.body.contains("nowhere"), "{}", refused.body);
    }
    let unread: [((&str, &str), &[u8], &str); 5] = [
        (JSON, b"{\"Email\": \"v@example.com\"", "no JSON"),
        (JSON, &[b'['; 200_000], "no JSON"),
        (FORM, b"Email=%ff%fe@example.com", "UTF-8"),
        (FORM, &b"a=1&".repeat(1001), "1000 fields"),
        (
            ("Content-Type", "text/plain"),
            b"Email=v@example.com",
            "content type",
        ),
    ];
    for (kind, body, said) in unread {
        let refused = bridge.hook(kind, body);
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert!(refused.body.contains(said), "{}", refused.body);
    }
    site.delivered(0);
    says_nothing(&site);
}

#[test]
fn heads_and_bodies_are_bounded() {
    let site = Site::new(&route("tilda"));
    let bridge = site.start();
    let path = format!("/hook/{TOKEN}");
    let huge = bridge.hook(FORM, &vec![b'a'; 256 * 1024 + 1]);
    assert_eq!(huge.status, 413);
    let mut chunked = format!(
        "POST {path} HTTP/1.1\r\nHost: bridge\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    .into_bytes();
    for _ in 0..40 {
        chunked.extend_from_slice(b"2000\r\n");
        chunked.extend_from_slice(&[b' '; 0x2000]);
        chunked.extend_from_slice(b"\r\n");
    }
    let refused = exchange(bridge.address, &chunked);
    assert_eq!(refused.map(|answer| answer.status), Some(413));
    let declared =
        format!("POST {path} HTTP/1.1\r\nHost: b\r\nContent-Length: 99999999999\r\n\r\n");
    let refused = exchange(bridge.address, declared.as_bytes());
    assert_eq!(refused.map(|answer| answer.status), Some(413));

    let many = "X: y\r\n".repeat(65);
    let long = format!("X: {}\r\n", "y".repeat(17 * 1024));
    for headers in [&many, &long] {
        let bomb = format!("POST {path} HTTP/1.1\r\nHost: b\r\n{headers}Content-Length: 0\r\n\r\n");
        let refused = exchange(bridge.address, bomb.as_bytes());
        assert_eq!(refused.map(|answer| answer.status), Some(431));
    }
    let address = format!(
        "POST /hook/{} HTTP/1.1\r\nHost: b\r\n\r\n",
        "a".repeat(70_000)
    );
    let refused = exchange(bridge.address, address.as_bytes());
    assert!(refused.is_none_or(|answer| matches!(answer.status, 414 | 431)));
    let smuggled = format!(
        "POST {path} HTTP/1.1\r\nHost: b\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"
    );
    let refused = exchange(bridge.address, smuggled.as_bytes());
    assert!(refused.is_none_or(|answer| answer.status == 400));
    site.delivered(0);
    says_nothing(&site);
}

#[test]
fn a_slow_body_is_given_up() {
    let site = Site::new(&route("tilda"));
    let bridge = site.start();
    let mut slow = connect(bridge.address);
    let head = request("POST", &format!("/hook/{TOKEN}"), &[FORM], &[b'a'; 100]);
    slow.write_all(&head[..head.len() - 50]).expect("a part");
    let mut silent = connect(bridge.address);
    silent.write_all(b"POST /hook").expect("a part");
    let refused = answer(&mut slow).expect("an answer");
    assert_eq!(refused.status, 408);
    // A head that does not come is worth no answer.
    assert!(answer(&mut silent).is_none_or(|answer| answer.status == 408));
    site.delivered(0);
}

#[test]
fn a_signature_counts_with_its_time() {
    let routes = "[[route]]\nname = \"signed\"\ngroups = [\"super\"]\nfields = { lead_email = \"/email\" }\n\
         hmac = { secret = \"hook-secret\", header = \"X-Signature\", prefix = \"v1=\", timestamp = \"X-Time\", window_seconds = 300 }\n";
    let site = Site::new(routes);
    let bridge = site.start();
    let now = (SystemTime::now().duration_since(UNIX_EPOCH))
        .expect("a clock")
        .as_secs();
    let body = br#"{"email": "signed@example.com"}"#;
    let send = |time: &str, signed_time: &str, secret: &str, prefix: &str| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let text = [signed_time.as_bytes(), b".", body].concat();
        let digits = hmac::sign(&key, &text)
            .as_ref()
            .iter()
            .fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"));
        let signature = format!("{prefix}{digits}");
        let headers = [JSON, ("X-Signature", signature.as_str()), ("X-Time", time)];
        bridge.post("/hook/signed", &headers, body).status
    };
    let (fresh, old, ahead) = (
        now.to_string(),
        (now - 3600).to_string(),
        (now + 3600).to_string(),
    );
    assert_eq!(send(&old, &old, "hook-secret", "v1="), 401);
    assert_eq!(send(&ahead, &ahead, "hook-secret", "v1="), 401);
    assert_eq!(send(&fresh, &old, "hook-secret", "v1="), 401);
    assert_eq!(send(&fresh, &fresh, "other-secret", "v1="), 401);
    assert_eq!(send(&fresh, &fresh, "hook-secret", ""), 401);
    assert_eq!(send("x", "x", "hook-secret", "v1="), 401);
    assert_eq!(bridge.post("/hook/signed", &[JSON], body).status, 401);
    site.delivered(0);
    assert_eq!(send(&fresh, &fresh, "hook-secret", "v1="), 200);
    site.delivered(1);
    says_nothing(&site);
}

#[test]
fn an_outbox_that_cannot_keep_it_is_told_with_a_time() {
    let routes = format!("{}[outbox]\nmax_leads = 1\n", route("tilda"));
    let site = Site::without_service(&routes);
    let bridge = site.start();
    assert_eq!(bridge.hook(FORM, b"Email=first@example.com").status, 200);
    let refused = bridge.hook(FORM, b"Email=second@example.com");
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (503, Some("30"))
    );
    let status = site.status();
    assert_eq!(status.waiting + status.leased, 1);
    says_nothing(&site);
}

/// No token, no secret, nobody's data.
pub fn says_nothing(site: &Site) {
    let log = site.log();
    assert!(!log.is_empty());
    let secret = "X".repeat(40);
    for hidden in [
        TOKEN,
        STATUS_TOKEN,
        &secret,
        "hook-secret",
        "example.com",
        "Visi",
        "nowhere",
    ] {
        assert!(!log.contains(hidden), "{hidden}: {log}");
    }
}
