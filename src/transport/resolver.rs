//! Names to addresses, remembered.
//!
//! ureq asks before each request, also for a kept connection, and starts a thread each time.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::http::uri::Scheme;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::call;
use super::failure::{FailureKind, Refusal, bare_host};

/// How long an answer is used without asking again.
const REMEMBERED: Duration = Duration::from_secs(60);
/// How long the last good answer serves where new look-ups fail.
const LAST_GOOD_SERVES: Duration = Duration::from_secs(60 * 60);
/// After a failed look-up the last good answer is used this long before the next one.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);
/// Who has an older answer waits no longer than this for a new one.
const PATIENCE: Duration = Duration::from_secs(1);
/// As many addresses as ureq takes.
const MOST_ADDRESSES: usize = 16;

type Lookup = dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync;
type Clock = dyn Fn() -> Instant + Send + Sync;
type Key = (String, u16);

#[derive(Clone)]
pub(super) struct RememberingResolver {
    memory: Arc<Memory>,
}

struct Memory {
    names: Mutex<HashMap<Key, Name>>,
    answered: Condvar,
    lookup: Box<Lookup>,
    clock: Box<Clock>,
}

/// What is known of one name.
#[derive(Default)]
struct Name {
    addresses: Vec<SocketAddr>,
    obtained: Option<Instant>,
    use_until: Option<Instant>,
    being_looked_up: bool,
    failure: String,
}

impl RememberingResolver {
    /// Asks the system's resolver.
    pub(super) fn system() -> RememberingResolver {
        RememberingResolver::new(
            Box::new(|host, port| (host, port).to_socket_addrs().map(Iterator::collect)),
            Box::new(Instant::now),
        )
    }

    pub(super) fn new(lookup: Box<Lookup>, clock: Box<Clock>) -> RememberingResolver {
        RememberingResolver {
            memory: Arc::new(Memory {
                names: Mutex::default(),
                answered: Condvar::new(),
                lookup,
                clock,
            }),
        }
    }

    /// None of the addresses of this name could be connected to: the next call looks it up again.
    pub(super) fn expire(&self, host: &str, port: u16) {
        let key = (host.to_ascii_lowercase(), port);
        if let Some(name) = self.memory.lock().get_mut(&key) {
            name.use_until = None;
        }
    }

    /// The addresses of a name, or why there are none after at most `patience`.
    pub(super) fn find(
        &self,
        host: &str,
        port: u16,
        patience: Duration,
    ) -> Result<Vec<SocketAddr>, String> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let key = (host.to_ascii_lowercase(), port);
        let memory = &self.memory;
        let mut names = memory.lock();
        let name = names.entry(key.clone()).or_default();
        let now = memory.now();
        if name.use_until.is_some_and(|until| now < until) {
            return Ok(name.addresses.clone());
        }
        if !name.being_looked_up {
            name.being_looked_up = true;
            name.failure.clear();
            if let Err(error) = Memory::look_up(memory, key.clone()) {
                name.being_looked_up = false;
                return name.last_good(now).ok_or_else(|| error.to_string());
            }
        }
        memory.wait(names, &key, patience)
    }
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Name>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Instant {
        (self.clock)()
    }

    /// The system's look-up cannot be stopped, so it has a thread of its own. Its answer is
    /// remembered even where the one who asked has stopped waiting.
    fn look_up(memory: &Arc<Memory>, key: Key) -> io::Result<()> {
        let memory = Arc::clone(memory);
        let task = move || {
            let found = (memory.lookup)(&key.0, key.1);
            let now = memory.now();
            let mut names = memory.lock();
            names.entry(key).or_default().note(found, now);
            drop(names);
            memory.answered.notify_all();
        };
        thread::Builder::new().spawn(task).map(drop)
    }

    fn wait(
        &self,
        mut names: MutexGuard<'_, HashMap<Key, Name>>,
        key: &Key,
        patience: Duration,
    ) -> Result<Vec<SocketAddr>, String> {
        let started = Instant::now();
        loop {
            let now = self.now();
            let name = names.entry(key.clone()).or_default();
            let last_good = name.last_good(now);
            if !name.being_looked_up {
                return last_good.ok_or_else(|| name.failure.clone());
            }
            let limit = match last_good {
                Some(_) => patience.min(PATIENCE),
                None => patience,
            };
            let left = limit.saturating_sub(started.elapsed());
            if left.is_zero() {
                let seconds = patience.as_secs_f64();
                return name
                    .use_last_good(now)
                    .ok_or_else(|| format!("no answer within {seconds:.1} s"));
            }
            (names, _) = self
                .answered
                .wait_timeout(names, left)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Name {
    fn note(&mut self, found: io::Result<Vec<SocketAddr>>, now: Instant) {
        self.being_looked_up = false;
        match found {
            Ok(addresses) if !addresses.is_empty() => {
                self.addresses = addresses;
                self.obtained = Some(now);
                self.use_until = now.checked_add(REMEMBERED);
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

    fn last_good(&self, now: Instant) -> Option<Vec<SocketAddr>> {
        let obtained = self.obtained?;
        let serves = now.saturating_duration_since(obtained) < LAST_GOOD_SERVES;
        serves.then(|| self.addresses.clone())
    }

    /// Also lets the calls after this one use it for a while without asking or waiting.
    fn use_last_good(&mut self, now: Instant) -> Option<Vec<SocketAddr>> {
        let addresses = self.last_good(now)?;
        self.use_until = now.checked_add(PAUSE_AFTER_FAILURE);
        Some(addresses)
    }
}

impl Resolver for RememberingResolver {
    fn resolve(
        &self,
        uri: &Uri,
        _: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let host = bare_host(uri);
        let default_port = if uri.scheme() == Some(&Scheme::HTTPS) {
            443
        } else {
            80
        };
        let port = uri.port_u16().unwrap_or(default_port);
        let found = self
            .find(host, port, call::left(&timeout)?)
            .map_err(|cause| {
                let detail = format!("the name {host} could not be resolved: {cause}");
                Refusal::error(FailureKind::Unreachable, detail)
            })?;
        let mut addresses = self.empty();
        for address in found.into_iter().take(MOST_ADDRESSES) {
            addresses.push(address);
        }
        Ok(addresses)
    }
}

impl fmt::Debug for RememberingResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RememberingResolver")
            .finish_non_exhaustive()
    }
}
