//! The words of the command line. `--help`, the manual page and the completions are made of them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::sandbox::stand_in::arguments as stand_in;

const ABOUT: &str =
    "Adds contacts to the groups of an account of the JustClick e-mail marketing service";

const AFTER: &str = "\
Credentials come from the environment, JUSTCLICK_USERNAME and JUSTCLICK_SECRET, or from a file that \
nobody else may read: --config, ~/.config/justclick.toml or /etc/justclick.toml:

    username = \"username\"
    secret = \"secret\"

Settings stand there as well, such as timeout_ms = 5000, or in the environment as \
JUSTCLICK_TIMEOUT_MS; settings of the outbox in a part [outbox].

Exit codes:
    0  all is done
    1  something was refused
    2  the command is used in a wrong way
    3  it could not be done now; try again
    4  nothing can be done until the account, its credentials or TLS are mended";

const SERVE: &str = "\
The file that --config names holds the bridge as well:

    [serve]
    listen = \"127.0.0.1:8787\"
    outbox = \"/var/lib/justclick/leads.db\"
    token = \"…\"          # opens http://127.0.0.1:8787/status

    [[route]]
    preset = \"tilda\"     # or zapier, make, typeform, elementor, cf7
    token = \"…\"          # the address is http://127.0.0.1:8787/hook/TOKEN
    groups = [\"super\"]

It stays until SIGTERM or Ctrl-C. Tokens are made with: openssl rand -hex 24";

/// All arguments.
#[derive(Parser)]
#[command(name = "justclick", version, about = ABOUT, after_long_help = AFTER, max_term_width = 100)]
#[command(propagate_version = true, disable_help_subcommand = true)]
pub struct Arguments {
    /// The file of the credentials and settings
    #[arg(long, global = true, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// Print results as JSON, one object on each line
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub task: Task,
}

/// What is to be done.
#[derive(Subcommand)]
pub enum Task {
    /// Add a contact to groups, or keep it in an outbox
    Add(Add),
    /// Add the contacts of a table, such as one that Excel or Google saved as CSV
    Import(Import),
    /// Deliver what is due in an outbox
    Deliver(Deliver),
    /// Look at an outbox, and decide about its leads
    #[command(subcommand)]
    Outbox(Outbox),
    /// Take webhooks of forms and shops, and deliver their leads
    #[command(after_help = SERVE)]
    Serve,
    /// List all groups of the account
    Groups,
    /// Tell how a contact stands in each of its groups
    Statuses(Contact),
    /// Change what the service knows of a contact
    Update(Update),
    /// Take a contact out of a group
    Unsubscribe(Unsubscribe),
    /// Count contacts
    Count(Count),
    /// Call a function of the API by its name
    Call(Call),
    /// Tell what works from here, what does not, and what to do about it
    Doctor(Doctor),
    /// Run a stand-in of the service on this machine, to try a site against
    Sandbox(stand_in::Arguments),
    /// Print the completions of a shell
    #[command(hide = true)]
    Completions(Completions),
    /// Write the manual pages into a folder
    #[command(hide = true)]
    Manual(Manual),
}

/// A contact and where it goes.
#[derive(Args)]
#[command(after_help = "\
Examples:
    justclick add --group super lead@email.com --name \"Anna Petrova\"
    justclick add --group super lead@email.com --field utm[utm_source]=direct
    justclick add --group super lead@email.com --outbox /var/lib/site/leads.db --key order-17")]
pub struct Add {
    /// The contact's e-mail address
    pub email: String,
    /// A group's identifier, such as super; any number of times
    #[arg(long = "group", value_name = "GROUP", required = true)]
    pub groups: Vec<String>,
    /// The contact's name
    #[arg(long)]
    pub name: Option<String>,
    /// The contact's telephone number
    #[arg(long)]
    pub phone: Option<String>,
    /// The contact's city
    #[arg(long)]
    pub city: Option<String>,
    /// A label
    #[arg(long)]
    pub tag: Option<String>,
    /// A field by the service's own name, such as utm[utm_source]=direct; any number of times
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = pair)]
    pub fields: Vec<(String, String)>,
    /// Keep the contact in this outbox and send nothing: a path, postgres://… or mysql://…
    #[arg(long, value_name = "LOCATION")]
    pub outbox: Option<String>,
    /// What tells the contact from others in the outbox, such as an order's number
    #[arg(long, requires = "outbox")]
    pub key: Option<String>,
}

/// A table of contacts and where they go.
#[derive(Args)]
#[command(after_help = "\
Examples:
    justclick import contacts.csv --group super --dry-run
    justclick import contacts.csv --group super --in-flight 8
    justclick import contacts.csv --group super --map lead_email=E-mail,lead_name=Client --rate 20/s --yes

Stopped by Ctrl-C, a crash or the loss of power, the same command goes on where it was. Rows that break a
rule, or that the service refuses, stand in contacts.rejected.csv afterwards, with the reason.

Beside the file it keeps contacts.csv.outbox, with the contacts that are not delivered yet, and
contacts.csv.import, which tells how far it came. Both may be deleted when it is done.")]
pub struct Import {
    /// The file: CSV with commas, semicolons or tabs
    pub file: PathBuf,
    /// A group's identifier, such as super; any number of times
    #[arg(long = "group", value_name = "GROUP", required = true)]
    pub groups: Vec<String>,
    /// Which column is which field: lead_email=E-mail,lead_name=2, by the heading or the column's number
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',', value_parser = pair)]
    pub map: Vec<(String, String)>,
    /// A field that is the same for all, such as tag=fair; any number of times
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = pair)]
    pub fields: Vec<(String, String)>,
    /// The file's encoding, such as windows-1251, where it is not found
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// The character between two columns, or tab, where it is not found
    #[arg(long, value_name = "CHARACTER", value_parser = separator)]
    pub separator: Option<u8>,
    /// Keep the contacts in this outbox in place of contacts.csv.outbox
    #[arg(long, value_name = "LOCATION")]
    pub outbox: Option<String>,
    /// Send so many side by side
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub in_flight: u32,
    /// Send so many in a second, minute or hour at the most: 20/s, 600/min, 5000/h
    #[arg(long, value_name = "N/TIME", value_parser = rate)]
    pub rate: Option<f64>,
    /// Send nothing and keep nothing; tell what would be done
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask whether the columns are understood
    #[arg(long)]
    pub yes: bool,
    /// Import a file again that was imported before
    #[arg(long)]
    pub again: bool,
    /// Write what became of each row into this file
    #[arg(long, value_name = "PATH")]
    pub report: Option<PathBuf>,
}

/// Where leads wait, and how far a run goes.
#[derive(Args)]
#[command(after_help = "\
Examples:
    justclick deliver /var/lib/site/leads.db --seconds 50 --in-flight 8
    justclick deliver /var/lib/site/leads.db --watch

From cron, each minute:
    * * * * *  justclick deliver /var/lib/site/leads.db --seconds 50")]
pub struct Deliver {
    /// The outbox: a path, postgres://… or mysql://…
    pub location: String,
    /// Stay, and deliver what becomes due, until SIGTERM or Ctrl-C
    #[arg(long, conflicts_with_all = ["seconds", "leads", "id"])]
    pub watch: bool,
    /// Begin no lead after so many seconds
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub seconds: Option<u64>,
    /// Deliver at most so many leads
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub leads: Option<u64>,
    /// Send so many side by side
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub in_flight: u32,
    /// Deliver this lead alone
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..))]
    pub id: Option<i64>,
}

/// What is done with an outbox.
#[derive(Subcommand)]
pub enum Outbox {
    /// Tell how much there is, and what became of the rest
    Status(Location),
    /// List leads, without their personal data
    List(List),
    /// Show a lead with all that is known of it
    Show(Show),
    /// Let dead leads wait again
    Retry(Chosen),
    /// Drop leads for good
    Drop(Drop),
    /// Save what can be read of a damaged file into another outbox
    Salvage(Salvage),
    /// Make the tables of an outbox where there are none
    Init(Location),
}

/// An outbox.
#[derive(Args)]
pub struct Location {
    /// The outbox: a path, postgres://… or mysql://…
    pub location: String,
}

/// Which leads are listed.
#[derive(Args)]
#[command(after_help = "\
Examples:
    justclick outbox list /var/lib/site/leads.db --state dead
    justclick outbox list /var/lib/site/leads.db --json --with-leads --after 1200")]
pub struct List {
    /// The outbox: a path, postgres://… or mysql://…
    pub location: String,
    /// Only those in this state
    #[arg(long)]
    pub state: Option<State>,
    /// Only those of this account
    #[arg(long)]
    pub account: Option<String>,
    /// Only those with a larger number
    #[arg(long, value_name = "ID", default_value_t = 0)]
    pub after: i64,
    /// So many at the most
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub limit: u32,
    /// Show the leads' values, which are personal data
    #[arg(long)]
    pub with_leads: bool,
}

/// One lead.
#[derive(Args)]
pub struct Show {
    /// The outbox: a path, postgres://… or mysql://…
    pub location: String,
    /// The lead's number
    pub id: i64,
}

/// Dead leads.
#[derive(Args)]
pub struct Chosen {
    /// The outbox: a path, postgres://… or mysql://…
    pub location: String,
    /// The leads' numbers
    #[arg(required_unless_present = "all")]
    pub ids: Vec<i64>,
    /// All that are dead
    #[arg(long, conflicts_with = "ids")]
    pub all: bool,
    /// Only those of this account
    #[arg(long)]
    pub account: Option<String>,
}

/// Leads that nobody wants.
#[derive(Args)]
pub struct Drop {
    /// The outbox: a path, postgres://… or mysql://…
    pub location: String,
    /// The leads' numbers
    #[arg(required_unless_present = "state")]
    pub ids: Vec<i64>,
    /// All in this state
    #[arg(long, conflicts_with = "ids")]
    pub state: Option<State>,
    /// Only those of this account
    #[arg(long)]
    pub account: Option<String>,
}

/// A damaged file.
#[derive(Args)]
#[command(after_help = "\
Example: stop the site and its cron line, move the damaged file away, and save its leads:
    mv leads.db damaged.db
    justclick outbox salvage damaged.db leads.db")]
pub struct Salvage {
    /// The damaged SQLite file, which is not changed
    pub damaged: String,
    /// The outbox that its leads go into
    pub location: String,
}

/// A lead's state in an outbox.
#[derive(Clone, Copy, ValueEnum)]
pub enum State {
    Waiting,
    Leased,
    Dead,
}

/// A contact.
#[derive(Args)]
pub struct Contact {
    /// The contact's e-mail address
    pub email: String,
}

/// What is changed of a contact.
#[derive(Args)]
#[command(after_help = "Example:\n    justclick update lead@email.com --city Moscow")]
pub struct Update {
    /// The contact's e-mail address
    pub email: String,
    /// The new name
    #[arg(long)]
    pub name: Option<String>,
    /// The new telephone number
    #[arg(long)]
    pub phone: Option<String>,
    /// The new city
    #[arg(long)]
    pub city: Option<String>,
    /// The new labels
    #[arg(long)]
    pub tags: Option<String>,
}

/// A contact and the group that it leaves.
#[derive(Args)]
pub struct Unsubscribe {
    /// The contact's e-mail address
    pub email: String,
    /// The group's identifier
    #[arg(long)]
    pub group: String,
}

/// Whose contacts are counted.
#[derive(Args)]
pub struct Count {
    /// The group's identifier
    #[arg(required_unless_present_any = ["unique", "all"])]
    pub group: Option<String>,
    /// All contacts of the account, each once
    #[arg(long, conflicts_with = "group")]
    pub unique: bool,
    /// All contacts of the account, once for each of their groups
    #[arg(long, conflicts_with_all = ["group", "unique"])]
    pub all: bool,
}

/// A function of the API.
#[derive(Args)]
#[command(after_help = "Example:\n    justclick call GetLeadGroups email=lead@email.com")]
pub struct Call {
    /// The function's name
    pub function: String,
    /// Its parameters by the service's names, such as rid[0]=super
    #[arg(value_name = "NAME=VALUE", value_parser = pair)]
    pub parameters: Vec<(String, String)>,
}

/// What else is looked at.
#[derive(Args)]
#[command(after_help = "\
It looks at the way to the service (name, proxy, connection, TLS, clock), at the account, at the disk \
and the outbox where one is named, at the shared library, and at PHP and Python. A line for each tells \
its state, what was found and what to do:

    ok       it works
    skipped  it could not be looked at, or is not there
    warning  it works, and somebody should know
    wrong    it does not work

The exit code is 0 unless something is wrong, also with warnings; 4 where the account, its credentials, \
the proxy's or TLS are, 3 where something was not reached, 1 for all else. Nothing is changed: the \
account is asked for its groups, and a file is written beside the outbox and taken away. An outbox \
that is not there is not made; the tables of a database are.

Examples:
    justclick doctor
    justclick doctor /var/lib/site/leads.db
    justclick doctor --json | grep -v '\"ok\"'")]
pub struct Doctor {
    /// The outbox: a path, postgres://… or mysql://…
    pub location: Option<String>,
}

/// A shell.
#[derive(Args)]
pub struct Completions {
    pub shell: Shell,
}

/// Where the manual goes.
#[derive(Args)]
pub struct Manual {
    pub folder: PathBuf,
}

/// The value is not repeated in the message: it may be somebody's data.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("it has to be NAME=VALUE".to_owned()),
    }
}

fn separator(text: &str) -> Result<u8, String> {
    match (text, text.as_bytes()) {
        ("tab" | "\\t", _) => Ok(b'\t'),
        (_, [byte]) if byte.is_ascii() && !byte.is_ascii_alphanumeric() => Ok(*byte),
        _ => Err("it is one character that is no letter and no digit, or tab".to_owned()),
    }
}

fn rate(text: &str) -> Result<f64, String> {
    let (number, time) = text.split_once('/').unwrap_or((text, "s"));
    let seconds = match time {
        "s" => 1.0,
        "min" => 60.0,
        "h" => 3600.0,
        _ => return Err("it has to be N/s, N/min or N/h".to_owned()),
    };
    (number.parse().ok())
        .filter(|number| (0.001..=1e6).contains(number))
        .map(|number: f64| (number / seconds).max(0.001))
        .ok_or_else(|| "it has to be a number, such as 20/s".to_owned())
}
