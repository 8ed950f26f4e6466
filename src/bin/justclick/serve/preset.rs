//! The presets: what well-known senders call their fields.

use std::collections::BTreeMap;

use super::settings::RouteSettings;

const PRESETS: &str = include_str!("presets.toml");

/// The preset of this name.
pub fn named(name: &str) -> Result<RouteSettings, String> {
    let mut all: BTreeMap<String, RouteSettings> =
        toml::from_str(PRESETS).map_err(|error| format!("the presets: {error}"))?;
    all.remove(name).ok_or_else(|| {
        let names: Vec<&str> = all.keys().map(String::as_str).collect();
        format!(
            "there is no preset \"{name}\"; there are {}",
            names.join(", ")
        )
    })
}
