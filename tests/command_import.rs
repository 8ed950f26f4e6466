//! `justclick import`: what it reads right, what it refuses, and that it goes on wherever it was ended.
#![cfg(all(feature = "cli", target_os = "linux"))]

#[allow(dead_code)]
mod desk;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

#[path = "command_import/files.rs"]
mod files;
#[path = "command_import/kills.rs"]
mod kills;
#[path = "command_import/terminal.rs"]
mod terminal;

use std::time::{Duration, Instant};

use desk::{Desk, value};
use sandbox::{Options, Sandbox};
use serde_json::json;

fn sandbox() -> Sandbox {
    Sandbox::start(Options::demo()).expect("a sandbox")
}

const TABLE: &str = "E-mail,Name\na@b.ru,Anna\nno-address,Bob\nc@d.ru,\"Carl\nSmith\"\n";

#[test]
fn a_rehearsal_sends_and_keeps_nothing() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    desk.write("contacts.csv", TABLE);
    let (code, told) = desk.json(&["import", "contacts.csv", "--group", "super", "--dry-run"]);
    assert_eq!(
        (code, told),
        (1, json!({"rows": 3, "sendable": 2, "rejected": 1}))
    );
    let files = std::fs::read_dir(desk.folder())
        .expect("the folder")
        .count();
    assert_eq!((files, sandbox.requests()), (1, 0));
}

#[test]
fn rows_are_delivered_and_those_that_cannot_be_are_told_with_the_reason() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    desk.write("contacts.csv", TABLE);
    let words = [
        "import",
        "contacts.csv",
        "--group",
        "super",
        "--yes",
        "--report",
        "report.csv",
    ];
    let (code, told) = desk.json(&words);
    assert_eq!(code, 1);
    assert_eq!(
        told,
        json!({"rows": 3, "delivered": 2, "rejected": 1, "waiting": 0, "rejected_file": "contacts.rejected.csv"})
    );
    assert_eq!(
        desk.read("contacts.rejected.csv"),
        "line,field,reason,E-mail,Name\r\n3,lead_email,the address has no @,no-address,Bob\r\n"
    );
    let report = desk.read("report.csv");
    assert!(
        report.starts_with(
            "line,state,reason,E-mail,Name\r\n2,delivered,,a@b.ru,Anna\r\n3,rejected,"
        ),
        "{report}"
    );
    assert_eq!(
        value(&sandbox.contact("c@d.ru").expect("a contact"), "lead_name"),
        "Carl\nSmith"
    );
    let again = desk.run(&words);
    assert_eq!(again.code, 2);
    assert!(again.warned.contains("--again"), "{again:?}");
    assert_eq!(sandbox.requests(), 2);
}

#[test]
fn what_the_service_refuses_is_rejected_as_well() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    desk.write("contacts.csv", "email\na@b.ru\nc@d.ru\n");
    let (code, told) = desk.json(&["import", "contacts.csv", "--group", "nowhere", "--yes"]);
    assert_eq!((code, &told["rejected"]), (1, &json!(2)));
    assert_eq!(
        desk.read("contacts.rejected.csv")
            .matches("code 103")
            .count(),
        2
    );
    let (code, told) = desk.json(&[
        "import",
        "contacts.csv",
        "--group",
        "super",
        "--yes",
        "--again",
    ]);
    assert_eq!((code, &told["delivered"]), (0, &json!(2)));
}

#[test]
fn nobody_is_asked_where_nobody_can_be() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    desk.write("contacts.csv", TABLE);
    let ended = desk.run(&["import", "contacts.csv", "--group", "super"]);
    assert_eq!(ended.code, 2);
    for word in ["--yes", "lead_email is column 1 \"E-mail\"", "line 2: "] {
        assert!(ended.warned.contains(word), "{word}: {ended:?}");
    }
    assert_eq!(sandbox.requests(), 0);
}

#[test]
fn columns_are_named_where_they_are_not_understood() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    desk.write("contacts.csv", "K1|K2|K3\nAnna|a@b.ru|shop\n");
    let base = [
        "import",
        "contacts.csv",
        "--group",
        "super",
        "--yes",
        "--separator",
        "|",
    ];
    let unknown = desk.run(&base);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown
            .warned
            .contains("--map lead_email=COLUMN, one of \"K1\", \"K2\", \"K3\""),
        "{unknown:?}"
    );
    let with = |map| desk.run(&[&base[..], &["--map", map][..]].concat());
    assert!(with("lead_email=K9").warned.contains("no column \"K9\""));
    assert!(with("lead_emali=K2").warned.contains("lead_email"));
    assert_eq!(with("lead_email=k2,lead_name=1,utm[utm_source]=K3").code, 0);
    let contact = sandbox.contact("a@b.ru").expect("a contact");
    assert_eq!(
        (
            value(&contact, "lead_name"),
            value(&contact, "utm[utm_source]")
        ),
        ("Anna", "shop")
    );
}

#[test]
fn an_encoding_that_cannot_be_told_is_asked_for() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    // "Имя,Почта" and a name in KOI8-R.
    let koi8: &[u8] =
        b"\xe9\xcd\xd1,email\n\xe9\xd7\xc1\xce \xf0\xc5\xd4\xd2\xcf\xd7\xc9\xde,a@b.ru\n";
    desk.write("contacts.csv", koi8);
    let base = ["import", "contacts.csv", "--group", "super", "--yes"];
    let ended = desk.run(&base);
    assert_eq!(ended.code, 2);
    assert!(ended.warned.contains("--encoding koi8-u"), "{ended:?}");
    assert_eq!(
        desk.run(&[&base[..], &["--encoding", "koi8-r"][..]].concat())
            .code,
        0
    );
    let contact = sandbox.contact("a@b.ru").expect("a contact");
    assert_eq!(value(&contact, "lead_name"), "Иван Петрович");
    desk.write("book.csv", b"PK\x03\x04 and so on");
    let book = desk.run(&["import", "book.csv", "--group", "super", "--yes"]);
    assert!(book.code == 2 && book.warned.contains("Excel"), "{book:?}");
}

#[test]
fn a_rate_is_kept_to() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    let rows: String = (0..11).map(|number| format!("{number}@b.ru\n")).collect();
    desk.write("contacts.csv", rows);
    let began = Instant::now();
    let words = [
        "import",
        "contacts.csv",
        "--group",
        "super",
        "--yes",
        "--rate",
        "10/s",
        "--in-flight",
        "4",
    ];
    assert_eq!(desk.run(&words).code, 0);
    assert!(
        began.elapsed() >= Duration::from_secs(1),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(sandbox.contacts().len(), 11);
}

#[test]
fn a_wrong_secret_ends_it_and_a_right_one_goes_on() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    desk.write("contacts.csv", "email\na@b.ru\nc@d.ru\n");
    let words = ["import", "contacts.csv", "--group", "super", "--yes"];
    let mut wrong = desk.command(&words);
    let wrong = desk::ended(wrong.env("JUSTCLICK_SECRET", "another"));
    assert_eq!(wrong.code, 4, "{wrong:?}");
    assert!(wrong.warned.contains("secret"), "{wrong:?}");
    let (code, told) = desk.json(&words);
    assert_eq!(
        (code, &told["delivered"], &told["waiting"]),
        (0, &json!(2), &json!(0))
    );
}
