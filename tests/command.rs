//! The command's lines as its manual has them: what they print, how they end, and whom they tell what.
#![cfg(all(feature = "cli", target_os = "linux"))]

#[allow(dead_code)]
mod desk;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use desk::{Desk, SECRET, ended, value};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sandbox::{Behaviour, Options, Sandbox};
use serde_json::json;

fn sandbox() -> Sandbox {
    Sandbox::start(Options::demo()).expect("a sandbox")
}

/// Where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

#[test]
fn a_contact_is_added_with_all_that_is_given() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    let words = [
        "add",
        "--group",
        "super",
        "--group",
        "news",
        "lead@email.com",
        "--name",
        "Анна",
        "--phone",
        "+7 900",
        "--city",
        "Москва",
        "--tag",
        "fair",
        "--field",
        "utm[utm_source]=direct",
    ];
    let ended = desk.run(&words);
    assert_eq!(
        (ended.code, ended.told.as_str()),
        (0, "the contact was added\n"),
        "{ended:?}"
    );
    let contact = sandbox.contact("lead@email.com").expect("a contact");
    for (name, expected) in [
        ("lead_name", "Анна"),
        ("lead_phone", "+7 900"),
        ("lead_city", "Москва"),
        ("tag", "fair"),
        ("utm[utm_source]", "direct"),
    ] {
        assert_eq!(value(&contact, name), expected, "{name}");
    }
    let (code, again) = desk.json(&words);
    assert_eq!(
        (code, &again["outcome"], &again["code"]),
        (0, &json!("already registered"), &json!(102))
    );
}

#[test]
fn each_ending_has_its_exit_code() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    let refused = desk.run(&["add", "--group", "nowhere", "a@b.ru"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.warned.contains("code 103"), "{refused:?}");
    let broken = desk.run(&["add", "--group", "super", "no-address"]);
    assert_eq!(broken.code, 2);
    assert!(broken.warned.contains("lead_email"), "{broken:?}");
    assert_eq!(desk.run(&["add", "a@b.ru"]).code, 2, "no group");
    assert_eq!(Desk::of(&nobody()).run(&["groups"]).code, 3);
    let mut wrong = desk.command(&["groups"]);
    let wrong = ended(wrong.env("JUSTCLICK_SECRET", "another"));
    assert_eq!(wrong.code, 4, "{wrong:?}");
    let mut disabled = desk.command(&["groups"]);
    let disabled = ended(disabled.env("JUSTCLICK_USERNAME", "disabled"));
    assert_eq!(disabled.code, 4, "{disabled:?}");
    let mut none = desk.bare(&["groups"]);
    let none = ended(&mut none);
    assert_eq!(none.code, 2);
    assert!(none.warned.contains("JUSTCLICK_USERNAME"), "{none:?}");
}

#[test]
fn programs_are_told_in_json() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    let ended = desk.run(&["add", "--group", "nowhere", "a@b.ru", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&ended.warned).expect("JSON");
    assert_eq!(
        (
            &told["kind"],
            &told["disposition"],
            &told["code"],
            &told["exit_code"]
        ),
        (
            &json!("Rejected"),
            &json!("refused"),
            &json!(103),
            &json!(1)
        )
    );
    assert_eq!(ended.told, "");
}

#[test]
fn the_other_functions_are_called() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    assert_eq!(desk.run(&["add", "--group", "super", "a@b.ru"]).code, 0);
    let groups = desk.run(&["groups"]);
    assert!(
        groups.told.starts_with("super  The group super\nnews  "),
        "{groups:?}"
    );
    let statuses = desk.run(&["statuses", "a@b.ru"]);
    assert!(
        statuses.told.starts_with("super  subscribed"),
        "{statuses:?}"
    );
    assert_eq!(desk.run(&["update", "a@b.ru", "--city", "Tver"]).code, 0);
    assert_eq!(
        value(&sandbox.contact("a@b.ru").expect("a contact"), "lead_city"),
        "Tver"
    );
    assert_eq!(desk.run(&["count", "super"]).told, "1\n");
    assert_eq!(desk.json(&["count", "--unique"]), (0, json!({"count": 1})));
    let (code, called) = desk.json(&["call", "GetLeadGroups", "email=a@b.ru"]);
    assert_eq!(
        (code, &called["result"][0]["rass_name"]),
        (0, &json!("super"))
    );
    assert_eq!(
        desk.run(&["call", "GetLeadGroups", "email=a@b.ru", "email=c@d.ru"])
            .code,
        2
    );
    assert_eq!(
        desk.json(&["unsubscribe", "a@b.ru", "--group", "super"]),
        (0, json!({"was_there": true}))
    );
    assert_eq!(desk.run(&["count", "super"]).told, "0\n");
}

#[test]
fn credentials_stand_in_a_file_that_nobody_else_may_read() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    let text = format!(
        "username = \"username\"\nsecret = \"{SECRET}\"\nbase_url = \"{}\"\ntimeout_ms = 5000\n",
        sandbox.base_url()
    );
    let path = desk.write("my.toml", &text);
    fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("rights");
    let open = ended(&mut desk.bare(&["groups", "--config", "my.toml"]));
    assert_eq!(open.code, 2);
    assert!(open.warned.contains("chmod 600 my.toml"), "{open:?}");
    fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("rights");
    assert_eq!(
        ended(&mut desk.bare(&["groups", "--config", "my.toml"])).code,
        0
    );
    // The usual place, without being named.
    fs::create_dir(desk.path(".config")).expect("a folder");
    fs::rename(&path, desk.path(".config/justclick.toml")).expect("is moved");
    assert_eq!(ended(&mut desk.bare(&["groups"])).code, 0);
    // The environment counts before the file.
    let mut wrong = desk.bare(&["groups"]);
    assert_eq!(ended(wrong.env("JUSTCLICK_SECRET", "another")).code, 4);
}

/// As `/etc/justclick.toml` is root's, where the site's user looks at an outbox.
#[test]
fn a_file_that_this_user_may_not_read_is_missed_only_where_it_is_needed() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    let added = desk.run(&["add", "--group", "super", "a@b.ru", "--outbox", "leads.db"]);
    assert_eq!(added.code, 0, "{added:?}");
    fs::create_dir(desk.path(".config")).expect("a folder");
    let path = desk.write(".config/justclick.toml", "username = \"username\"\n");
    fs::set_permissions(&path, Permissions::from_mode(0o000)).expect("rights");
    let home = path.ancestors().nth(2).expect("a folder");
    // Root may read it until it is without its capabilities.
    let as_others = |words: &[&str]| {
        let mut command = desk.bare(words);
        if fs::read(&path).is_ok() {
            let bare = command;
            command = std::process::Command::new("setpriv");
            (command.args(["--bounding-set=-all", "--inh-caps=-all"]))
                .arg(bare.get_program())
                .args(bare.get_args())
                .current_dir(home)
                .env_clear()
                .env("HOME", home);
        }
        ended(&mut command)
    };
    let status = as_others(&["outbox", "status", "leads.db"]);
    assert_eq!(status.code, 0, "{status:?}");
    assert!(status.told.starts_with("1 waiting"), "{status:?}");
    let groups = as_others(&["groups"]);
    assert_eq!(groups.code, 2, "{groups:?}");
    let why = format!("(this user may not read {})", path.display());
    assert!(groups.warned.contains(&why), "{groups:?}");
    let named = as_others(&["groups", "--config", ".config/justclick.toml"]);
    assert!(named.warned.contains("Permission denied"), "{named:?}");
}

#[test]
fn a_wrong_file_is_named_with_its_line_and_without_the_secret() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    for (text, why) in [
        (
            format!("username = \"u\"\nsecret = \"{SECRET}\" x\n"),
            "line 2",
        ),
        (
            format!("secret = \"{SECRET}\"\nusername = [1]\n"),
            "my.toml",
        ),
        (
            format!("username = \"username\"\nsecret = \"{SECRET}\"\ntimeoutms = 1\n"),
            "timeout_ms",
        ),
        (
            format!("username = \"username\"\nsecret = \"{SECRET}\"\ntimeout_ms = 0\n"),
            "timeout_ms",
        ),
    ] {
        let path = desk.write("my.toml", &text);
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("rights");
        let ended = ended(&mut desk.bare(&["groups", "--config", "my.toml"]));
        assert_eq!(ended.code, 2, "{text}: {ended:?}");
        assert!(ended.warned.contains(why), "{text}: {ended:?}");
    }
    let missing = ended(&mut desk.bare(&["groups", "--config", "none.toml"]));
    assert_eq!(missing.code, 2, "{missing:?}");
}

#[test]
fn an_outbox_is_filled_looked_at_and_delivered() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    let add = |email, group| {
        desk.json(&[
            "add", "--group", group, email, "--outbox", "leads.db", "--key", email,
        ])
    };
    assert_eq!(
        add("a@b.ru", "super"),
        (0, json!({"id": 1, "was_there": false}))
    );
    assert_eq!(
        add("a@b.ru", "super"),
        (0, json!({"id": 1, "was_there": true}))
    );
    assert_eq!(add("c@d.ru", "nowhere").0, 0);
    let (_, status) = desk.json(&["outbox", "status", "leads.db"]);
    assert_eq!((&status["waiting"], sandbox.requests()), (&json!(2), 0));
    let ended = desk.run(&["deliver", "leads.db", "--in-flight", "2"]);
    assert_eq!(
        (ended.code, ended.told.as_str()),
        (1, "1 delivered, 1 dead, 0 to be tried again\n"),
        "{ended:?}"
    );
    let listed = desk.run(&["outbox", "list", "leads.db", "--state", "dead"]);
    assert!(
        listed.told.contains("code 103") && !listed.told.contains("c@d.ru"),
        "{listed:?}"
    );
    let shown = desk.run(&["outbox", "show", "leads.db", "2"]);
    assert!(shown.told.contains("lead_email = c@d.ru"), "{shown:?}");
    assert_eq!(desk.run(&["outbox", "show", "leads.db", "9"]).code, 2);
    assert_eq!(
        desk.json(&["outbox", "retry", "leads.db", "2"]),
        (0, json!({"retried": 1}))
    );
    assert_eq!(
        desk.json(&["outbox", "retry", "leads.db", "2"]),
        (1, json!({"retried": 0}))
    );
    assert_eq!(
        desk.json(&["outbox", "drop", "leads.db", "--state", "waiting"]),
        (0, json!({"dropped": 1}))
    );
    let (_, status) = desk.json(&["outbox", "status", "leads.db"]);
    assert_eq!(
        (
            &status["waiting"],
            &status["dead"],
            &status["delivered"],
            &status["dropped"]
        ),
        (&json!(0), &json!(0), &json!(1), &json!(1))
    );
    assert_eq!(
        desk.run(&["outbox", "drop", "leads.db"]).code,
        2,
        "all without a word"
    );
    let mistyped = desk.run(&["outbox", "status", "lead.db"]);
    assert!(
        mistyped.code == 2 && mistyped.warned.contains("lead.db"),
        "{mistyped:?}"
    );
    assert!(!desk.path("lead.db").exists());
}

#[test]
fn a_damaged_outbox_is_salvaged() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    assert_eq!(desk.run(&["outbox", "init", "leads.db"]).code, 0);
    for email in ["a@b.ru", "c@d.ru"] {
        assert_eq!(
            desk.run(&["add", "--group", "super", email, "--outbox", "leads.db"])
                .code,
            0
        );
    }
    // What was written is then in the file, and not in the log beside it.
    assert_eq!(desk.run(&["deliver", "leads.db", "--leads", "1"]).code, 0);
    let mut bytes = fs::read(desk.path("leads.db")).expect("the file");
    bytes[..16].fill(0);
    desk.write("leads.db", bytes);
    let broken = desk.run(&["outbox", "status", "leads.db"]);
    assert_eq!(broken.code, 3);
    assert!(broken.warned.contains("leads.db"), "{broken:?}");
    assert_eq!(
        desk.json(&["outbox", "salvage", "leads.db", "new.db"]),
        (0, json!({"leads": 1, "lost": 0}))
    );
    assert_eq!(desk.run(&["deliver", "new.db"]).code, 0);
    assert_eq!(sandbox.contacts().len(), 2);
}

#[test]
fn a_run_tells_an_outage_from_an_account_that_is_held() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    assert_eq!(
        desk.run(&["add", "--group", "super", "a@b.ru", "--outbox", "leads.db"])
            .code,
        0
    );
    let mut wrong = desk.command(&["deliver", "leads.db"]);
    assert_eq!(ended(wrong.env("JUSTCLICK_SECRET", "another")).code, 4);
    let away = Desk::of(&nobody());
    assert_eq!(
        away.run(&["add", "--group", "super", "a@b.ru", "--outbox", "leads.db"])
            .code,
        0
    );
    assert_eq!(away.run(&["deliver", "leads.db"]).code, 3);
    assert_eq!(away.run(&["deliver", "leads.db"]).code, 3, "the way rests");
}

/// It delivers what others keep meanwhile, and a signal ends it after what is on its way.
#[test]
fn a_watching_deliverer_stays_until_a_signal() {
    let sandbox = sandbox();
    let desk = Desk::at(&sandbox);
    let mut command = desk.command(&["deliver", "leads.db", "--watch"]);
    let mut watching = command.stdout(Stdio::null()).spawn().expect("starts");
    assert_eq!(
        desk.run(&["add", "--group", "super", "a@b.ru", "--outbox", "leads.db"])
            .code,
        0
    );
    wait(|| sandbox.contacts().len() == 1);
    sandbox.next(Behaviour::Slow(Duration::from_millis(300)));
    assert_eq!(
        desk.run(&["add", "--group", "super", "c@d.ru", "--outbox", "leads.db"])
            .code,
        0
    );
    wait(|| sandbox.requests() == 2);
    let id = i32::try_from(watching.id()).expect("a process's number");
    kill(Pid::from_raw(id), Signal::SIGTERM).expect("is there");
    let status = watching.wait().expect("ends");
    assert_eq!((status.code(), status.signal()), (Some(0), None));
    let (_, status) = desk.json(&["outbox", "status", "leads.db"]);
    let kept = |name: &str| status[name].as_u64().expect("a number");
    assert_eq!(
        (
            kept("leased"),
            kept("dead"),
            kept("delivered") + kept("waiting")
        ),
        (0, 0, 2)
    );
}

fn wait(until: impl Fn() -> bool) {
    let began = Instant::now();
    while !until() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it does not come"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn help_manual_and_completions_are_there() {
    let desk = Desk::of(&nobody());
    let help = ended(&mut desk.bare(&["--help"]));
    assert!(
        help.told.contains("Exit codes:") && help.told.contains("JUSTCLICK_SECRET"),
        "{help:?}"
    );
    for task in ["add", "import", "deliver", "outbox", "call"] {
        assert!(help.told.contains(&format!("\n  {task} ")), "{task}");
    }
    for task in ["add", "import", "deliver", "update", "call"] {
        let help = ended(&mut desk.bare(&[task, "--help"]));
        assert!(help.told.contains("Example"), "{task}: {help:?}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = ended(&mut desk.bare(&["completions", shell]));
        assert!(script.told.contains("justclick"), "{shell}");
    }
    let manual = ended(&mut desk.bare(&["manual", "."]));
    assert_eq!(manual.code, 0, "{manual:?}");
    assert!(desk.read("justclick.1").contains(".TH"));
    let page = desk.read("justclick-import.1");
    assert!(page.contains("rejected"));
    assert!(page.contains(concat!("\"justclick ", env!("CARGO_PKG_VERSION"), "\"")));
}
