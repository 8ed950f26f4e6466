//! The words of `justclick outbox`.

use clap::{Args, Subcommand, ValueEnum};

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
