//! Whose contacts these are: the client and the outbox that the environment and the configuration name.

use std::path::Path;

use justclick::setting::{OUTBOX_SETTINGS, SETTINGS};
use justclick::{Client, Outbox};

use crate::configuration::{self, Configuration, Setting};
use crate::failure::Failure;
use crate::interruption;

const PREFIX: &str = "JUSTCLICK_";

/// The client. What stands in the environment counts before what stands in the file.
pub fn client(config: Option<&Path>) -> Result<Client, Failure> {
    let found = configuration::read(config)?;
    let closed = found.closed.as_deref();
    let username = needed("username", found.username, closed)?;
    let secret = needed("secret", found.secret, closed)?;
    let mut client = Client::new(username, secret)?;
    for (name, value) in &found.settings {
        client.set(name, value.to_string())?;
    }
    for setting in SETTINGS {
        if let Some(value) = variable(setting.name)? {
            client.set(setting.name, value)?;
        }
    }
    client.set_interrupt(Some(interruption::has_come));
    Ok(client)
}

/// The outbox at a location, with the settings that stand in the file's part [outbox].
pub fn outbox(location: &str, config: Option<&Path>) -> Result<Outbox, Failure> {
    let Configuration {
        outbox: settings, ..
    } = configuration::read(config)?;
    let mut outbox = Outbox::open(location)?;
    for (name, value) in &settings {
        outbox.set(name, Setting::to_string(value))?;
    }
    for setting in OUTBOX_SETTINGS {
        if let Some(value) = variable(&format!("outbox_{}", setting.name))? {
            outbox.set(setting.name, value)?;
        }
    }
    Ok(outbox)
}

fn needed(name: &str, found: Option<String>, closed: Option<&Path>) -> Result<String, Failure> {
    if let Some(value) = variable(name)?.or(found) {
        return Ok(value);
    }
    let why = closed.map_or_else(String::new, |path| {
        format!(" (this user may not read {})", path.display())
    });
    Err(Failure::WrongUse(format!(
        "the {name} is missing{why}: set {PREFIX}{}, or write it into ~/.config/justclick.toml: {name} = \"…\"",
        name.to_uppercase()
    )))
}

/// An empty variable is one that is not set.
fn variable(name: &str) -> Result<Option<String>, Failure> {
    let name = format!("{PREFIX}{}", name.to_uppercase());
    match std::env::var(&name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Failure::WrongUse(format!("{name}: it is not UTF-8")))
        }
    }
}
