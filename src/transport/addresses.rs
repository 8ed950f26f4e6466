//! The order in which the addresses of a name are tried, by what is known of them.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So long a failed address is tried after all others.
const FAILURE_REMEMBERED: Duration = Duration::from_secs(60);
/// More than a program's hosts have; the one that was heard of least recently makes room.
const MOST_REMEMBERED: usize = 64;

/// How connections to addresses went. In the order of the last news, the latest at the end.
#[derive(Debug, Default)]
pub(super) struct Addresses(Mutex<Vec<News>>);

#[derive(Debug)]
struct News {
    address: SocketAddr,
    /// When it failed; `None` where the last connection to it was good.
    failed: Option<Instant>,
}

impl Addresses {
    pub(super) fn note_good(&self, address: SocketAddr) {
        self.note(address, None);
    }

    pub(super) fn note_failed(&self, address: SocketAddr, now: Instant) {
        self.note(address, Some(now));
    }

    fn note(&self, address: SocketAddr, failed: Option<Instant>) {
        let mut all = self.lock();
        all.retain(|news| news.address != address);
        if all.len() >= MOST_REMEMBERED {
            all.remove(0);
        }
        all.push(News { address, failed });
    }

    /// The last good one first, then the families in turn as RFC 8305 has it, then those that
    /// failed, the one that failed longest ago first.
    pub(super) fn in_order(&self, found: &[SocketAddr], now: Instant) -> Vec<SocketAddr> {
        let all = self.lock();
        let is_failed = |news: &&News| {
            (news.failed)
                .is_some_and(|failed| now.saturating_duration_since(failed) < FAILURE_REMEMBERED)
        };
        let among = |news: &&News| found.contains(&news.address);
        let good = (all.iter().rev())
            .find(|news| news.failed.is_none() && among(news))
            .map(|news| news.address);
        let failed: Vec<SocketAddr> = (all.iter())
            .filter(|news| is_failed(news) && among(news))
            .map(|news| news.address)
            .collect();
        drop(all);
        let rest: Vec<SocketAddr> = (found.iter().copied())
            .filter(|address| Some(*address) != good && !failed.contains(address))
            .collect();
        let mut order: Vec<SocketAddr> = good.into_iter().collect();
        order.extend(families_in_turn(&rest, good));
        order.extend(failed);
        order
    }

    fn lock(&self) -> MutexGuard<'_, Vec<News>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins with the family that `before` is not of, or that of the first.
fn families_in_turn(addresses: &[SocketAddr], before: Option<SocketAddr>) -> Vec<SocketAddr> {
    let begins_with_ipv6 = match (before, addresses.first()) {
        (Some(before), _) => before.is_ipv4(),
        (None, first) => first.is_some_and(SocketAddr::is_ipv6),
    };
    let of_family =
        |ipv6: bool| (addresses.iter()).filter(move |address| address.is_ipv6() == ipv6);
    let mut first = of_family(begins_with_ipv6);
    let mut second = of_family(!begins_with_ipv6);
    let mut order = Vec::with_capacity(addresses.len());
    while order.len() < addresses.len() {
        order.extend(first.next());
        order.extend(second.next());
    }
    order
}
