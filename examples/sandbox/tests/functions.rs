//! The contact functions: what each answers from the books, and what it refuses.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::sandbox::contacts::Status;
use crate::sandbox::{Behaviour, Sandbox};
use crate::talk::{asked, called, demo, head, md5_hex, posted, signed, verdict};

const EMAIL: &str = "lead_email=a%40b.ru";

/// A contact in three groups, one of which waits for a confirmation.
fn with_a_contact() -> Sandbox {
    let sandbox = demo();
    for group in ["super", "confirm", "news"] {
        let body = signed(&format!("rid%5B0%5D={group}&{EMAIL}&lead_name=Old&tag=x"));
        assert_eq!(posted(&sandbox, &body).0, 0);
    }
    sandbox
}

fn group(name: &str) -> Value {
    json!({"rass_name": name, "rass_title": format!("The group {name}")})
}

/// Names and statuses of the contact's groups.
fn statuses(sandbox: &Sandbox) -> Vec<(String, String)> {
    let (code, _, result) = called(sandbox, "GetLeadGroupStatuses", "email=a%40b.ru");
    assert_eq!(code, 0);
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    let rows = result.as_array().unwrap().iter();
    rows.map(|row| (text(row, "rass_name"), text(row, "rass_status")))
        .collect()
}

fn count(sandbox: &Sandbox, group: &str) -> Value {
    let (code, text, result) = called(sandbox, "GetCountSubscribe", &format!("group_name={group}"));
    assert_eq!((code, text.as_str()), (0, "OK"));
    result
}

#[test]
fn the_groups_of_the_account_are_listed_without_parameters() {
    let sandbox = demo();
    let groups: Value = ["super", "news", "confirm", "auto"]
        .map(group)
        .as_slice()
        .into();
    assert_eq!(
        called(&sandbox, "GetAllGroups", ""),
        (0, "OK".to_owned(), groups)
    );
    let secret = "X".repeat(40);
    let head = head("POST", "/username/api/GetAllGroups", "127.0.0.1");
    let code = |body: &str| verdict(&asked(&sandbox, &head, body), &secret).0;
    assert_eq!(
        code(&format!(
            "hash={}",
            md5_hex(&format!("::username::{secret}"))
        )),
        0
    );
    assert_eq!(code(""), 1);
    assert_eq!(
        code(&format!("hash={}", md5_hex(&format!("username::{secret}")))),
        4
    );
}

#[test]
fn a_contact_has_its_groups_and_how_it_stands_in_them() {
    let before = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let sandbox = with_a_contact();
    let (_, _, groups) = called(&sandbox, "GetLeadGroups", "email=a%40b.ru");
    assert_eq!(
        groups,
        json!([group("super"), group("confirm"), group("news")])
    );
    let (_, _, rows) = called(&sandbox, "GetLeadGroupStatuses", "email=a%40b.ru");
    for (row, (name, status)) in rows.as_array().unwrap().iter().zip([
        ("super", "STATUS_SUBSCRIBE"),
        ("confirm", "STATUS_WAIT"),
        ("news", "STATUS_SUBSCRIBE"),
    ]) {
        assert_eq!(row.as_object().unwrap().len(), 4);
        assert_eq!(row["rass_name"], name);
        assert_eq!(row["rass_title"], format!("The group {name}"));
        assert_eq!(row["rass_status"], status);
        let time: u64 = row["subscription_time"].as_str().unwrap().parse().unwrap();
        assert!((before..before + 3600).contains(&time), "{time}");
    }
}

#[test]
fn who_asked_to_confirm_waits_in_every_new_group() {
    let sandbox = demo();
    for (group, activation) in [("super", "0"), ("news", "1")] {
        let query = format!("rid%5B0%5D=super&rid%5B1%5D={group}&{EMAIL}&activation={activation}");
        assert_eq!(posted(&sandbox, &signed(&query)).0, 0);
    }
    let expected = [("super", "STATUS_SUBSCRIBE"), ("news", "STATUS_WAIT")];
    assert_eq!(
        statuses(&sandbox),
        expected.map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
}

#[test]
fn who_unsubscribed_stays_so() {
    let sandbox = with_a_contact();
    let leave = |query: &str| {
        let (code, text, _) = called(&sandbox, "DeleteSubscribe", query);
        (code, text)
    };
    let (gone, leaving) = (
        (801, "Subscriber with such address is not found".to_owned()),
        format!("{EMAIL}&rass_name=super"),
    );
    assert_eq!(leave(&leaving), (0, "OK".to_owned()));
    assert_eq!(leave(&leaving), gone);
    let body = signed(&format!("rid%5B0%5D=super&{EMAIL}"));
    assert_eq!(posted(&sandbox, &body).0, 102);
    assert_eq!(statuses(&sandbox)[0].1, "STATUS_UNSUBSCRIBE");
    let (_, _, groups) = called(&sandbox, "GetLeadGroups", "email=a%40b.ru");
    assert_eq!(groups, json!([group("confirm"), group("news")]));
    for group in ["confirm", "news"] {
        assert_eq!(leave(&format!("{EMAIL}&rass_name={group}")).0, 0);
    }
    assert_eq!(called(&sandbox, "GetLeadGroups", "email=a%40b.ru").0, 501);
    let contact = sandbox.contact("a@b.ru").unwrap();
    assert!((contact.subscriptions.iter()).all(|place| place.status == Status::Unsubscribe));
}

#[test]
fn who_left_a_group_can_still_join_another() {
    let sandbox = demo();
    let lead = |groups: &str| posted(&sandbox, &signed(&format!("{groups}&{EMAIL}"))).0;
    assert_eq!(lead("rid%5B0%5D=super"), 0);
    let leaving = format!("{EMAIL}&rass_name=super");
    assert_eq!(called(&sandbox, "DeleteSubscribe", &leaving).0, 0);
    assert_eq!(lead("rid%5B0%5D=super&rid%5B1%5D=news"), 0);
    let expected = [
        ("super", "STATUS_UNSUBSCRIBE"),
        ("news", "STATUS_SUBSCRIBE"),
    ];
    assert_eq!(
        statuses(&sandbox),
        expected.map(|(group, status)| (group.to_owned(), status.to_owned()))
    );
}

#[test]
fn a_contact_is_changed_by_what_is_sent() {
    let sandbox = with_a_contact();
    let query = format!("{EMAIL}&lead_name=&lead_tags=a%2Cb&lead_phone%5B0%5D=1&other=x");
    let (code, text, result) = called(&sandbox, "UpdateSubscriberData", &query);
    assert_eq!((code, text.as_str(), result), (0, "OK", Value::Null));
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected = [
        field("lead_name", ""),
        field("tag", "x"),
        field("lead_tags", "a,b"),
    ];
    assert_eq!(sandbox.contact("a@b.ru").unwrap().fields, expected);
}

#[test]
fn contacts_are_counted_by_group_and_together() {
    let sandbox = with_a_contact();
    let other = signed("rid%5B0%5D=super&lead_email=c%40d.ru");
    assert_eq!(posted(&sandbox, &other).0, 0);
    let waiting = signed("rid%5B0%5D=confirm&lead_email=e%40f.ru");
    assert_eq!(posted(&sandbox, &waiting).0, 0);
    for (group, number) in [
        ("super", 2),
        ("news", 1),
        ("confirm", 0),
        ("auto", 0),
        ("unique", 2),
        ("all", 5),
    ] {
        assert_eq!(count(&sandbox, group), number, "{group}");
    }
    let query = "lead_email=c%40d.ru&rass_name=super";
    assert_eq!(called(&sandbox, "DeleteSubscribe", query).0, 0);
    for (group, number) in [("super", 1), ("unique", 1), ("all", 5)] {
        assert_eq!(count(&sandbox, group), number, "{group}");
    }
}

#[test]
fn each_refusal_has_its_code() {
    let sandbox = with_a_contact();
    let known = format!("{EMAIL}&rass_name=");
    for (function, query, code, text) in [
        ("GetLeadGroups", "email=", 100, "Email is missing"),
        ("GetLeadGroups", EMAIL, 100, "Email is missing"),
        (
            "GetLeadGroups",
            "email=A%40b.ru",
            500,
            "Subscriber not found",
        ),
        (
            "GetLeadGroupStatuses",
            "email%5B0%5D=a%40b.ru",
            100,
            "Email is missing",
        ),
        (
            "GetLeadGroupStatuses",
            "email=x%40y.ru",
            500,
            "Subscriber not found",
        ),
        (
            "UpdateSubscriberData",
            "lead_name=x",
            100,
            "Email is missing",
        ),
        (
            "UpdateSubscriberData",
            "lead_email=x%40y.ru",
            801,
            "Subscriber with such address is not found",
        ),
        (
            "DeleteSubscribe",
            "rass_name=super",
            100,
            "Email is missing",
        ),
        (
            "DeleteSubscribe",
            &known,
            800,
            "Group subscribers is not found",
        ),
        (
            "DeleteSubscribe",
            EMAIL,
            800,
            "Group subscribers is not found",
        ),
        (
            "DeleteSubscribe",
            &format!("{known}none"),
            800,
            "Group subscribers is not found",
        ),
        (
            "DeleteSubscribe",
            &format!("{known}auto"),
            801,
            "Subscriber with such address is not found",
        ),
        (
            "DeleteSubscribe",
            "lead_email=x%40y.ru&rass_name=super",
            801,
            "Subscriber with such address is not found",
        ),
        ("GetCountSubscribe", "group_name=", 3, "Wrong posted data"),
        (
            "GetCountSubscribe",
            "group_name=none",
            103,
            "Has an invalid subscriptions group",
        ),
        (
            "GetCountSubscribe",
            "group_name=Unique",
            103,
            "Has an invalid subscriptions group",
        ),
    ] {
        let expected = (code, text.to_owned(), Value::Null);
        assert_eq!(
            called(&sandbox, function, query),
            expected,
            "{function} {query}"
        );
    }
    for function in [
        "GetLeadGroups",
        "GetLeadGroupStatuses",
        "UpdateSubscriberData",
        "DeleteSubscribe",
        "GetCountSubscribe",
    ] {
        let (code, text, _) = called(&sandbox, function, "");
        assert_eq!(
            (code, text.as_str()),
            (2, "No transmitted data"),
            "{function}"
        );
        let forged = asked(
            &sandbox,
            &head("POST", &format!("/api/{function}"), "localhost"),
            "email=a&hash=0",
        );
        assert!(forged.contains(r#""error_code":4,"#), "{forged}");
    }
    assert_eq!(statuses(&sandbox)[0].1, "STATUS_SUBSCRIBE");
}

#[test]
fn another_case_of_a_function_is_redirected() {
    let sandbox = demo();
    for (sent, right) in [
        (
            "/username/api/addleadtogroup",
            "/username/api/AddLeadToGroup",
        ),
        ("/api/getAllGroups", "/api/GetAllGroups"),
        ("/api/GETLEADGROUPS", "/api/GetLeadGroups"),
        ("/api/GetLeadGroupstatuses", "/api/GetLeadGroupStatuses"),
        ("/api/updateSubscriberData", "/api/UpdateSubscriberData"),
        ("/api/deletesubscribe", "/api/DeleteSubscribe"),
        ("/api/getcountSubscribe", "/api/GetCountSubscribe"),
    ] {
        let moved = asked(&sandbox, &head("POST", sent, "localhost"), &signed(EMAIL));
        assert!(moved.starts_with("HTTP/1.1 307 "), "{moved}");
        assert!(
            moved.contains(&format!("\r\nLocation: {right}\r\n")),
            "{moved}"
        );
    }
}

#[test]
fn an_answer_can_be_lost_after_the_change() {
    let sandbox = with_a_contact();
    sandbox.next(Behaviour::ApplyThenClose);
    let body = signed(&format!("{EMAIL}&rass_name=news"));
    let head = head("POST", "/api/DeleteSubscribe", "localhost");
    assert_eq!(asked(&sandbox, &head, &body), "");
    assert_eq!(statuses(&sandbox)[2].1, "STATUS_UNSUBSCRIBE");
}
