//! Connections that belong to the process, for programs that make a client for each lead.
#![cfg(target_os = "linux")]

#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use justclick::{Client, Error, ErrorKind, Lead, Receipt};
use sandbox::{Options, Sandbox};

/// A process keeps only so many sessions, and the tests of this file are one process.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds a contact by a client of its own, with these settings besides.
fn add(url: &str, email: &str, settings: &[(&str, &str)]) -> Result<Receipt, Error> {
    let mut client = Client::new("username", "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX")?;
    client.set("base_url", url)?.set("share_connections", "1")?;
    for (name, value) in settings {
        client.set(name, value)?;
    }
    let mut lead = Lead::new();
    lead.group("super")?.email(email)?;
    client.add_lead(&lead)
}

fn encrypted() -> Sandbox {
    Sandbox::start(Options {
        tls: true,
        ..Options::demo()
    })
    .expect("a sandbox")
}

fn write_ca(sandbox: &Sandbox, path: &Path) {
    fs::write(path, sandbox.ca_pem().expect("a CA")).expect("a file");
}

#[test]
fn a_later_client_goes_on_with_an_earlier_one_s_connection() {
    let _alone = alone();
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    for number in 0..3 {
        add(&sandbox.base_url(), &format!("{number}@b.ru"), &[]).expect("a receipt");
    }
    assert_eq!((sandbox.requests(), sandbox.connections()), (3, 1));
    for number in 0..3 {
        let own = [("share_connections", "0")];
        add(&sandbox.base_url(), &format!("own{number}@b.ru"), &own).expect("a receipt");
    }
    assert_eq!((sandbox.requests(), sandbox.connections()), (6, 4));
}

#[test]
fn who_trusts_less_does_not_get_the_connection_of_who_trusts_more() {
    let _alone = alone();
    let sandbox = encrypted();
    let folder = tempfile::tempdir().expect("a folder");
    let ca_file = folder.path().join("ca.pem");
    write_ca(&sandbox, &ca_file);
    let trusting = [("ca_file", ca_file.to_str().expect("UTF-8"))];
    let url = sandbox.base_url();
    add(&url, "a@b.ru", &trusting).expect("a receipt");
    add(&url, "b@b.ru", &trusting).expect("a receipt");
    assert_eq!(sandbox.connections(), 1);

    let error = add(&url, "c@b.ru", &[]).expect_err("not trusted");
    assert_eq!(error.kind(), ErrorKind::Tls);

    // The same file now names other authorities; a rename gives it another time in any case.
    let replacement = folder.path().join("new.pem");
    write_ca(&encrypted(), &replacement);
    let mut pem = fs::read_to_string(&replacement).expect("a CA");
    pem.push_str("\n\n");
    fs::write(&replacement, pem).expect("a file");
    fs::rename(&replacement, &ca_file).expect("replaced");
    let error = add(&url, "d@b.ru", &trusting).expect_err("trusted no more");
    assert_eq!(error.kind(), ErrorKind::Tls);

    fs::remove_file(&ca_file).expect("removed");
    let error = add(&url, "e@b.ru", &trusting).expect_err("a missing file");
    assert_eq!(error.kind(), ErrorKind::Tls);
    assert_eq!(sandbox.contacts().len(), 2);
}

#[test]
fn many_kinds_of_clients_do_not_pile_up() {
    let _alone = alone();
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let url = sandbox.base_url();
    let agent = |number: usize| format!("agent{number}");
    let send = |number: usize, email: &str| {
        add(&url, email, &[("user_agent", &agent(number))]).expect("a receipt");
    };
    for number in 0..20 {
        send(number, &format!("{number}@b.ru"));
    }
    assert_eq!(sandbox.connections(), 20);
    // The latest is there still, and the first had to make room.
    send(19, "again19@b.ru");
    assert_eq!(sandbox.connections(), 20);
    send(0, "again0@b.ru");
    assert_eq!(sandbox.connections(), 21);
}

#[test]
fn threads_with_clients_of_their_own_share_as_well() {
    let _alone = alone();
    const THREADS: usize = 8;
    const LEADS: usize = 10;
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let url = sandbox.base_url();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let url = &url;
            scope.spawn(move || {
                for number in 0..LEADS {
                    let email = format!("{thread}.{number}@b.ru");
                    add(url, &email, &[]).expect("a receipt");
                }
            });
        }
    });
    assert_eq!(sandbox.contacts().len(), THREADS * LEADS);
    assert!(sandbox.connections() <= THREADS);
}
