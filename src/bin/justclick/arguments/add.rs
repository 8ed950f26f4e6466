//! The words of `justclick add`.

use clap::Args;

use super::pair::pair;

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
