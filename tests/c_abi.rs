//! The C interface as C programs meet it: compiled against the header, linked to the library.
#![cfg(target_os = "linux")]

mod c_programs;
mod dependent;
#[allow(dead_code)]
mod golden;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;

use c_programs::{Workshop, fed, root, run, succeeded};
use sandbox::{Options, Sandbox};
use serde_json::Value;

const ADDRESS_SANITIZER: [&str; 4] = [
    "-std=c99",
    "-g",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
];

const VALGRIND: [&str; 5] = [
    "valgrind",
    "--quiet",
    "--error-exitcode=9",
    "--leak-check=full",
    "--errors-for-leak-kinds=definite",
];

#[test]
fn every_function_stands_good_and_bad_use() {
    let workshop = Workshop::new();
    let source = root().join("tests/c/every_function.c");
    let program = workshop.compile("cc", &source, &["-std=c99"]);
    let printed = succeeded(&run(program, &["freed"]));
    assert!(printed.contains("every function was called"), "{printed}");
}

#[test]
fn every_function_is_clean_under_valgrind() {
    let workshop = Workshop::new();
    let source = root().join("tests/c/every_function.c");
    let program = workshop.compile("cc", &source, &["-std=c99", "-g"]);
    let program = program.to_str().expect("a path in UTF-8");
    let flags = [&VALGRIND[1..], &[program]].concat();
    let printed = succeeded(&run("valgrind", &flags));
    assert!(printed.contains("every function was called"), "{printed}");
}

#[test]
fn every_function_is_clean_under_the_sanitizers() {
    let workshop = Workshop::new();
    let source = root().join("tests/c/every_function.c");
    let program = workshop.compile("cc", &source, &ADDRESS_SANITIZER);
    let printed = succeeded(&run(program, &[]));
    assert!(printed.contains("every function was called"), "{printed}");
}

#[test]
fn the_sanitizer_is_really_on() {
    let workshop = Workshop::new();
    let source = root().join("tests/c/overflow.c");
    let program = workshop.compile("cc", &source, &ADDRESS_SANITIZER);
    let output = run(program, &[]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(errors.contains("heap-buffer-overflow"), "{errors}");
}

#[test]
fn nothing_happens_when_the_library_is_loaded_and_it_stays() {
    let workshop = Workshop::new();
    let flags = ["-std=c99", "-Wl,--as-needed", "-ldl"];
    let program = workshop.compile("cc", &root().join("tests/c/loading.c"), &flags);
    let library = c_programs::library();
    succeeded(&run(program, &[library.to_str().expect("a path in UTF-8")]));
}

#[test]
fn the_secret_is_gone_when_the_client_was_freed() {
    let workshop = Workshop::new();
    let program = workshop.compile("cc", &root().join("tests/c/wiped.c"), &["-std=c99"]);
    succeeded(&run(program, &[]));
}

#[test]
fn a_handle_is_marked_as_freed_before_its_memory_goes_back() {
    let workshop = Workshop::new();
    let source = root().join("tests/c/freed.c");
    let program = workshop.compile("cc", &source, &["-std=c99", "-ldl"]);
    let printed = succeeded(&run(program, &[]));
    assert_eq!(printed, "every handle was marked\n");
}

#[test]
fn a_fault_of_the_library_is_a_status_and_no_end_of_the_program() {
    let workshop = Workshop::with(&panicking_library());
    let program = workshop.compile("cc", &root().join("tests/c/panicking.c"), &["-std=c99"]);
    let printed = succeeded(&run(program, &[]));
    assert_eq!(printed, "no panic came through\n");
}

/// In a folder of its own, since tests beside this one use what is shipped.
fn panicking_library() -> PathBuf {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let built = dependent::cargo(elsewhere.path())
        .args(["rustc", "--locked", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .args(["--lib", "--features", "intended-panic"])
        .args(["--crate-type", "cdylib", "--"])
        .arg(format!("@{}/build/library.args", root().display()))
        .output();
    succeeded(&built.expect("cargo"));
    dependent::target().join("debug/libjustclick.so")
}

#[test]
fn the_golden_vectors_pass_through_the_c_interface() {
    let workshop = Workshop::new();
    let program = workshop.compile("cc", &root().join("tests/c/vectors.c"), &["-std=c99"]);
    let mut cases = requests();
    cases.extend(answers());
    let printed = fed(program, cases);
    assert_eq!(printed, "1008 requests, 150 answers\n");
}

/// The requests of `vectors.c`.
fn requests() -> Vec<u8> {
    let mut cases = Vec::new();
    for lead in golden::leads() {
        let fields = lead.fields();
        for text in [
            "request",
            &lead.username,
            &lead.secret,
            &lead.body,
            &lead.flat(),
            &lead.nested(),
            &fields.len().to_string(),
        ] {
            push(&mut cases, text);
        }
        for (name, value) in fields {
            push(&mut cases, name);
            push(&mut cases, value);
        }
    }
    cases
}

fn answers() -> Vec<u8> {
    let mut cases = Vec::new();
    for row in rows(include_str!("vectors/answers.jsonl")) {
        let is_registered = string(&row["error_text"])
            .to_lowercase()
            .contains("already registered");
        let code = row["error_code"].as_i64().expect("a code");
        let (status, code) = match (code, row["valid"] == true) {
            (4 | 5, _) => ("JC_NOT_ACCEPTED", code),
            (_, false) => ("JC_BAD_SIGNATURE", -1),
            (0 | 102, true) if is_registered => ("JC_OK", 102),
            (0, true) => ("JC_OK", 0),
            (code, true) => ("JC_REJECTED", code),
        };
        for text in [
            "answer",
            string(&row["secret"]),
            string(&row["body"]),
            status,
            &code.to_string(),
        ] {
            push(&mut cases, text);
        }
    }
    cases
}

fn rows(text: &str) -> Vec<Value> {
    (text.lines())
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn string(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn push(cases: &mut Vec<u8>, text: &str) {
    cases.extend(format!("{}:{text}", text.len()).bytes());
}

#[test]
fn parent_and_child_go_on_sending_after_fork() {
    send_in_parent_and_children("0");
}

#[test]
fn connections_that_clients_share_stay_with_their_process() {
    send_in_parent_and_children("1");
}

fn send_in_parent_and_children(share_connections: &str) {
    const FORKS: usize = 1000;
    let sandbox = Sandbox::start(Options {
        tls: true,
        ..Options::demo()
    })
    .expect("a sandbox");
    let workshop = Workshop::new();
    let program = workshop.compile("cc", &root().join("tests/c/fork.c"), &["-std=c99"]);
    let ca_file = workshop.path().join("ca.pem");
    std::fs::write(&ca_file, sandbox.ca_pem().expect("a CA")).expect("a file");
    let ca_file = ca_file.to_str().expect("a path in UTF-8");
    let forks = FORKS.to_string();
    let arguments = [&sandbox.base_url(), ca_file, &forks, share_connections];
    succeeded(&run(program, &arguments));
    assert_eq!(sandbox.contacts().len(), 1 + 3 * FORKS);
    // The parent's one connection outlives all of its children, each of which makes its own.
    assert_eq!(sandbox.connections(), 1 + FORKS);
}

#[test]
fn a_child_with_its_parent_s_pid_makes_connections_of_its_own() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let workshop = Workshop::new();
    let program = workshop.compile("cc", &root().join("tests/c/namespaces.c"), &["-std=c99"]);
    succeeded(&run(program, &[&sandbox.base_url()]));
    assert_eq!((sandbox.contacts().len(), sandbox.connections()), (3, 2));
}

#[test]
fn a_warm_call_starts_no_thread_and_looks_nothing_up() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let workshop = Workshop::new();
    let flags = ["-std=c99", "-rdynamic", "-ldl"];
    let program = workshop.compile("cc", &root().join("tests/c/warm_call.c"), &flags);
    let url = sandbox.base_url().replace("127.0.0.1", "localhost");
    succeeded(&run(program, &[&url]));
    assert_eq!((sandbox.requests(), sandbox.connections()), (51, 1));
}

#[test]
fn a_child_of_fork_uses_the_addresses_that_its_parent_found() {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let workshop = Workshop::new();
    let source = root().join("tests/c/inherited_names.c");
    let program = workshop.compile("cc", &source, &["-std=c99", "-rdynamic", "-ldl"]);
    let url = sandbox.base_url().replace("127.0.0.1", "localhost");
    succeeded(&run(program, &[&url]));
    assert_eq!(sandbox.contacts().len(), 3);
}

#[test]
fn a_shortage_of_descriptors_does_not_change_who_is_trusted() {
    let sandbox = Sandbox::start(Options {
        tls: true,
        ..Options::demo()
    })
    .expect("a sandbox");
    let workshop = Workshop::new();
    let program = workshop.compile("cc", &root().join("tests/c/shortage.c"), &["-std=c99"]);
    let ca_file = workshop.path().join("ca.pem");
    std::fs::write(&ca_file, sandbox.ca_pem().expect("a CA")).expect("a file");
    let output = Command::new(program)
        .arg(sandbox.base_url())
        .env("SSL_CERT_FILE", ca_file)
        .env_remove("LD_LIBRARY_PATH")
        .output()
        .expect("the program");
    succeeded(&output);
    assert_eq!(sandbox.contacts().len(), 1);
}

#[test]
fn a_look_up_that_hangs_ends_at_the_deadline() {
    let workshop = Workshop::new();
    let source = root().join("tests/c/hanging_names.c");
    let program = workshop.compile("cc", &source, &["-std=c99", "-rdynamic"]);
    let overrun = succeeded(&run(program, &[]));
    println!("the slowest overrun: {} ms", overrun.trim());
}

#[test]
fn signals_change_nothing() {
    const LEADS: usize = 100;
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let encrypted = Sandbox::start(Options {
        tls: true,
        ..Options::demo()
    })
    .expect("a sandbox");
    let workshop = Workshop::new();
    let program = workshop.compile("cc", &root().join("tests/c/interrupted.c"), &["-std=c99"]);
    let ca_file = workshop.path().join("ca.pem");
    std::fs::write(&ca_file, encrypted.ca_pem().expect("a CA")).expect("a file");
    // The one is never accepted from, the other closes what it accepts until the test ends.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let closing = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = |listener: &TcpListener| format!("http://{}", listener.local_addr().expect("one"));
    let (silent_url, closing_url) = (url(&silent), url(&closing));
    std::thread::spawn(move || closing.incoming().for_each(drop));
    let printed = succeeded(&run(
        program,
        &[
            &sandbox.base_url(),
            &encrypted.base_url(),
            ca_file.to_str().expect("UTF-8"),
            &LEADS.to_string(),
            &silent_url,
            &closing_url,
        ],
    ));
    assert_eq!(sandbox.contacts().len(), LEADS);
    assert_eq!(encrypted.contacts().len(), LEADS);
    assert!(!printed.ends_with(" 0 broken pipes\n"), "{printed}");
}

#[test]
fn the_library_may_be_unloaded_after_each_lead() {
    const ROUNDS: usize = 400;
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let workshop = Workshop::new();
    let flags = ["-std=gnu99", "-Wl,--as-needed", "-ldl"];
    let program = workshop.compile("cc", &root().join("tests/c/unloading.c"), &flags);
    let library = c_programs::library();
    let library = library.to_str().expect("a path in UTF-8");
    let arguments = [library, &sandbox.base_url(), &ROUNDS.to_string()];
    succeeded(&run(program, &arguments));
    assert_eq!(sandbox.contacts().len(), ROUNDS);
    assert_eq!(sandbox.connections(), 1);
}

/// `make soak` does it a million times.
#[test]
fn many_calls_take_no_more_memory_than_a_few() {
    let calls = std::env::var("JUSTCLICK_SOAK").unwrap_or_else(|_| "10000".to_owned());
    let printed = soak(&["-std=c99"], &[], &calls, "256");
    println!("{printed}");
}

#[test]
fn many_calls_are_clean_under_the_checkers_of_memory() {
    // Both keep what is freed for a while, to tell its use.
    soak(&ADDRESS_SANITIZER, &[], "200", "100000");
    soak(&["-std=c99", "-g"], &VALGRIND, "50", "100000");
}

fn soak(flags: &[&str], checker: &[&str], calls: &str, growth: &str) -> String {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let workshop = Workshop::new();
    let program = workshop.compile("cc", &root().join("tests/c/soak.c"), flags);
    let program = program.to_str().expect("a path in UTF-8");
    let url = sandbox.base_url();
    let command = [checker, &[program, &url, calls, calls, growth]].concat();
    let printed = succeeded(&run(command[0], &command[1..]));
    assert_eq!(sandbox.requests().to_string(), calls);
    // One that lies idle for too long, while nothing is sent, is replaced.
    assert!(sandbox.connections() <= 2);
    printed
}
