//! The words of the sandbox's command line, for the example and for the command's `sandbox` alike.

use std::path::PathBuf;

use clap::Args;

use super::{Account, Group, Options};

/// What the sandbox is.
pub const ABOUT: &str = "Run a stand-in of the service on this machine, to try a site against";

/// What stands below the arguments.
const AFTER: &str = "\
Without --account there are three, with the same secret, which is 40 times X: \"username\"; \"disabled\", \
which is answered code 7; and \"silent\", whose connections are closed without an answer. Their groups \
are super, news, confirm:activation and auto:automatic.

The first line that it prints is the base URL; then comes a line for each request. An account is \
chosen by the Host header (NAME.service) or the path (/NAME/api/AddLeadToGroup); a request that names \
none belongs to the first.

While it runs:
    curl URL/sandbox                              its books as JSON: contacts, counts, switches
    curl -X DELETE URL/sandbox/contacts           forgets all contacts
    curl -d '{\"service\": \"off\"}' URL/sandbox      closes each connection without an answer
    curl -d '{\"service\": 503}' URL/sandbox        answers each request with this HTTP status
    curl -d '{\"service\": \"on\", \"delay_ms\": 500}' URL/sandbox
                                                  answers again, each time after half a second
    curl -d '{\"accounts\": {\"username\": {\"disabled\": true}}}' URL/sandbox
                                                  switches an account: disabled, silent, secret,
                                                  groups (a list, as --group writes them)
What a switch does not name stays as it is.";

/// How it is set up.
#[derive(Args)]
#[command(after_help = AFTER)]
pub struct Arguments {
    /// Listen on this port of 127.0.0.1; on a free one by default
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// Speak TLS, with a new certificate for localhost, 127.0.0.1 and ::1
    #[arg(long)]
    pub tls: bool,
    /// Write the certificate that a client has to trust
    #[arg(long, value_name = "PATH", requires = "tls")]
    pub ca_file: Option<PathBuf>,
    /// The account, in place of the three that are there without it
    // Read later: an error here would show the secret.
    #[arg(long, value_name = "NAME:SECRET")]
    account: Option<String>,
    /// A group of the account, any number of times
    #[arg(long = "group", value_name = "NAME[:activation|:automatic]", value_parser = Group::parse)]
    groups: Vec<Group>,
    /// Keep the bodies of requests for the page of the books
    #[arg(long)]
    keep_bodies: bool,
    /// Write the base URL here once it listens
    #[arg(long, value_name = "PATH")]
    pub url_file: Option<PathBuf>,
}

impl Arguments {
    /// The sandbox that they ask for.
    pub fn options(&self) -> Result<Options, String> {
        let mut options = Options {
            port: self.port,
            tls: self.tls,
            log: true,
            keep_bodies: self.keep_bodies,
            ..Options::demo()
        };
        if let Some(text) = &self.account {
            let named = named_account(text)?;
            // An account of one's own stands alone, with the demonstration's groups.
            options.accounts.truncate(1);
            options.accounts[0].username = named.username;
            options.accounts[0].secret = named.secret;
        }
        if !self.groups.is_empty() {
            options.accounts[0].groups = self.groups.clone();
        }
        Ok(options)
    }
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
