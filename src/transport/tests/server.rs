//! A server whose every move a test decides.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

pub(super) struct Server {
    pub(super) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Mutex<Receiver<String>>,
}

/// One accepted connection; `number` counts from 1.
pub(super) struct Peer<S = TcpStream> {
    pub(super) number: usize,
    pub(super) stream: S,
    seen: Sender<String>,
}

impl Server {
    /// Runs `behave` in a thread for each connection.
    pub(super) fn start(behave: impl Fn(Peer) + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        let (seen, requests) = channel();
        let behave = Arc::new(behave);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let number = counter.fetch_add(1, Ordering::SeqCst) + 1;
                let stream = stream.unwrap();
                let seen = seen.clone();
                let behave = Arc::clone(&behave);
                thread::spawn(move || {
                    behave(Peer {
                        number,
                        stream,
                        seen,
                    })
                });
            }
        });
        Server {
            address,
            connections,
            requests: Mutex::new(requests),
        }
    }

    /// Gives the same answer to each request and keeps the connections.
    pub(super) fn answering(answer: impl Into<Vec<u8>>) -> Server {
        let answer = answer.into();
        Server::start(move |mut peer| {
            while peer.request() {
                peer.send(&answer);
            }
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/api/AddLeadToGroup", self.address)
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The whole requests that came in since the last call.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().try_iter().collect()
    }
}

impl Peer {
    /// The same connection inside another layer, such as TLS.
    pub(super) fn wrapped<S>(self, wrap: impl FnOnce(TcpStream) -> S) -> Peer<S> {
        Peer {
            number: self.number,
            stream: wrap(self.stream),
            seen: self.seen,
        }
    }
}

impl<S: Read + Write> Peer<S> {
    /// Reads one request; false where the client has closed.
    pub(super) fn request(&mut self) -> bool {
        let mut bytes = Vec::new();
        let mut byte = [0];
        loop {
            if let Some(length) = missing_body(&bytes) {
                let mut body = vec![0; length];
                if self.stream.read_exact(&mut body).is_err() {
                    return false;
                }
                bytes.extend(body);
                let _ = self.seen.send(String::from_utf8(bytes).unwrap());
                return true;
            }
            match self.stream.read(&mut byte) {
                Ok(1) => bytes.push(byte[0]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                _ => return false,
            }
        }
    }

    pub(super) fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
        let _ = self.stream.flush();
    }

    /// One byte at a time, until they are out or the client is gone.
    // The tests that call it are of Linux alone.
    #[allow(dead_code)]
    pub(super) fn trickle(&mut self, bytes: &[u8], pause: Duration) {
        for byte in bytes {
            if self.stream.write_all(&[*byte]).is_err() {
                return;
            }
            thread::sleep(pause);
        }
    }
}

/// The length of the body, once the head is complete.
fn missing_body(bytes: &[u8]) -> Option<usize> {
    let head = std::str::from_utf8(bytes).ok()?.strip_suffix("\r\n\r\n")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().unwrap())
    });
    Some(length.unwrap_or(0))
}

pub(super) fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
}

pub(super) fn ok(body: &str) -> String {
    answer("200 OK", "", body)
}
