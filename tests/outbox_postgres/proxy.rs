//! Stands between a store and its server, and loses what a test wants lost.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::{self, JoinHandle};

#[derive(Default)]
struct State {
    /// The answer to what comes next is lost with the connection.
    cuts: AtomicBool,
    /// Nothing passes any more, and no connection is closed.
    swallows: AtomicBool,
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
                let client = client.expect("a connection");
                let server = TcpStream::connect(("127.0.0.1", server)).expect("the server");
                open.extend(pass(client, server, &shared));
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

    /// Loses all that comes, and says nothing of it.
    pub fn swallow(&self, does: bool) {
        self.state.swallows.store(does, Ordering::SeqCst);
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
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if state.swallows.load(Ordering::SeqCst) {
            continue;
        }
        if is_answer && state.cuts.swap(false, Ordering::SeqCst) {
            break;
        }
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    for end in [from, to] {
        let _ = end.shutdown(Shutdown::Both);
    }
}
