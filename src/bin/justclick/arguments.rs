//! The words of the command line. `--help`, the manual page and the completions are made of them. Those of
//! a task stand in the file that bears its name.

mod add;
mod contacts;
mod deliver;
mod doctor;
mod import;
mod manual;
mod outbox;
mod pair;
mod serve;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::sandbox::stand_in::arguments as stand_in;

pub use add::Add;
pub use contacts::{Call, Contact, Count, Unsubscribe, Update};
pub use deliver::Deliver;
pub use doctor::Doctor;
pub use import::Import;
pub use manual::{Completions, Manual};
pub use outbox::{Chosen, Drop, List, Outbox, Salvage, Show, State};

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
    #[command(after_help = serve::AFTER)]
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
