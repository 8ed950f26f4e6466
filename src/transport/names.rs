//! What is known of names, and when it is to be asked for again. Knows no threads and no waiting.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long an answer is used without asking again.
const FRESH: Duration = Duration::from_secs(60);
/// How long the last good answer serves where new look-ups fail.
const SERVES: Duration = Duration::from_secs(60 * 60);
/// After a failed look-up the last good answer is used this long before the next one.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);
/// Most programs have one. The one that was used least recently makes room.
const MOST_NAMES: usize = 64;

/// Shared, so that a call takes them without a copy.
pub(super) type Addresses = Arc<[SocketAddr]>;

/// The names in no order; a search through so few is quicker than making a key for a map.
#[derive(Default)]
pub(super) struct Names {
    names: Vec<Name>,
    uses: u64,
}

/// What is known of one name.
#[derive(Clone)]
struct Name {
    host: String,
    port: u16,
    addresses: Addresses,
    obtained: Option<Instant>,
    use_until: Option<Instant>,
    /// No connection came about to any of the addresses.
    expired: bool,
    being_looked_up: bool,
    failure: String,
    /// The count of all names' uses at its last one.
    last_use: u64,
}

/// What to do for a call that needs the addresses of a name. With both ways of asking, the name
/// counts as being looked up from here until `Names::note`.
pub(super) enum Choice {
    Use(Addresses),
    /// Use these, and start a look-up that nobody waits for.
    AskBehind(Addresses),
    /// Start a look-up and wait.
    Ask,
    /// Wait for the look-up that goes on.
    Wait,
    /// All places are taken by names that are being looked up.
    Full,
}

impl Names {
    pub(super) fn choose(&mut self, host: &str, port: u16, now: Instant) -> Choice {
        let Some(name) = self.find_or_add(host, port) else {
            return Choice::Full;
        };
        let good = name.last_good(now).filter(|_| !name.expired);
        let is_fresh = name.use_until.is_some_and(|until| now < until);
        let is_asked = name.being_looked_up;
        if let Some(addresses) = good {
            if is_fresh || is_asked {
                return Choice::Use(addresses);
            }
            name.begin_look_up();
            return Choice::AskBehind(addresses);
        }
        if is_asked {
            return Choice::Wait;
        }
        name.begin_look_up();
        Choice::Ask
    }

    /// Takes the answer of a look-up.
    pub(super) fn note(
        &mut self,
        host: &str,
        port: u16,
        found: io::Result<Vec<SocketAddr>>,
        now: Instant,
    ) {
        if let Some(name) = self.find_or_add(host, port) {
            name.note(found, now);
        }
    }

    pub(super) fn expire(&mut self, host: &str, port: u16) {
        if let Some(name) = self.find(host, port) {
            name.expired = true;
        }
    }

    /// Whether a look-up goes on, and if so, whether there is an older answer to fall back on.
    pub(super) fn awaits(&mut self, host: &str, port: u16, now: Instant) -> Option<bool> {
        let name = self.find(host, port)?;
        name.being_looked_up.then(|| name.last_good(now).is_some())
    }

    pub(super) fn last_good(&mut self, host: &str, port: u16, now: Instant) -> Option<Addresses> {
        self.find(host, port)?.last_good(now)
    }

    /// The last good answer where a look-up takes too long; the calls after this one use it for a
    /// while without waiting.
    pub(super) fn give_up(&mut self, host: &str, port: u16, now: Instant) -> Option<Addresses> {
        let name = self.find(host, port)?;
        name.use_last_good(now);
        name.last_good(now)
    }

    /// Why the last look-up failed.
    pub(super) fn failure(&mut self, host: &str, port: u16) -> String {
        match self.find(host, port) {
            Some(name) => name.failure.clone(),
            None => "other names took its place".to_owned(),
        }
    }

    /// A copy for a child of fork, in which none of the look-ups goes on.
    pub(super) fn inherited(&self) -> Names {
        let without_look_up = |name: &Name| Name {
            being_looked_up: false,
            ..name.clone()
        };
        Names {
            names: self.names.iter().map(without_look_up).collect(),
            uses: self.uses,
        }
    }

    fn find(&mut self, host: &str, port: u16) -> Option<&mut Name> {
        let is_it = |name: &&mut Name| name.port == port && name.host.eq_ignore_ascii_case(host);
        self.names.iter_mut().find(is_it)
    }

    fn find_or_add(&mut self, host: &str, port: u16) -> Option<&mut Name> {
        if self.find(host, port).is_none() {
            self.make_room()?;
            self.names.push(Name::unknown(host, port));
        }
        self.uses += 1;
        let uses = self.uses;
        let name = self.find(host, port)?;
        name.last_use = uses;
        Some(name)
    }

    fn make_room(&mut self) -> Option<()> {
        if self.names.len() < MOST_NAMES {
            return Some(());
        }
        let idle = self.names.iter().enumerate();
        let idle = idle.filter(|(_, name)| !name.being_looked_up);
        let (oldest, _) = idle.min_by_key(|(_, name)| name.last_use)?;
        self.names.swap_remove(oldest);
        Some(())
    }
}

impl Name {
    fn unknown(host: &str, port: u16) -> Name {
        Name {
            host: host.to_owned(),
            port,
            addresses: Arc::default(),
            obtained: None,
            use_until: None,
            expired: false,
            being_looked_up: false,
            failure: String::new(),
            last_use: 0,
        }
    }

    fn begin_look_up(&mut self) {
        self.being_looked_up = true;
        self.failure.clear();
    }

    fn note(&mut self, found: io::Result<Vec<SocketAddr>>, now: Instant) {
        self.being_looked_up = false;
        match found {
            Ok(addresses) if !addresses.is_empty() => {
                self.addresses = addresses.into();
                self.obtained = Some(now);
                self.use_until = now.checked_add(FRESH);
                self.expired = false;
                return;
            }
            Ok(_) => self.failure = "it has no address".to_owned(),
            Err(error) => {
                let text = error.to_string();
                let text = text.rsplit("information: ").next().unwrap_or_default();
                self.failure = text.to_owned();
            }
        }
        self.use_last_good(now);
    }

    /// While a look-up goes on, however old they are: one that hangs, as it can for ever in a child
    /// of fork, must not leave a program without addresses.
    fn last_good(&self, now: Instant) -> Option<Addresses> {
        let obtained = self.obtained?;
        let is_young = now.saturating_duration_since(obtained) < SERVES;
        (is_young || self.being_looked_up).then(|| Arc::clone(&self.addresses))
    }

    fn use_last_good(&mut self, now: Instant) {
        self.expired = false;
        self.use_until = now.checked_add(PAUSE_AFTER_FAILURE);
    }
}
