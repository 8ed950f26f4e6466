//! What the connections share: the service, the counters, the queue, and the end of it all.

use std::collections::{HashMap, VecDeque};
use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::service::Service;
use super::switches::Switches;
use super::{Behaviour, Options};

pub struct State {
    pub service: Service,
    log: bool,
    keep_bodies: bool,
    requests: AtomicUsize,
    accepted: AtomicUsize,
    bodies: Mutex<Vec<Vec<u8>>>,
    behaviours: Mutex<VecDeque<Behaviour>>,
    switches: Mutex<Switches>,
    connections: Mutex<Connections>,
    end: Condvar,
}

#[derive(Default)]
struct Connections {
    ended: bool,
    open: HashMap<usize, Arc<TcpStream>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    pub fn new(options: Options) -> State {
        State {
            service: Service::new(options.accounts),
            log: options.log,
            keep_bodies: options.keep_bodies,
            requests: AtomicUsize::new(0),
            accepted: AtomicUsize::new(0),
            bodies: Mutex::default(),
            behaviours: Mutex::default(),
            switches: Mutex::default(),
            connections: Mutex::default(),
            end: Condvar::new(),
        }
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    pub fn bodies(&self) -> Vec<Vec<u8>> {
        locked(&self.bodies).clone()
    }

    pub fn queue(&self, behaviour: Behaviour) {
        locked(&self.behaviours).push_back(behaviour);
    }

    pub fn switches(&self) -> Switches {
        *locked(&self.switches)
    }

    pub fn set_switches(&self, switches: Switches) {
        *locked(&self.switches) = switches;
    }

    /// Counts a request; what is queued for it, if anything.
    pub fn arrived(&self, body: &[u8]) -> Option<Behaviour> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        if self.keep_bodies {
            locked(&self.bodies).push(body.to_vec());
        }
        locked(&self.behaviours).pop_front()
    }

    pub fn log(&self, line: &str) {
        if self.log {
            // Whoever reads the lines may go; the sandbox stays.
            let _ = writeln!(std::io::stdout(), "{line}");
        }
    }

    /// Takes part in the connections to cut at the end. `None` once it has come.
    pub fn enter(&self, stream: TcpStream) -> Option<Entered<'_>> {
        let mut connections = locked(&self.connections);
        if connections.ended {
            return None;
        }
        let number = self.accepted.fetch_add(1, Ordering::SeqCst);
        let stream = Arc::new(stream);
        connections.open.insert(number, Arc::clone(&stream));
        Some(Entered {
            state: self,
            number,
            stream,
        })
    }

    /// Cuts every connection and ends every pause.
    pub fn end(&self) {
        let mut connections = locked(&self.connections);
        connections.ended = true;
        for stream in connections.open.values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.end.notify_all();
    }

    pub fn has_ended(&self) -> bool {
        locked(&self.connections).ended
    }

    /// Waits for so long, or until the end; whether the end came.
    pub fn pause(&self, time: Duration) -> bool {
        let start = Instant::now();
        let mut connections = locked(&self.connections);
        while !connections.ended {
            let Some(left) = time
                .checked_sub(start.elapsed())
                .filter(|left| !left.is_zero())
            else {
                return false;
            };
            let waited = self.end.wait_timeout(connections, left);
            connections = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

/// A connection that takes part.
pub struct Entered<'a> {
    state: &'a State,
    number: usize,
    stream: Arc<TcpStream>,
}

impl Entered<'_> {
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        locked(&self.state.connections).open.remove(&self.number);
    }
}
