//! The program's arguments.

use crate::sandbox::GroupKind;
use crate::sandbox::arguments::{self, Command, HELP, Run};

fn parsed(line: &str) -> Result<Command, String> {
    arguments::parse(line.split_whitespace().map(str::to_owned))
}

fn run(line: &str) -> Run {
    match parsed(line).unwrap() {
        Command::Run(run) => run,
        Command::Help => panic!("help instead of a run"),
    }
}

#[test]
fn arguments_set_the_sandbox_up() {
    let plain = run("");
    let names = plain
        .options
        .accounts
        .iter()
        .map(|account| account.username.as_str());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["username", "disabled", "silent"]
    );
    assert!(plain.options.log && !plain.options.tls && plain.options.port.is_none());

    let own = run("--port 8080 --tls --ca-file ca.pem --url-file url --account shop:a:b");
    assert_eq!((own.options.port, own.options.tls), (Some(8080), true));
    assert_eq!(own.ca_file.unwrap().to_str(), Some("ca.pem"));
    assert_eq!(own.url_file.unwrap().to_str(), Some("url"));
    let [account] = &own.options.accounts[..] else {
        panic!("one account")
    };
    assert_eq!((&*account.username, &*account.secret), ("shop", "a:b"));
    assert_eq!(account.groups.len(), 4);

    let grouped = run("--group a --group b:activation --group c:automatic");
    assert_eq!(grouped.options.accounts.len(), 3);
    let groups = grouped.options.accounts[0].groups.iter();
    let groups: Vec<_> = groups.map(|group| (&*group.name, group.kind)).collect();
    let expected = [
        ("a", GroupKind::Open),
        ("b", GroupKind::Activation),
        ("c", GroupKind::Automatic),
    ];
    assert_eq!(groups, expected);
    assert!(matches!(parsed("--help"), Ok(Command::Help)));
}

#[test]
fn a_wrong_argument_is_told_without_its_secret() {
    for (line, expected) in [
        ("--prot 1", "no argument --prot"),
        ("stray", "no argument stray"),
        ("--port", "--port needs a value"),
        ("--port 70000", "not a port"),
        ("--ca-file x", "--ca-file needs --tls"),
        ("--account :Secret1", "NAME:SECRET"),
        ("--account a:Secret1 --account b:Secret2", "twice"),
        ("--group x:auto", "neither"),
        ("--group :activation", "the name is missing"),
    ] {
        let message = parsed(line).err().unwrap();
        assert!(message.contains(expected), "{message}");
        assert!(!message.contains("Secret"), "{message}");
    }
}

#[test]
fn the_help_tells_of_every_argument() {
    for name in [
        "port", "tls", "ca-file", "account", "group", "url-file", "help",
    ] {
        assert!(HELP.contains(&format!("  --{name} ")), "{name}");
        let known = parsed(&format!("--{name}")).err();
        assert!(!known.is_some_and(|message| message.contains("no argument")));
    }
}
