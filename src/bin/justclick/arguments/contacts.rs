//! The words of `justclick statuses`, `update`, `unsubscribe`, `count` and `call`.

use clap::Args;

use super::pair::pair;

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
