//! The words of `justclick deliver`.

use clap::Args;

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
