//! Names to addresses, remembered by the process.
//!
//! ureq asks before each request, also for a kept connection, and starts a thread each time.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use once_cell::race::OnceBox;
use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::call;
use super::failure::{FailureKind, Refusal};
use super::names::{Addresses, Choice, Names};
use super::target::{bare_host, port};
use crate::per_process::{self, PerProcess};
use crate::signals;

/// A call that has an older answer waits this long for a new one, and no longer.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a wait goes on before the caller is asked whether it wants to end.
const UNINTERRUPTED: Duration = Duration::from_millis(50);
/// As many addresses as ureq takes.
const MOST_ADDRESSES: usize = 16;

type Lookup = dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync;
type Clock = dyn Fn() -> Instant + Send + Sync;

/// All resolvers of a process share what they remember.
static SYSTEM: OnceBox<PerProcess<Arc<Memory>>> = OnceBox::new();

#[derive(Clone)]
pub(super) struct RememberingResolver {
    memory: Arc<Memory>,
}

struct Memory {
    names: Mutex<Names>,
    answered: Condvar,
    lookup: Box<Lookup>,
    clock: Box<Clock>,
}

/// Why there are no addresses.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unresolved {
    Failed(String),
    /// The caller wanted the call to end.
    Interrupted,
}

impl RememberingResolver {
    /// Asks the system's resolver.
    pub(super) fn system() -> RememberingResolver {
        let memory = per_process::of_this_process_or_heir(&SYSTEM, |parents| {
            let names = parents.map(|memory| memory.inherited()).unwrap_or_default();
            Arc::new(Memory::new(
                names,
                Box::new(|host, port| (host, port).to_socket_addrs().map(Iterator::collect)),
                Box::new(Instant::now),
            ))
        });
        RememberingResolver {
            memory: Arc::clone(memory),
        }
    }

    #[cfg(test)]
    pub(super) fn new(lookup: Box<Lookup>, clock: Box<Clock>) -> RememberingResolver {
        RememberingResolver {
            memory: Arc::new(Memory::new(Names::default(), lookup, clock)),
        }
    }

    /// A resolver as a child of fork makes it from its parent's.
    #[cfg(test)]
    pub(super) fn heir(&self, lookup: Box<Lookup>, clock: Box<Clock>) -> RememberingResolver {
        RememberingResolver {
            memory: Arc::new(Memory::new(self.memory.inherited(), lookup, clock)),
        }
    }

    /// Runs `action` while the memory is in use, as it can be in another thread at a fork.
    #[cfg(test)]
    pub(super) fn while_in_use<T>(&self, action: impl FnOnce() -> T) -> T {
        let _names = self.memory.lock();
        action()
    }

    /// The addresses of a name, or why there are none after at most `patience`.
    pub(super) fn find(
        &self,
        host: &str,
        port: u16,
        patience: Duration,
    ) -> Result<Addresses, Unresolved> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok([SocketAddr::new(address, port)].into());
        }
        let memory = &self.memory;
        let now = memory.now();
        let mut names = memory.lock();
        match names.choose(host, port, now) {
            Choice::Use(addresses) => Ok(addresses),
            Choice::AskBehind(addresses) => {
                // Where no thread can be started, the answer at hand has to do for a while.
                if let Err(error) = Memory::look_up(memory, host, port) {
                    names.note(host, port, Err(error), now);
                }
                Ok(addresses)
            }
            Choice::Ask => match Memory::look_up(memory, host, port) {
                Ok(()) => memory.wait(names, host, port, patience),
                Err(error) => {
                    let why = error.to_string();
                    names.note(host, port, Err(error), now);
                    (names.last_good(host, port, now)).ok_or(Unresolved::Failed(why))
                }
            },
            Choice::Wait => memory.wait(names, host, port, patience),
            Choice::Full => Err(Unresolved::Failed(
                "too many other names are being looked up".to_owned(),
            )),
        }
    }

    /// Lets what is remembered of a name expire: the next call asks anew, and falls back on it
    /// where no answer comes.
    pub(super) fn expire(&self, host: &str, port: u16) {
        self.memory.lock().expire(host, port);
    }
}

impl Memory {
    fn new(names: Names, lookup: Box<Lookup>, clock: Box<Clock>) -> Memory {
        Memory {
            names: Mutex::new(names),
            answered: Condvar::new(),
            lookup,
            clock,
        }
    }

    /// What a child of fork knows from its parent. Where another thread had the memory locked at
    /// the fork, it stays locked in the child for ever, and the child starts with nothing.
    fn inherited(&self) -> Names {
        (self.names.try_lock()).map_or_else(|_| Names::default(), |names| names.inherited())
    }

    fn lock(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Instant {
        (self.clock)()
    }

    /// The system's look-up cannot be stopped, so it has a thread of its own. Its answer is
    /// remembered even where the one who asked has stopped waiting.
    fn look_up(memory: &Arc<Memory>, host: &str, port: u16) -> io::Result<()> {
        let memory = Arc::clone(memory);
        let host = host.to_owned();
        let task = move || {
            let found = (memory.lookup)(&host, port);
            let now = memory.now();
            memory.lock().note(&host, port, found, now);
            memory.answered.notify_all();
        };
        signals::blocked(|| thread::Builder::new().spawn(task)).map(drop)
    }

    fn wait<'a>(
        &'a self,
        mut names: MutexGuard<'a, Names>,
        host: &str,
        port: u16,
        patience: Duration,
    ) -> Result<Addresses, Unresolved> {
        let started = Instant::now();
        while let Some(has_older) = names.awaits(host, port, self.now()) {
            let limit = if has_older {
                patience.min(PATIENCE)
            } else {
                patience
            };
            let left = limit.saturating_sub(started.elapsed());
            if left.is_zero() {
                let seconds = patience.as_secs_f64();
                let late = || Unresolved::Failed(format!("no answer within {seconds:.1} s"));
                return names.give_up(host, port, self.now()).ok_or_else(late);
            }
            (names, _) = self
                .answered
                .wait_timeout(names, left.min(UNINTERRUPTED))
                .unwrap_or_else(PoisonError::into_inner);
            // The caller's own code must not run under the lock.
            drop(names);
            if call::is_interrupted() {
                return Err(Unresolved::Interrupted);
            }
            names = self.lock();
        }
        (names.last_good(host, port, self.now()))
            .ok_or_else(|| Unresolved::Failed(names.failure(host, port)))
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
        let found = self
            .find(host, port(uri), call::left(&timeout)?)
            .map_err(|unresolved| unresolved.into_error(host))?;
        let mut addresses = self.empty();
        for address in found.iter().take(MOST_ADDRESSES) {
            addresses.push(*address);
        }
        Ok(addresses)
    }
}

impl Unresolved {
    fn into_error(self, host: &str) -> Error {
        match self {
            Unresolved::Failed(cause) => Refusal::error(
                FailureKind::Unreachable,
                format!("the name {host} could not be resolved: {cause}"),
            ),
            Unresolved::Interrupted => Refusal::error(
                FailureKind::Interrupted,
                format!("the call was interrupted while the name {host} was looked up"),
            ),
        }
    }
}

impl fmt::Debug for RememberingResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RememberingResolver")
            .finish_non_exhaustive()
    }
}
