//! What the sandbox answers, for which account, and what it keeps.

use crate::sandbox::{Account, GroupKind};
use crate::talk::{
    LEAD, PATH, asked, demo, demo_secret, head, md5_hex, posted, signed, started, verdict,
};

#[test]
fn each_code_is_answered_where_it_belongs() {
    let sandbox = demo();
    let email = "lead_email=a%40b.ru";
    for (body, code, text) in [
        (String::new(), 2, "No transmitted data"),
        ("hash=0123".to_owned(), 2, "No transmitted data"),
        (LEAD.to_owned(), 1, "Not transferred hash"),
        (format!("{LEAD}&hash=0123"), 4, "Incorrect hash"),
        (format!("{LEAD}&hash%5B0%5D=0123"), 4, "Incorrect hash"),
        (signed(LEAD).replace("super", "news"), 4, "Incorrect hash"),
        (signed("rid%5B0%5D=super"), 100, "Email is missing"),
        (
            signed("rid%5B0%5D=super&lead_email="),
            100,
            "Email is missing",
        ),
        (signed(email), 3, "Wrong posted data"),
        (
            signed(&format!("rid=super&{email}")),
            3,
            "Wrong posted data",
        ),
        (
            signed(&format!("rid%5B0%5D=none&{email}")),
            103,
            "Has an invalid subscriptions group",
        ),
        (
            signed(&format!("rid%5B0%5D=auto&{email}")),
            104,
            "Subscription forbidden for auto",
        ),
        (signed(LEAD), 0, "OK"),
        (signed(LEAD), 102, "The subscriber is already registered"),
        (
            signed(&format!(
                "rid%5B0%5D=super&rid%5B1%5D=news&{email}&activation=0"
            )),
            0,
            "OK",
        ),
        (
            signed(&format!("rid%5B0%5D=confirm&{email}")),
            0,
            "Activation email sent to subscriber",
        ),
        (
            signed("rid%5B0%5D=news&lead_email=c%40d.ru&activation=false"),
            0,
            "Activation email sent to subscriber",
        ),
    ] {
        assert_eq!(posted(&sandbox, &body), (code, text.to_owned()), "{body}");
    }
    assert_eq!(
        sandbox.contact("a@b.ru").unwrap().groups(),
        ["super", "news", "confirm"]
    );
    assert_eq!(sandbox.contacts().len(), 2);
    let body = signed(LEAD);
    let disabled = asked(
        &sandbox,
        &head("POST", PATH, "disabled.justclick.ru"),
        &body,
    );
    assert_eq!(
        verdict(&disabled, &demo_secret()),
        (7, "Account disabled".to_owned())
    );
    let unknown = asked(&sandbox, &head("POST", PATH, "nobody.justclick.ru"), &body);
    assert!(unknown.contains(r#""error_code":5,"error_text":"Invalid user name""#));
    assert!(!unknown.contains(&md5_hex(&format!(
        "5::Invalid user name::{}",
        demo_secret()
    ))));
}

#[test]
fn a_contact_keeps_what_was_sent_last() {
    let account = Account::new("username", &demo_secret())
        .with_group("я/\"", GroupKind::Automatic)
        .with_group("super", GroupKind::Open)
        .with_group("news", GroupKind::Open);
    let sandbox = started(vec![account]);
    posted(
        &sandbox,
        &signed(&format!("{LEAD}&lead_name=%FF&utm%5Bx%5D=1&tag=old")),
    );
    posted(
        &sandbox,
        &signed("rid%5B0%5D=news&lead_email=a%40b.ru&tag=new"),
    );
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected = [
        field("lead_name", "\u{fffd}"),
        field("utm[x]", "1"),
        field("tag", "new"),
    ];
    assert_eq!(sandbox.contact("a@b.ru").unwrap().fields, expected);
    let body = signed("rid%5B0%5D=%D1%8F%2F%22&lead_email=a%40b.ru");
    let answer = asked(&sandbox, &head("POST", PATH, "localhost"), &body);
    assert!(answer.contains(r#"forbidden for \u044f\/\"""#), "{answer}");
    assert_eq!(verdict(&answer, &demo_secret()).0, 104);
    assert_eq!(sandbox.bodies()[2], body.as_bytes());
}

#[test]
fn a_request_finds_its_account_and_function() {
    let sandbox = demo();
    let body = signed(LEAD);
    let code = |head: &str| verdict(&asked(&sandbox, head, &body), &demo_secret()).0;
    assert_eq!(code(&head("POST", PATH, "USERNAME.justclick.ru:80")), 0);
    assert_eq!(
        code(&head("POST", &format!("/disabled{PATH}"), "[::1]:80")),
        7
    );
    assert_eq!(
        code(&head("POST", &format!("{PATH}?x=y"), "127.0.0.1")),
        102
    );
    assert_eq!(code(&head("POST", PATH, "localhost.localdomain")), 102);
    assert_eq!(code(&head("GET", PATH, "localhost")), 2);
    assert_eq!(
        code(&head("POST", PATH, "localhost").replace("x-www-form", "x-json")),
        2
    );
    for path in [
        "/",
        "/api/GetEverything",
        "/a/b/api/AddLeadToGroup",
        "/api/AddLeadToGroup/",
    ] {
        let missing = asked(&sandbox, &head("POST", path, "localhost"), &body);
        assert!(missing.starts_with("HTTP/1.1 404 "), "{missing}");
    }
}

#[test]
fn accounts_do_not_share_contacts() {
    let account =
        |username| Account::new(username, &demo_secret()).with_group("super", GroupKind::Open);
    let sandbox = started(vec![account("username"), account("other")]);
    assert_eq!(posted(&sandbox, &signed(LEAD)).0, 0);
    let hash = md5_hex(&format!("{LEAD}::other::{}", demo_secret()));
    let body = format!("{LEAD}&hash={hash}");
    let answer = asked(&sandbox, &head("POST", PATH, "other.justclick.ru"), &body);
    assert_eq!(verdict(&answer, &demo_secret()).0, 0);
    assert_eq!(sandbox.contacts().len(), 2);
}
