//! What an engine keeps leads by.

use std::time::Duration;

/// What a lead survives once it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// The loss of power: the disk has it before `add` returns.
    #[default]
    Power,
    /// The end of the process by any means, but not that of the host.
    Crash,
}

/// What an engine keeps leads by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineSettings {
    /// What a lead survives once it is kept.
    pub durability: Durability,
    /// How long a call waits for other processes.
    pub busy_timeout: Duration,
}

impl Default for EngineSettings {
    fn default() -> EngineSettings {
        EngineSettings {
            durability: Durability::default(),
            busy_timeout: Duration::from_secs(2),
        }
    }
}
