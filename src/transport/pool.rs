//! The connections that wait for their next request.
//!
//! ureq's own pool keeps nothing here: it throws away a connection that one caller must not use,
//! and its clock is not in a test's hands.

use std::collections::VecDeque;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ureq::http::Uri;
use ureq::http::uri::{Authority, Scheme};
use ureq::unversioned::transport::Transport;

/// An idle connection is used again within this time, and closed after it.
pub(super) const IDLE_KEPT: Duration = Duration::from_secs(15);
/// Idle connections kept to one host.
pub(super) const IDLE_PER_HOST: usize = 32;
/// Idle connections kept in all.
pub(super) const IDLE_IN_ALL: usize = 64;

/// The idle connections of one session, those that were used last at the end.
#[derive(Debug, Default)]
pub(super) struct Pool(Mutex<VecDeque<Idle>>);

#[derive(Debug)]
struct Idle {
    since: Instant,
    kept: Kept,
}

/// A connection that may serve several requests.
pub(super) struct Kept {
    pub(super) transport: Box<dyn Transport>,
    pub(super) address: Option<SocketAddr>,
    pub(super) opened: Instant,
    host: Host,
}

/// Connections to one are not used for another.
#[derive(PartialEq)]
struct Host(Scheme, Authority);

impl Kept {
    /// `None` for a URL that names no host.
    pub(super) fn new(
        uri: &Uri,
        transport: Box<dyn Transport>,
        address: Option<SocketAddr>,
        opened: Instant,
    ) -> Option<Kept> {
        let host = Host(uri.scheme()?.clone(), uri.authority()?.clone());
        Some(Kept {
            transport,
            address,
            opened,
            host,
        })
    }

    fn leads_to(&self, uri: &Uri) -> bool {
        Some(&self.host.0) == uri.scheme() && Some(&self.host.1) == uri.authority()
    }
}

impl Pool {
    /// The open connection to this host that was used last. With `after_loss` none that was open
    /// at that moment; such ones stay for other callers.
    pub(super) fn take(
        &self,
        uri: &Uri,
        now: Instant,
        after_loss: Option<Instant>,
    ) -> Option<Kept> {
        let old = self.remove_old(now);
        drop(old);
        loop {
            let mut kept = {
                let mut idle = self.lock();
                let serves = |one: &Idle| {
                    one.kept.leads_to(uri) && after_loss.is_none_or(|loss| one.kept.opened > loss)
                };
                let position = idle.iter().rposition(serves)?;
                idle.remove(position)?.kept
            };
            // The look at the connection and its end are calls of the system: not under the lock.
            if kept.transport.is_open() {
                return Some(kept);
            }
        }
    }

    /// Keeps a connection whose answer was read to its end.
    pub(super) fn put(&self, kept: Kept, now: Instant) {
        let old = self.remove_old(now);
        let mut idle = self.lock();
        let mut of_host = idle
            .iter()
            .enumerate()
            .filter(|(_, one)| one.kept.host == kept.host);
        let oldest_of_host = of_host.next().map(|(position, _)| position);
        let is_full_for_host = 1 + of_host.count() >= IDLE_PER_HOST;
        let too_many = if is_full_for_host {
            oldest_of_host.and_then(|position| idle.remove(position))
        } else if idle.len() >= IDLE_IN_ALL {
            idle.pop_front()
        } else {
            None
        };
        idle.push_back(Idle { since: now, kept });
        drop(idle);
        drop((old, too_many));
    }

    fn remove_old(&self, now: Instant) -> Vec<Idle> {
        let mut idle = self.lock();
        let is_old = |one: &Idle| now.saturating_duration_since(one.since) >= IDLE_KEPT;
        let count = idle.iter().take_while(|one| is_old(one)).count();
        if count == 0 {
            return Vec::new();
        }
        idle.drain(..count).collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Idle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
