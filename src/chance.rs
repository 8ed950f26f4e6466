//! Chance, for waits that must not end together.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::SystemTime;

use crate::per_process;

/// A number from 0 up to, but not including, 1.
pub(crate) fn chance() -> f64 {
    // A child made by fork() inherits the thread's keys, and siblings share a generation.
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u64(per_process::generation());
    hasher.write_u32(std::process::id());
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    hasher.write_u128(now.map_or(0, |since| since.as_nanos()));
    (hasher.finish() >> 11) as f64 / (1_u64 << 53) as f64
}
