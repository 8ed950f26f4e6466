//! The program's arguments.

use clap::{CommandFactory, Parser};

use crate::sandbox::arguments::Arguments;
use crate::sandbox::{GroupKind, Options};

#[derive(Parser)]
struct Program {
    #[command(flatten)]
    arguments: Arguments,
}

fn parsed(line: &str) -> Result<Arguments, String> {
    let words = ["sandbox"].into_iter().chain(line.split_whitespace());
    match Program::try_parse_from(words) {
        Ok(program) => Ok(program.arguments),
        Err(error) => Err(error.to_string()),
    }
}

fn options(line: &str) -> Options {
    parsed(line).unwrap().options().unwrap()
}

#[test]
fn arguments_set_the_sandbox_up() {
    let plain = options("");
    let names = plain
        .accounts
        .iter()
        .map(|account| account.username.as_str());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["username", "disabled", "silent"]
    );
    assert!(plain.log && !plain.tls && !plain.keep_bodies && plain.port.is_none());

    let line = "--port 8080 --tls --ca-file ca.pem --url-file url --account shop:a:b --keep-bodies";
    let own = parsed(line).unwrap();
    assert_eq!(own.ca_file.as_ref().unwrap().to_str(), Some("ca.pem"));
    assert_eq!(own.url_file.as_ref().unwrap().to_str(), Some("url"));
    let own = own.options().unwrap();
    assert_eq!((own.port, own.tls), (Some(8080), true));
    assert!(own.keep_bodies);
    let [account] = &own.accounts[..] else {
        panic!("one account")
    };
    assert_eq!((&*account.username, &*account.secret), ("shop", "a:b"));
    assert_eq!(account.groups.len(), 4);

    let grouped = options("--group a --group b:activation --group c:automatic");
    assert_eq!(grouped.accounts.len(), 3);
    let groups = grouped.accounts[0].groups.iter();
    let groups: Vec<_> = groups.map(|group| (&*group.name, group.kind)).collect();
    let expected = [
        ("a", GroupKind::Open),
        ("b", GroupKind::Activation),
        ("c", GroupKind::Automatic),
    ];
    assert_eq!(groups, expected);
}

#[test]
fn a_wrong_argument_is_told_without_its_secret() {
    for (line, expected) in [
        ("--prot 1", "--prot"),
        ("stray", "unexpected argument 'stray'"),
        ("--port", "a value is required for '--port <N>'"),
        ("--port 70000", "70000 is not in 0..=65535"),
        ("--ca-file x", "--tls"),
        ("--account :Secret1", "NAME:SECRET"),
        ("--account Secret1", "NAME:SECRET"),
        (
            "--account a:Secret1 --account b:Secret2",
            "cannot be used multiple times",
        ),
        ("--group x:auto", "neither"),
        ("--group :activation", "the name is missing"),
    ] {
        let message = parsed(line)
            .and_then(|arguments| arguments.options())
            .err()
            .unwrap();
        assert!(message.contains(expected), "{message}");
        assert!(!message.contains("Secret"), "{message}");
    }
}

#[test]
fn the_help_tells_of_every_switch() {
    let help = Program::command().render_help().to_string();
    for name in [
        "service", "503", "delay_ms", "disabled", "silent", "secret", "groups", "contacts",
    ] {
        assert!(help.contains(name), "{name}");
    }
}
