//! The program's command line.

use std::path::PathBuf;

use super::{Account, Group, GroupKind, Options};

/// What `--help` prints.
pub const HELP: &str = "\
A local stand-in of the JustClick service, which takes leads and keeps them in memory.

Usage: sandbox [OPTIONS]

  --port N               Listen on this port of 127.0.0.1; on a free one by default
  --tls                  Speak TLS, with a new certificate for localhost, 127.0.0.1 and ::1
  --ca-file PATH         Write the certificate that a client has to trust (with --tls)
  --account NAME:SECRET  The account; by default \"username\", whose secret is 40 times X,
                         \"disabled\", which answers code 7, and \"silent\", which closes
                         the connection without an answer
  --group NAME[:activation|:automatic]
                         A group of the account, any number of times; by default super and
                         news, confirm:activation and auto:automatic
  --keep-bodies          Keep the bodies of requests for the page of the books
  --url-file PATH        Write the base URL here once it listens
  --help                 Print this

The first line it prints is the base URL; then comes a line for each request.
GET /sandbox shows its books as JSON: contacts, and counts of requests and connections.
An account is chosen by the Host header (NAME.service) or the path (/NAME/api/AddLeadToGroup);
a request that names none belongs to the first.
";

/// What the command line asks for.
pub enum Command {
    /// `--help`.
    Help,
    /// To run.
    Run(Run),
}

/// How to run.
#[derive(Default)]
pub struct Run {
    /// The sandbox itself.
    pub options: Options,
    /// Where the certificate to trust is written.
    pub ca_file: Option<PathBuf>,
    /// Where the base URL is written.
    pub url_file: Option<PathBuf>,
}

/// Reads the arguments that follow the program's name.
pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut run = Run {
        options: Options {
            log: true,
            ..Options::demo()
        },
        ..Run::default()
    };
    let (mut account, mut groups) = (None, Vec::new());
    while let Some(name) = arguments.next() {
        let mut value = || {
            let value = arguments.next().filter(|value| !value.is_empty());
            value.ok_or_else(|| format!("{name} needs a value"))
        };
        match name.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--port" => run.options.port = Some(port(&value()?)?),
            "--tls" => run.options.tls = true,
            "--keep-bodies" => run.options.keep_bodies = true,
            "--ca-file" => run.ca_file = Some(value()?.into()),
            "--account" if account.is_some() => return Err("--account is given twice".to_owned()),
            "--account" => account = Some(named_account(&value()?)?),
            "--group" => groups.push(group(&value()?)?),
            "--url-file" => run.url_file = Some(value()?.into()),
            _ => return Err(format!("there is no argument {name}; see --help")),
        }
    }
    if run.ca_file.is_some() && !run.options.tls {
        return Err("--ca-file needs --tls".to_owned());
    }
    set_accounts(&mut run.options.accounts, account, groups);
    Ok(Command::Run(run))
}

/// An account of one's own stands alone, with the demonstration's groups unless others are named.
fn set_accounts(accounts: &mut Vec<Account>, named: Option<Account>, groups: Vec<Group>) {
    if let Some(named) = named {
        accounts.truncate(1);
        accounts[0].username = named.username;
        accounts[0].secret = named.secret;
    }
    if !groups.is_empty() {
        accounts[0].groups = groups;
    }
}

fn port(text: &str) -> Result<u16, String> {
    text.parse()
        .map_err(|_| format!("--port {text}: not a port's number, which is 0 to 65535"))
}

fn named_account(text: &str) -> Result<Account, String> {
    match text.split_once(':') {
        Some((name, secret)) if !name.is_empty() && !secret.is_empty() => {
            Ok(Account::new(name, secret))
        }
        // The text is not repeated: it may hold a secret.
        _ => Err("--account needs a name and a secret: NAME:SECRET".to_owned()),
    }
}

fn group(text: &str) -> Result<Group, String> {
    let (name, kind) = match text.split_once(':') {
        None => (text, GroupKind::Open),
        Some((name, "activation")) => (name, GroupKind::Activation),
        Some((name, "automatic")) => (name, GroupKind::Automatic),
        Some((_, kind)) => {
            return Err(format!(
                "--group {text}: \"{kind}\" is neither \"activation\" nor \"automatic\""
            ));
        }
    };
    if name.is_empty() {
        return Err(format!("--group {text}: the name is missing"));
    }
    Ok(Group::new(name, kind))
}
