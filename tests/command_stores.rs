//! The command against the three stores: the same lines end in the same way and tell the same, wherever the
//! leads are.
#![cfg(all(feature = "cli", target_os = "linux"))]

#[allow(dead_code)]
mod desk;
mod mysql_server;
mod postgres_server;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;
mod server_process;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use desk::Desk;
use sandbox::{Options, Sandbox};
use serde_json::{Value, json};

/// Words of the command, its exit code, and each line that it prints as JSON, of which the members that are
/// named must be so. LOCATION is the outbox; DEAD is the number of the lead that was listed last.
type Case = (&'static str, i32, Value);

fn cases() -> Vec<Case> {
    vec![
        (
            "outbox init LOCATION",
            0,
            json!([{"waiting": 0, "dead": 0}]),
        ),
        (
            "add a@b.ru --group super --outbox LOCATION --key 1",
            0,
            json!([{"was_there": false}]),
        ),
        (
            "add a@b.ru --group super --outbox LOCATION --key 1",
            0,
            json!([{"was_there": true}]),
        ),
        (
            "add c@d.ru --group nowhere --outbox LOCATION --key 2",
            0,
            json!([{"was_there": false}]),
        ),
        (
            "add e@f.ru --group super --outbox LOCATION --key 3",
            0,
            json!([{"was_there": false}]),
        ),
        (
            "add no-address --group super --outbox LOCATION",
            2,
            json!([]),
        ),
        (
            "outbox status LOCATION",
            0,
            json!([{"waiting": 3, "leased": 0, "dead": 0, "delivered": 0, "dropped": 0}]),
        ),
        (
            "outbox list LOCATION",
            0,
            json!([{"key": "1"}, {"key": "2"}, {"key": "3", "state": "waiting", "attempts": 0}]),
        ),
        (
            "outbox list LOCATION --limit 1 --with-leads",
            0,
            json!([{"lead": {"rid[0]": "super", "lead_email": "a@b.ru"}}]),
        ),
        (
            "deliver LOCATION --leads 1",
            0,
            json!([{"delivered": 1, "dead": 0}]),
        ),
        (
            "deliver LOCATION --in-flight 2",
            1,
            json!([{"delivered": 1, "dead": 1, "held": null, "later": 0}]),
        ),
        (
            "deliver LOCATION",
            0,
            json!([{"delivered": 0, "dead": 0, "next_due_s": null}]),
        ),
        ("outbox list LOCATION --state waiting", 0, json!([])),
        (
            "outbox list LOCATION --state dead",
            0,
            json!([{"key": "2", "state": "dead", "attempts": 1, "error_code": 103}]),
        ),
        (
            "outbox show LOCATION DEAD",
            0,
            json!([{"key": "2", "lead": {"rid[0]": "nowhere", "lead_email": "c@d.ru"}}]),
        ),
        ("outbox show LOCATION 999999", 2, json!([])),
        ("outbox retry LOCATION DEAD", 0, json!([{"retried": 1}])),
        ("outbox retry LOCATION DEAD", 1, json!([{"retried": 0}])),
        ("deliver LOCATION", 1, json!([{"delivered": 0, "dead": 1}])),
        ("outbox retry LOCATION --all", 0, json!([{"retried": 1}])),
        ("outbox drop LOCATION", 2, json!([])),
        ("outbox drop LOCATION DEAD", 0, json!([{"dropped": 1}])),
        (
            "outbox drop LOCATION --state waiting",
            0,
            json!([{"dropped": 0}]),
        ),
        (
            "import contacts.csv --group super --yes --outbox LOCATION",
            1,
            json!([{"rows": 4, "delivered": 3, "rejected": 1, "waiting": 0}]),
        ),
        (
            "import contacts.csv --group super --yes --outbox LOCATION",
            2,
            json!([]),
        ),
        (
            "outbox status LOCATION",
            0,
            json!([{"waiting": 0, "leased": 0, "dead": 0, "delivered": 5, "dropped": 1}]),
        ),
    ]
}

const TABLE: &str = "E-mail,Name\n1@b.ru,One\n2@b.ru,Two\nno-address,Bob\n3@b.ru,Three\n";
const ACCEPTED: u64 = 6;

/// Tells all cases to the command, one after the other.
fn go_through(desk: &Desk, sandbox: &Sandbox, location: &str) {
    desk.write("contacts.csv", TABLE);
    let mut last = json!([]);
    for (line, code, expected) in cases() {
        let dead = last[0]["id"].to_string();
        let word = |word: &'static str| match word {
            "LOCATION" => location.to_owned(),
            "DEAD" => dead.clone(),
            word => word.to_owned(),
        };
        let mut words: Vec<String> = line.split(' ').map(word).collect();
        words.push("--json".to_owned());
        let ended = desk.run(&words);
        assert_eq!(ended.code, code, "{line}: {ended:?}");
        let told = ended.told.lines().map(serde_json::from_str::<Value>);
        let told: Vec<Value> = told.collect::<Result<_, _>>().expect("JSON");
        let expected = expected.as_array().expect("lines");
        assert_eq!(told.len(), expected.len(), "{line}: {ended:?}");
        for (told, expected) in told.iter().zip(expected) {
            for (name, value) in expected.as_object().expect("members") {
                assert_eq!(&told[name], value, "{line}: {name} of {told}");
            }
        }
        if line.starts_with("outbox list") {
            last = told.into();
        }
    }
    let (_, status) = desk.json(&["outbox", "status", location]);
    let count = |name: &str| status[name].as_u64().expect(name);
    let counts = ["delivered", "waiting", "leased", "dead", "dropped"].map(count);
    assert_eq!(counts.iter().sum::<u64>(), ACCEPTED, "{status}");
    let mut emails: Vec<String> = sandbox
        .contacts()
        .into_iter()
        .map(|contact| contact.email)
        .collect();
    emails.sort();
    assert_eq!(emails, ["1@b.ru", "2@b.ru", "3@b.ru", "a@b.ru", "e@f.ru"]);
}

fn sandbox() -> Sandbox {
    Sandbox::start(Options::demo()).expect("a sandbox")
}

#[test]
fn a_file_keeps_leads() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    go_through(&desk, &sandbox, "leads.db");
}

#[test]
fn postgresql_keeps_leads() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    let server = postgres_server::Server::start(&[]);
    let url = server.database("leads");
    go_through(&desk, &sandbox, url.trim_end_matches('?'));
}

/// Its password stands in a file, since everybody sees what stands on a command line.
#[test]
fn mariadb_keeps_leads() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    let server = mysql_server::Server::start(&[]);
    server.database("leads");
    let password = desk.write("password", format!("{}\n", mysql_server::PASSWORD));
    fs::set_permissions(&password, Permissions::from_mode(0o600)).expect("rights");
    let (user, port) = (mysql_server::USER, server.port);
    let file = password.display();
    let location = format!("mysql://{user}@127.0.0.1:{port}/leads?passwordfile={file}");
    go_through(&desk, &sandbox, &location);
}

/// What cannot be done since the database is away can be done later, and the location is shown without its
/// password.
#[test]
fn a_database_that_is_away_is_told_as_such() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    let port = server_process::free_port();
    for scheme in ["postgres", "mysql"] {
        let location = format!("{scheme}://site:tiger17@127.0.0.1:{port}/leads");
        for line in [
            "outbox status LOCATION",
            "add a@b.ru --group super --outbox LOCATION",
            "deliver LOCATION",
        ] {
            let words: Vec<&str> = line
                .split(' ')
                .map(|word| if word == "LOCATION" { &*location } else { word })
                .collect();
            let ended = desk.run(&words);
            assert_eq!(ended.code, 3, "{line}: {ended:?}");
            assert!(!ended.warned.contains("tiger17"), "{line}: {ended:?}");
            assert!(ended.warned.contains("127.0.0.1"), "{line}: {ended:?}");
        }
    }
    assert_eq!(sandbox.requests(), 0);
}
