//! A server between the client and a sandbox, which passes requests on, or lets them meet a fault.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::fault::{Fault, Reaction, Stage};
use super::message;

/// Says which fault the request of this number meets; numbers begin with 0.
type Script = dyn Fn(usize) -> Option<Fault> + Send + Sync;

/// A running server. Dropping it cuts its connections and ends its threads.
pub struct FaultServer {
    pub address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

struct Shared {
    service: SocketAddr,
    tls: Option<Arc<ServerConfig>>,
    script: Box<Script>,
    turn: AtomicUsize,
    ended: AtomicBool,
    open: Mutex<HashMap<usize, TcpStream>>,
}

impl FaultServer {
    /// Passes on to the sandbox at `service` whatever the script lets pass.
    pub fn start(
        service: SocketAddr,
        tls: Option<Arc<ServerConfig>>,
        script: impl Fn(usize) -> Option<Fault> + Send + Sync + 'static,
    ) -> FaultServer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            service,
            tls,
            script: Box::new(script),
            turn: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
            open: Mutex::default(),
        });
        let accepting = Arc::clone(&shared);
        let acceptor = thread::spawn(move || accept(&listener, &accepting));
        FaultServer {
            address,
            shared,
            acceptor: Some(acceptor),
        }
    }

    pub fn base_url(&self) -> String {
        let scheme = if self.shared.tls.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://localhost:{}", self.address.port())
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        // Only a connection wakes the listener.
        let _ = TcpStream::connect(self.address);
        for stream in self.shared.open.lock().expect("no panic").values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

fn accept(listener: &TcpListener, shared: &Shared) {
    thread::scope(|scope| {
        for (number, stream) in listener.incoming().enumerate() {
            let mut open = shared.open.lock().expect("no panic");
            if shared.ended.load(Ordering::SeqCst) {
                return;
            }
            let Ok(stream) = stream else { continue };
            open.extend(stream.try_clone().map(|stream| (number, stream)));
            scope.spawn(move || {
                let _ = shared.converse(&stream);
                // A reset happens when the last descriptor is closed.
                shared.open.lock().expect("no panic").remove(&number);
            });
        }
    });
}

impl Shared {
    fn next(&self) -> Option<Fault> {
        (self.script)(self.turn.fetch_add(1, Ordering::SeqCst))
    }

    fn converse(&self, raw: &TcpStream) -> io::Result<()> {
        raw.set_nodelay(true)?;
        let fault = self.next();
        if let Some(fault) = &fault
            && fault.stage == Stage::Connected
        {
            return self.react(&mut &*raw, raw, &fault.reaction, &[]);
        }
        match &self.tls {
            None => self.serve(&mut &*raw, raw, fault),
            Some(config) => {
                let tls = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
                self.serve(&mut StreamOwned::new(tls, raw), raw, fault)
            }
        }
    }

    /// Serves requests, of which the first meets `first`, until a fault ends the connection.
    fn serve<S: Read + Write>(
        &self,
        stream: &mut S,
        raw: &TcpStream,
        first: Option<Fault>,
    ) -> io::Result<()> {
        let mut service = None;
        let mut first = Some(first);
        while let Some(byte) = message::begin(stream)? {
            let fault = first.take().unwrap_or_else(|| self.next());
            if let Some(fault) = &fault
                && fault.stage <= Stage::Begun
            {
                return self.react(stream, raw, &fault.reaction, &[]);
            }
            let request = message::finish(stream, byte)?;
            let answer = match &fault {
                Some(fault) if fault.stage < Stage::Applied => Vec::new(),
                _ => self.pass_on(&mut service, &request)?,
            };
            match &fault {
                None => send(stream, &answer)?,
                Some(fault) => return self.react(stream, raw, &fault.reaction, &answer),
            }
        }
        Ok(())
    }

    /// Passes a request on over a connection that is kept for the next.
    fn pass_on(&self, service: &mut Option<TcpStream>, request: &[u8]) -> io::Result<Vec<u8>> {
        let service = match service {
            Some(service) => service,
            None => service.insert(TcpStream::connect(self.service)?),
        };
        service.write_all(request)?;
        match message::begin(service)? {
            Some(byte) => message::finish(service, byte),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    fn react(
        &self,
        stream: &mut (impl Read + Write),
        raw: &TcpStream,
        reaction: &Reaction,
        answer: &[u8],
    ) -> io::Result<()> {
        match reaction {
            Reaction::Close => Ok(()),
            Reaction::Reset => reset(raw),
            Reaction::Silence => self.wait_for_the_end(raw),
            Reaction::Bytes(bytes) => {
                send(stream, bytes)?;
                linger(raw)
            }
            Reaction::Stalled(bytes) => {
                send(stream, bytes)?;
                self.wait_for_the_end(raw)
            }
            Reaction::Endless(head, chunk) => {
                send(stream, head)?;
                while !self.ended.load(Ordering::SeqCst) {
                    send(stream, chunk)?;
                }
                Ok(())
            }
            Reaction::Trickle(first, rest, pause) => {
                send(stream, first)?;
                for byte in rest {
                    if self.pause(raw, *pause) {
                        return Ok(());
                    }
                    send(stream, &[*byte])?;
                }
                Ok(())
            }
            Reaction::After(bytes) => {
                send(stream, &[bytes, answer].concat())?;
                linger(raw)
            }
            Reaction::Half => {
                send(stream, &answer[..answer.len() / 2])?;
                linger(raw)
            }
            Reaction::Last => {
                send(stream, answer)?;
                linger(raw)
            }
            Reaction::ClosedAsReused => {
                send(stream, answer)?;
                match message::begin(stream)? {
                    Some(_) => reset(raw),
                    None => Ok(()),
                }
            }
        }
    }

    fn wait_for_the_end(&self, raw: &TcpStream) -> io::Result<()> {
        while !self.pause(raw, Duration::from_secs(1)) {}
        Ok(())
    }

    /// Waits for so long, or until one side has closed; whether one has.
    fn pause(&self, raw: &TcpStream, time: Duration) -> bool {
        let _ = raw.set_read_timeout(Some(time));
        let mut unread = [0; 4096];
        loop {
            // What the client still sends is thrown away, so that only its end ends the pause.
            match (&*raw).read(&mut unread) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => {
                    let in_time = matches!(
                        error.kind(),
                        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
                    );
                    return !in_time;
                }
            }
        }
    }
}

fn send(stream: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes)?;
    stream.flush()
}

/// Makes the close that follows a reset.
fn reset(raw: &TcpStream) -> io::Result<()> {
    Ok(set_socket_linger(raw, Some(Duration::ZERO))?)
}

/// Closing with unread bytes would reset the connection and take the last answer with it.
fn linger(mut raw: &TcpStream) -> io::Result<()> {
    raw.shutdown(Shutdown::Write)?;
    raw.set_read_timeout(Some(Duration::from_secs(1)))?;
    while raw.read(&mut [0; 4096])? > 0 {}
    Ok(())
}
