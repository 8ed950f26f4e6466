//! The keys of the last leads, so that a sender's repeat of one that was delivered meanwhile counts once.
//! They are lost with the process; the service then answers a repeat that it has the contact.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ring::digest::{SHA256, digest};

const LIMIT: usize = 100_000;

type Digest = [u8; 32];

#[derive(Default)]
pub struct Repeats(Mutex<Known>);

#[derive(Default)]
struct Known {
    ids: HashMap<Digest, i64>,
    order: VecDeque<Digest>,
}

impl Repeats {
    /// The number of the lead that came with this key.
    pub fn id(&self, key: &str) -> Option<i64> {
        self.known().ids.get(&digest_of(key)).copied()
    }

    pub fn note(&self, key: &str, id: i64) {
        let key = digest_of(key);
        let mut known = self.known();
        if known.ids.insert(key, id).is_none() {
            known.order.push_back(key);
        }
        if known.order.len() > LIMIT
            && let Some(oldest) = known.order.pop_front()
        {
            known.ids.remove(&oldest);
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn digest_of(key: &str) -> Digest {
    let mut bytes = Digest::default();
    bytes.copy_from_slice(digest(&SHA256, key.as_bytes()).as_ref());
    bytes
}
