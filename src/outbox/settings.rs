//! An outbox's settings: read from text, checked as they are set.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::engine::{Durability, EngineSettings};
use super::location;
use crate::error::{Error, ErrorKind};
use crate::table::setting::{self, OUTBOX_SETTINGS};
use crate::text;

const LENGTH_LIMIT: usize = 64;
const PATH_LIMIT: usize = 4096;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Clone)]
pub(super) struct Settings {
    engine: EngineSettings,
    max_leads: u64,
    keep_dead: Option<Duration>,
    give_up_after: Duration,
    spool: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Settings {
        let mut settings = Settings {
            engine: EngineSettings::default(),
            max_leads: 0,
            keep_dead: None,
            give_up_after: Duration::ZERO,
            spool: None,
        };
        for known in OUTBOX_SETTINGS {
            // A test holds that each default passes.
            let _ = settings.set(known.name, known.default.as_bytes());
        }
        settings
    }
}

impl Settings {
    pub(super) fn set(&mut self, name: &str, value: &[u8]) -> Result<(), Error> {
        let known = known(name)?;
        let limit = match known {
            setting::SPOOL => PATH_LIMIT,
            _ => LENGTH_LIMIT,
        };
        let value = text::checked(known, value, limit)?;
        match known {
            setting::DURABILITY => self.engine.durability = durability(value)?,
            setting::BUSY_TIMEOUT_MS => {
                self.engine.busy_timeout = Duration::from_millis(number(known, value, 1, 600_000)?);
            }
            setting::MAX_LEADS => self.max_leads = number(known, value, 1, 1_000_000_000)?,
            setting::KEEP_DEAD_DAYS => self.keep_dead = days(number(known, value, 0, 36_500)?),
            setting::GIVE_UP_AFTER_DAYS => {
                self.give_up_after = days(number(known, value, 1, 36_500)?).unwrap_or(DAY);
            }
            setting::SPOOL => self.spool = location::spool(value)?.map(Path::to_owned),
            _ => return Err(unknown(name)),
        }
        Ok(())
    }

    pub(super) fn unset(&mut self, name: &str) -> Result<(), Error> {
        let known = known(name)?;
        let setting = OUTBOX_SETTINGS.iter().find(|setting| setting.name == known);
        self.set(
            known,
            setting.map_or("", |setting| setting.default).as_bytes(),
        )
    }

    pub(super) fn engine(&self) -> EngineSettings {
        self.engine
    }

    pub(super) fn max_leads(&self) -> u64 {
        self.max_leads
    }

    /// `None` where dead leads are kept until somebody decides.
    pub(super) fn keep_dead(&self) -> Option<Duration> {
        self.keep_dead
    }

    pub(super) fn give_up_after(&self) -> Duration {
        self.give_up_after
    }

    pub(super) fn spool(&self) -> Option<&Path> {
        self.spool.as_deref()
    }
}

fn known(name: &str) -> Result<&'static str, Error> {
    let mut names = OUTBOX_SETTINGS.iter().map(|setting| setting.name);
    names
        .find(|known| *known == name)
        .ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> Error {
    let names = OUTBOX_SETTINGS.iter().map(|setting| setting.name);
    Error::new(
        ErrorKind::UnknownName,
        format!(
            "an outbox has no setting \"{}\"{}",
            text::shown(name),
            text::suggestion(name, names)
        ),
    )
}

fn durability(value: &str) -> Result<Durability, Error> {
    match value {
        "power" => Ok(Durability::Power),
        "crash" => Ok(Durability::Crash),
        _ => Err(refused(setting::DURABILITY, value, "it is power or crash")),
    }
}

fn number(name: &str, value: &str, least: u64, most: u64) -> Result<u64, Error> {
    let is_plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    (value.parse().ok())
        .filter(|number| is_plain && (least..=most).contains(number))
        .ok_or_else(|| {
            let rule = format!("it is a whole number from {least} to {most}");
            refused(name, value, &rule)
        })
}

fn days(number: u64) -> Option<Duration> {
    let days = u32::try_from(number).unwrap_or(u32::MAX);
    (days > 0).then(|| DAY * days)
}

fn refused(name: &str, value: &str, rule: &str) -> Error {
    let shown = text::shown(value);
    Error::invalid_argument(format!("{name}: \"{shown}\" is refused; {rule}"))
}
