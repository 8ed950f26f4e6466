//! How long after a worker was killed another one gets its lead.

use std::thread;
use std::time::{Duration, Instant};

use justclick::outbox::row::Claim;

use super::engine::Engine;
use super::leads::{self, LIMIT};
use super::sandbox::{Behaviour, Options, Sandbox};
use super::workers::Worker;

const LEASE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(100);

pub fn measure(engine: &Engine) -> Duration {
    let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
    let row = leads::row(&sandbox.base_url(), 0);
    let store = engine.store();
    store.add(&row, LIMIT).expect("is kept");
    sandbox.next(Behaviour::Slow(LEASE));
    let mut worker = Worker::start(engine, &sandbox.base_url());
    worker.go();
    while sandbox.requests() == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    worker.kill();
    let began = Instant::now();
    while !matches!(
        store.claim(&row.account, "", LEASE, None).expect("claims"),
        Claim::Row(_)
    ) {
        thread::sleep(PAUSE);
    }
    began.elapsed()
}
