//! Where the secret and a lead's data may be, and where they must not.
#![cfg(target_os = "linux")]

mod c_programs;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use c_programs::{Workshop, root, run, succeeded};
use justclick::{Client, Error, Lead};
use sandbox::{Account, Behaviour, GroupKind, Options, Sandbox};

/// What the program of the dump makes at run time.
fn secret() -> String {
    (0..40)
        .filter_map(|index| char::from_u32(65 + (index * 7 + 3) % 26))
        .collect()
}

/// `free` overwrites the beginning of what it frees, so that an end alone shows what the library did.
fn end_of_secret() -> String {
    secret().split_off(24)
}

/// A copy of all the memory of a running program, as its core would be.
fn dump(pid: u32, folder: &Path) -> PathBuf {
    let prefix = folder.join("core");
    let pid = pid.to_string();
    let prefix = prefix.to_str().expect("UTF-8");
    succeeded(&run("gcore", &["-a", "-o", prefix, &pid]));
    format!("{prefix}.{pid}").into()
}

/// How often a text stands in a file of any bytes.
fn count(file: &Path, text: &str) -> usize {
    let file = file.to_str().expect("UTF-8");
    let output = run("grep", &["-aoF", "-e", text, file]);
    // It ends with 1 where there is none, and with 2 where it could not look.
    assert!(output.status.code().is_some_and(|code| code < 2));
    output.stdout.iter().filter(|byte| **byte == b'\n').count()
}

#[test]
fn a_core_dump_of_a_program_that_freed_its_client_holds_no_secret() {
    let account = Account::new("dumped", &secret()).with_group("super", GroupKind::Open);
    let sandbox = Sandbox::start(Options {
        tls: true,
        accounts: vec![account],
        ..Options::default()
    })
    .expect("a sandbox");
    let workshop = Workshop::new();
    let program = workshop.compile("cc", &root().join("tests/c/dumped.c"), &["-std=c99"]);
    let ca_file = workshop.path().join("ca.pem");
    std::fs::write(&ca_file, sandbox.ca_pem().expect("a CA")).expect("a file");

    let mut child = Command::new(program)
        .arg(sandbox.base_url())
        .arg(ca_file)
        .env_remove("LD_LIBRARY_PATH")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut input = child.stdin.take().expect("an input");
    let mut lines = BufReader::new(child.stdout.take().expect("an output")).lines();
    let mut copies = Vec::new();
    for expected in ["in use", "freed"] {
        let line = lines.next().expect("a line").expect("text");
        assert_eq!(line, expected);
        let core = dump(child.id(), workshop.path());
        assert!(count(&core, "dumped") > 0, "this is no dump of the program");
        copies.push(count(&core, &end_of_secret()));
        input.write_all(b"\n").expect("the program goes on");
    }
    assert!(child.wait().expect("an end").success());
    assert_eq!(copies, [1, 0], "copies while the client lives, and after");
}

/// A client, a lead, and every way to fail that a caller may write to a log.
#[test]
fn no_error_log_or_debug_print_holds_the_secret_or_a_lead_s_data() {
    const PRIVATE: [&str; 5] = [
        "s3cr3t-0f-th3-acc0unt",
        "jane.roe@private.example",
        "Jane Roe",
        "+7-900-000-00-00",
        "Saratov",
    ];
    let [secret, email, name, phone, city] = PRIVATE;
    let account = Account::new("username", secret).with_group("super", GroupKind::Open);
    let sandbox = Sandbox::start(Options {
        accounts: vec![account],
        ..Options::default()
    })
    .expect("a sandbox");
    let mut client = Client::new("username", secret).expect("a client");
    client.set("base_url", sandbox.base_url()).expect("set");
    client.set("max_attempts", "1").expect("set");
    let mut lead = Lead::new();
    let filled = lead
        .group("super")
        .and_then(|lead| lead.email(email)?.name(name)?.phone(phone)?.city(city));
    filled.expect("a lead");

    let mut log = format!(
        "{client:?} {lead:?} {:?}",
        client.sign_lead(&lead).expect("a request")
    );
    let mut failed = 0;
    for status in [200, 301, 404, 429, 500] {
        for body in [
            "",
            "<html>",
            email,
            secret,
            r#"{"error_code":100,"error_text":"no"}"#,
        ] {
            sandbox.next(Behaviour::Answer {
                status,
                headers: Vec::new(),
                body: body.as_bytes().to_vec(),
                delay: std::time::Duration::ZERO,
            });
            let error = client.add_lead(&lead).expect_err("a failure");
            log += &told(&error);
            failed += 1;
        }
    }
    sandbox.next(Behaviour::CloseWithoutAnswer);
    log += &told(&client.add_lead(&lead).expect_err("a failure"));
    let wrong = Client::new("username", "another").expect("a client");
    log += &format!("{wrong:?}");
    let receipt = client.add_lead(&lead).expect("a receipt");
    log += &format!("{receipt:?} {}", receipt.message());
    for value in [
        format!("{email}\0"),
        format!("{email} {name}"),
        email.replace('@', "@@"),
    ] {
        let mut lead = Lead::new();
        log += &told(&lead.email(&value).map(drop).expect_err("a refusal"));
    }
    let long = secret.repeat(100);
    log += &told(
        &Client::new("username", &long)
            .map(drop)
            .expect_err("a refusal"),
    );
    log += &told(
        &Client::new("username", format!("{secret}\0"))
            .map(drop)
            .expect_err("a refusal"),
    );

    assert_eq!(failed, 25);
    for private in PRIVATE {
        assert!(!log.contains(private), "{private} in:\n{log}");
    }
}

fn told(error: &Error) -> String {
    format!("{error}\n{error:?}\n")
}

/// The library's own texts: no key to anything was built into it.
#[test]
fn the_library_itself_holds_no_secret_of_the_tests() {
    let library = c_programs::library();
    assert_eq!(count(&library, &secret()), 0);
    assert_eq!(count(&library, &"X".repeat(40)), 0);
    assert!(count(&library, "AddLeadToGroup") > 0);
}
