//! Stands between a store and its server, and loses or holds back what a test wants.

#![allow(dead_code, reason = "each test program uses a part")]

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use fastrand::Rng;

/// How a commit ends as MySQL's clients send it, and PostgreSQL's.
const COMMITS: [&[u8]; 2] = [b"\x03commit", b"commit\0"];
/// To add a lead is one statement there, and needs none.
const ADD: &[u8] = b"with there as (";

#[derive(Default)]
struct State {
    /// The answer to what comes next is lost with the connection.
    cuts: AtomicBool,
    /// Which of the next commits are not answered.
    commits: Mutex<VecDeque<bool>>,
    /// Nothing passes any more, and no connection is closed.
    swallows: AtomicBool,
    /// What comes passes later.
    holds: AtomicBool,
    /// The next commit stays here, and all behind it.
    holds_commit: AtomicBool,
    /// Changes some bytes of each so-manieth answer.
    garbles: Mutex<Option<(Rng, u64)>>,
    ends: AtomicBool,
    connections: AtomicU32,
}

pub struct Proxy {
    pub port: u16,
    state: Arc<State>,
    listens: Option<JoinHandle<()>>,
}

impl Proxy {
    pub fn start(server: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let listens = thread::spawn(move || {
            let mut open = Vec::new();
            for client in listener.incoming() {
                if shared.ends.load(Ordering::SeqCst) {
                    break;
                }
                shared.connections.fetch_add(1, Ordering::SeqCst);
                // A server that is away takes no connection.
                if let (Ok(client), Ok(server)) =
                    (client, TcpStream::connect(("127.0.0.1", server)))
                {
                    open.extend(pass(client, server, &shared));
                }
            }
            for (thread, streams) in open {
                for stream in streams {
                    let _ = stream.shutdown(Shutdown::Both);
                }
                thread.join().expect("it ends");
            }
        });
        Proxy {
            port,
            state,
            listens: Some(listens),
        }
    }

    /// Loses the next answer, and the connection with it.
    pub fn cut(&self) {
        self.state.cuts.store(true, Ordering::SeqCst);
    }

    pub fn has_cut(&self) -> bool {
        !self.state.cuts.load(Ordering::SeqCst)
    }

    /// Loses the answers to these of the next commits, and the connections with them.
    pub fn cut_commits(&self, commits: impl IntoIterator<Item = bool>) {
        *self.state.commits.lock().expect("the commits") = commits.into_iter().collect();
    }

    /// Loses all that comes, and says nothing of it.
    pub fn swallow(&self, does: bool) {
        self.state.swallows.store(does, Ordering::SeqCst);
    }

    /// Holds back all that comes, or lets it pass.
    pub fn hold(&self, does: bool) {
        self.state.holds.store(does, Ordering::SeqCst);
    }

    /// Holds back the next commit and what is behind it, as where its host is gone without a word.
    pub fn hold_commit(&self) {
        self.state.holds_commit.store(true, Ordering::SeqCst);
    }

    /// Changes some bytes of what the server answers from now on.
    pub fn garble(&self, seed: u64) {
        // Some of the first, or of those that come once all is well.
        let every = 2 + seed % 30;
        *self.state.garbles.lock().expect("the chance") = Some((Rng::with_seed(seed), every));
    }

    pub fn holds(&self) -> bool {
        self.state.holds.load(Ordering::SeqCst)
    }

    pub fn connections(&self) -> u32 {
        self.state.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.ends.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(listens) = self.listens.take() {
            let _ = listens.join();
        }
    }
}

type Passing = (JoinHandle<()>, [TcpStream; 2]);

fn pass(client: TcpStream, server: TcpStream, state: &Arc<State>) -> [Passing; 2] {
    let copy = |stream: &TcpStream| stream.try_clone().expect("a copy");
    let one_way = |from: &TcpStream, to: &TcpStream, is_answer: bool| {
        let (mut source, mut target) = (copy(from), copy(to));
        let state = Arc::clone(state);
        let thread = thread::spawn(move || move_bytes(&mut source, &mut target, &state, is_answer));
        (thread, [copy(from), copy(to)])
    };
    [
        one_way(&client, &server, false),
        one_way(&server, &client, true),
    ]
}

fn move_bytes(from: &mut TcpStream, to: &mut TcpStream, state: &State, is_answer: bool) {
    let mut bytes = [0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        let bytes = &mut bytes[..count];
        if state.swallows.load(Ordering::SeqCst) {
            continue;
        }
        if !is_answer && is_commit(bytes) {
            state.sees_commit();
        }
        state.wait_while_held();
        if is_answer {
            state.garble(bytes);
        }
        // The server has answered, so it is done.
        if is_answer && state.cuts.swap(false, Ordering::SeqCst) {
            break;
        }
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    for end in [from, to] {
        let _ = end.shutdown(Shutdown::Both);
    }
}

fn is_commit(bytes: &[u8]) -> bool {
    COMMITS.iter().any(|commit| bytes.ends_with(commit))
        || bytes.windows(ADD.len()).any(|part| part == ADD)
}

impl State {
    fn sees_commit(&self) {
        if self.holds_commit.swap(false, Ordering::SeqCst) {
            self.holds.store(true, Ordering::SeqCst);
        }
        if self.commits.lock().expect("the commits").pop_front() == Some(true) {
            self.cuts.store(true, Ordering::SeqCst);
        }
    }

    /// Up to three bytes.
    fn garble(&self, bytes: &mut [u8]) {
        let mut chance = self.garbles.lock().expect("the chance");
        let Some((chance, every)) = chance.as_mut() else {
            return;
        };
        if chance.u64(..*every) > 0 {
            return;
        }
        for _ in 0..chance.usize(1..=3) {
            // What says of what kind and how long an answer is stands at its beginning.
            let part = if chance.bool() { 12 } else { bytes.len() };
            let place = chance.usize(..bytes.len().min(part));
            let other = chance.u8(..);
            bytes[place] = chance.choice([0, 1, 0x7F, 0xFE, 0xFF, other]).expect("one");
        }
    }

    fn wait_while_held(&self) {
        while self.holds.load(Ordering::SeqCst) && !self.ends.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(1));
        }
    }
}
