//! Leads on their way to a service and back: the Rust interface against the sandbox.

#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::net::TcpListener;
use std::time::Duration;

use justclick::{Client, Error, ErrorKind, Lead, Outcome, Receipt, code};
use sandbox::{Behaviour, Options, Sandbox};

const USERNAME: &str = "username";
const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

fn sandbox() -> Sandbox {
    Sandbox::start(Options::demo()).expect("a sandbox")
}

fn client_of(base_url: &str, username: &str, secret: &str) -> Client {
    let mut client = Client::new(username, secret).expect("a client");
    client.set("base_url", base_url).expect("a base URL");
    client
}

fn client(sandbox: &Sandbox) -> Client {
    client_of(&sandbox.base_url(), USERNAME, SECRET)
}

fn lead(group: &str, email: &str) -> Lead {
    let mut lead = Lead::new();
    lead.group(group)
        .and_then(|lead| lead.email(email))
        .expect("a lead");
    lead
}

fn refused<T>(result: Result<T, Error>) -> Error {
    result.map(drop).expect_err("no success")
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Behaviour {
    Behaviour::Answer {
        status,
        headers: headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect(),
        body: body.as_bytes().to_vec(),
        delay: Duration::ZERO,
    }
}

#[test]
fn a_contact_is_added_with_all_its_fields_and_then_known() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let mut lead = lead("super", "lead@email.com");
    lead.name("Имя ~!'()*")
        .expect("a name")
        .utm_source("direct")
        .expect("a source");
    let receipt = client.add_lead(&lead).expect("a receipt");
    assert_eq!(
        (receipt.outcome(), receipt.attempts().len()),
        (Outcome::Added, 1)
    );
    let contact = sandbox.contact("lead@email.com").expect("the contact");
    assert_eq!(contact.groups(), ["super"]);
    assert!(
        contact
            .fields
            .contains(&("lead_name".to_owned(), "Имя ~!'()*".to_owned()))
    );
    let again = client.add_lead(&lead).expect("a receipt");
    assert_eq!(again.outcome(), Outcome::AlreadyRegistered);
    assert_eq!(again.answer().code(), code::ALREADY_REGISTERED);
}

#[test]
fn a_contact_that_must_confirm_is_told_as_that() {
    let sandbox = sandbox();
    let receipt = client(&sandbox)
        .add_lead(&lead("confirm", "a@b.ru"))
        .expect("a receipt");
    assert_eq!(receipt.outcome(), Outcome::ActivationSent);
}

#[test]
fn each_refusal_is_told_as_what_it_is() {
    let sandbox = sandbox();
    let url = sandbox.base_url();
    for (username, secret, group, kind, code) in [
        (
            USERNAME,
            SECRET,
            "nowhere",
            ErrorKind::Rejected,
            code::INVALID_GROUP,
        ),
        (
            USERNAME,
            SECRET,
            "auto",
            ErrorKind::Rejected,
            code::SUBSCRIPTION_FORBIDDEN,
        ),
        (
            USERNAME,
            "s3cr3t",
            "super",
            ErrorKind::NotAccepted,
            code::WRONG_HASH,
        ),
    ] {
        let client = client_of(&url, username, secret);
        let error = refused(client.add_lead(&lead(group, "a@b.ru")));
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.answer().map(|answer| answer.code()), Some(code));
        assert_eq!(error.attempts().len(), 1);
        assert!(!error.message().contains(secret), "{error}");
    }
    assert!(sandbox.contacts().is_empty());
}

#[test]
fn one_connection_serves_many_leads() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    for number in 0..20 {
        client
            .add_lead(&lead("super", &format!("a{number}@b.ru")))
            .expect("a receipt");
    }
    assert_eq!((sandbox.requests(), sandbox.connections()), (20, 1));
}

#[test]
fn tls_is_verified_and_its_connection_kept() {
    let sandbox = Sandbox::start(Options {
        tls: true,
        ..Options::demo()
    })
    .expect("a sandbox");
    let mut client = client(&sandbox);
    // Under a checker, and in qemu, the system's certificates are read for longer than by default.
    for limit in ["connect_timeout_ms", "attempt_timeout_ms", "timeout_ms"] {
        client.set(limit, "60000").expect("a setting");
    }
    let error = refused(client.add_lead(&lead("super", "a@b.ru")));
    assert_eq!(
        (error.kind(), error.attempts().len()),
        (ErrorKind::Tls, 1),
        "{error}"
    );
    assert!(!error.may_have_arrived());

    let mut file = tempfile::NamedTempFile::new().expect("a file");
    std::io::Write::write_all(&mut file, sandbox.ca_pem().expect("a CA").as_bytes())
        .expect("written");
    client
        .set("ca_file", file.path().to_str().expect("UTF-8"))
        .expect("a CA file");
    let before = sandbox.connections();
    for email in ["a@b.ru", "b@b.ru", "c@b.ru"] {
        client.add_lead(&lead("super", email)).expect("a receipt");
    }
    assert_eq!(sandbox.connections() - before, 1);
    assert_eq!(sandbox.contacts().len(), 3);
}

#[test]
fn the_system_s_own_error_is_the_source() {
    use std::error::Error as _;
    use std::io;
    let error = refused(
        client_of("http://127.0.0.1:1", USERNAME, SECRET).add_lead(&lead("super", "a@b.ru")),
    );
    let source = error
        .source()
        .and_then(|source| source.downcast_ref::<io::Error>());
    assert_eq!(
        source.map(io::Error::kind),
        Some(io::ErrorKind::ConnectionRefused)
    );
    let none = refused(Lead::from_json("{").map(drop));
    assert!(none.source().is_none());
}

#[test]
fn a_service_that_is_switched_off_is_unreachable_after_all_attempts() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let error = refused(client_of(&url, USERNAME, SECRET).add_lead(&lead("super", "a@b.ru")));
    assert_eq!(
        (error.kind(), error.attempts().len()),
        (ErrorKind::Unreachable, 3)
    );
    assert!(!error.may_have_arrived() && error.kind().is_retryable());
}

#[test]
fn a_passing_fault_is_tried_again() {
    let sandbox = sandbox();
    sandbox.next(answer(500, &[], "<h1>Internal Server Error</h1>"));
    sandbox.next(answer(502, &[], ""));
    let receipt = client(&sandbox)
        .add_lead(&lead("super", "a@b.ru"))
        .expect("a receipt");
    assert_eq!(
        (receipt.attempts().len(), receipt.outcome()),
        (3, Outcome::Added)
    );
}

#[test]
fn a_wait_beyond_the_deadline_is_told_to_the_caller() {
    let sandbox = sandbox();
    sandbox.next(answer(503, &[("Retry-After", "3600")], ""));
    let error = refused(client(&sandbox).add_lead(&lead("super", "a@b.ru")));
    assert_eq!((error.kind(), error.attempts().len()), (ErrorKind::Http, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
}

#[test]
fn redirects_and_client_errors_are_neither_followed_nor_tried_again() {
    let sandbox = sandbox();
    let elsewhere = self::sandbox();
    let target = elsewhere.base_url();
    for status in [301, 302, 303, 307, 308, 404] {
        sandbox.next(answer(status, &[("Location", &target)], ""));
        let error = refused(client(&sandbox).add_lead(&lead("super", "a@b.ru")));
        assert_eq!(
            (error.kind(), error.attempts().len()),
            (ErrorKind::Http, 1),
            "{error}"
        );
        assert!(!error.may_have_arrived());
        assert!(error.message().contains(&status.to_string()));
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn a_lost_answer_is_our_own_success_when_the_contact_turns_out_to_be_there() {
    let sandbox = sandbox();
    sandbox.next(Behaviour::ApplyThenClose);
    let receipt = client(&sandbox)
        .add_lead(&lead("super", "a@b.ru"))
        .expect("a receipt");
    assert_eq!(receipt.outcome(), Outcome::Added);
    assert_eq!(receipt.answer().code(), code::ALREADY_REGISTERED);
    assert_eq!(sandbox.contacts().len(), 1);
}

#[test]
fn a_kept_connection_that_was_closed_is_replaced() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    sandbox.next(Behaviour::CloseAfterAnswer);
    client
        .add_lead(&lead("super", "a@b.ru"))
        .expect("a receipt");
    let receipt = client
        .add_lead(&lead("super", "b@b.ru"))
        .expect("a receipt");
    // The close is seen before the lead is sent, or by the lead itself, which is then sent again.
    assert!((1..=2).contains(&receipt.attempts().len()));
    assert_eq!(receipt.outcome(), Outcome::Added);
    assert_eq!(sandbox.connections(), 2);
}

/// The service carries out a copy of the lead whose answer is lost on a kept connection.
fn lost_on_a_kept_connection(max_attempts: u32) -> (Sandbox, Result<Receipt, Error>) {
    let sandbox = sandbox();
    let mut client = client(&sandbox);
    client.set_max_attempts(max_attempts).expect("attempts");
    client
        .add_lead(&lead("super", "first@b.ru"))
        .expect("a receipt");
    sandbox.next(Behaviour::ApplyThenClose);
    let result = client.add_lead(&lead("super", "a@b.ru"));
    assert_eq!(sandbox.contacts().len(), 2);
    (sandbox, result)
}

#[test]
fn one_attempt_is_one_sending_also_on_a_kept_connection() {
    let (sandbox, result) = lost_on_a_kept_connection(1);
    let error = refused(result);
    assert_eq!(
        (error.kind(), error.attempts().len()),
        (ErrorKind::OutcomeUnknown, 1)
    );
    assert!(error.may_have_arrived());
    assert_eq!(sandbox.requests(), 2);
}

#[test]
fn each_sending_counts_and_says_where_it_went_and_why_it_failed() {
    let (sandbox, result) = lost_on_a_kept_connection(3);
    let receipt = result.expect("a receipt");
    assert_eq!(sandbox.requests(), 3);
    let [lost, answered] = receipt.attempts() else {
        panic!("{receipt:?}");
    };
    assert!(
        lost.error()
            .is_some_and(|error| error.contains("127.0.0.1"))
    );
    assert_eq!(answered.error(), None);
    let address = answered.address().expect("an address");
    assert_eq!(format!("http://{address}"), sandbox.base_url());
}

#[test]
fn a_known_contact_after_a_lost_copy_is_told_by_how_it_was_lost() {
    let (_sandbox, result) = lost_on_a_kept_connection(3);
    let receipt = result.expect("a receipt");
    let told = (receipt.outcome(), receipt.is_unsure());
    assert_eq!(told, (Outcome::AlreadyRegistered, true));

    let sandbox = sandbox();
    sandbox.next(Behaviour::ApplyThenClose);
    let client = client(&sandbox);
    let receipt = client
        .add_lead(&lead("super", "a@b.ru"))
        .expect("a receipt");
    let told = (receipt.outcome(), receipt.is_unsure());
    assert_eq!(told, (Outcome::Added, true));

    let receipt = client
        .add_lead(&lead("super", "a@b.ru"))
        .expect("a receipt");
    let told = (receipt.outcome(), receipt.is_unsure());
    assert_eq!(told, (Outcome::AlreadyRegistered, false));
}

#[test]
fn a_trickling_server_is_cut_off_at_the_deadline() {
    let sandbox = sandbox();
    sandbox.next(Behaviour::TrickleForever);
    let mut client = client(&sandbox);
    client.set("timeout_ms", "400").expect("a deadline");
    client.set("max_attempts", "1").expect("attempts");
    let error = refused(client.add_lead(&lead("super", "a@b.ru")));
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert!(error.may_have_arrived());
}

#[test]
fn answers_that_cannot_be_believed_are_no_success_and_not_tried_again() {
    let sandbox = sandbox();
    let long = " ".repeat(70 * 1024);
    for (body, kind) in [
        ("<html></html>", ErrorKind::BadResponse),
        ("", ErrorKind::BadResponse),
        (&long, ErrorKind::BadResponse),
        (
            r#"{"error_code":0,"error_text":"OK","hash":"00000000000000000000000000000000"}"#,
            ErrorKind::BadSignature,
        ),
    ] {
        sandbox.next(answer(200, &[], body));
        let error = refused(client(&sandbox).add_lead(&lead("super", "a@b.ru")));
        assert_eq!((error.kind(), error.attempts().len()), (kind, 1), "{error}");
        assert!(error.may_have_arrived());
    }
}

#[test]
fn many_threads_share_one_client() {
    const THREADS: usize = 32;
    const LEADS: usize = 30;
    for tls in [false, true] {
        let sandbox = Sandbox::start(Options {
            tls,
            ..Options::demo()
        })
        .expect("a sandbox");
        // Some connections end while other threads take theirs from the pool.
        for number in 0..THREADS * LEADS / 4 {
            sandbox.next(match number % 8 {
                0 => Behaviour::CloseAfterAnswer,
                _ => Behaviour::Ordinary,
            });
        }
        let mut client = client(&sandbox);
        let file = tempfile::NamedTempFile::new().expect("a file");
        if let Some(pem) = sandbox.ca_pem() {
            std::fs::write(file.path(), pem).expect("written");
            let path = file.path().to_str().expect("UTF-8");
            client.set("ca_file", path).expect("a CA file");
        }
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let client = &client;
                scope.spawn(move || {
                    for number in 0..LEADS {
                        let email = format!("a{thread}-{number}@b.ru");
                        let receipt = client.add_lead(&lead("super", &email));
                        let receipt = receipt.expect("a receipt");
                        assert_eq!(receipt.outcome(), Outcome::Added, "{email}");
                    }
                });
            }
        });
        assert_eq!(sandbox.contacts().len(), THREADS * LEADS);
        assert!(sandbox.connections() < THREADS * LEADS / 4);
    }
}
