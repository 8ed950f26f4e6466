//! Adds the contact of the service's own example to a group, and says what became of it.

use std::env;
use std::process::ExitCode;

use justclick::{Client, Error, Lead, Outcome, Receipt};

fn main() -> ExitCode {
    let (Ok(username), Ok(secret)) = (env::var("JUSTCLICK_USERNAME"), env::var("JUSTCLICK_SECRET"))
    else {
        eprintln!("Set JUSTCLICK_USERNAME and JUSTCLICK_SECRET.");
        return ExitCode::from(2);
    };
    let group = env::args().nth(1).unwrap_or_else(|| "super".to_owned());
    match add(&username, &secret, &group) {
        Ok(receipt) => {
            let answer = receipt.answer();
            let outcome = outcome_name(receipt.outcome());
            println!("{outcome} (code {}: {})", answer.code(), answer.text());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{:?}: {error}", error.kind());
            ExitCode::FAILURE
        }
    }
}

fn add(username: &str, secret: &str, group: &str) -> Result<Receipt, Error> {
    let mut client = Client::new(username, secret)?;
    // A setting comes from the environment; where it is not there, its default stays.
    for (setting, variable) in [
        ("base_url", "JUSTCLICK_BASE_URL"),
        ("ca_file", "JUSTCLICK_CA_FILE"),
    ] {
        if let Ok(value) = env::var(variable) {
            client.set(setting, value)?;
        }
    }
    let mut lead = Lead::new();
    lead.group(group)?
        .name("Name")?
        .email("lead@email.com")?
        .phone("+788888888")?
        .city("City")?
        .tag("this is tag")?
        .doneurl2("http://yandex.ru/")?
        .activation(true)
        .utm_medium("cpc")?
        .utm_source("direct")?
        .utm_campaign("My_Campaign")?
        .utm_content("content_123")?
        .utm_term("my_label")?;
    client.add_lead(&lead)
}

fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Added => "added",
        Outcome::ActivationSent => "activation sent",
        Outcome::AlreadyRegistered => "already registered",
        _ => "not added",
    }
}
