//! The listener, and a thread for each connection.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::Options;
use super::exchange::{Ending, serve};
use super::state::State;
use super::tls::Tls;

/// How long a refused client may go on sending before the connection is cut.
const LINGER: Duration = Duration::from_secs(1);

pub struct Server {
    address: SocketAddr,
    ca_pem: Option<String>,
    state: Arc<State>,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(options: Options) -> io::Result<Server> {
        let tls = options.tls.then(Tls::generate).transpose()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port.unwrap_or(0)))?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::new(options));
        let ca_pem = tls.as_ref().map(|tls| tls.ca_pem.clone());
        let shared = Arc::clone(&state);
        let acceptor = thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || accept(listener, tls.as_ref(), &shared))?;
        Ok(Server {
            address,
            ca_pem,
            state,
            acceptor: Some(acceptor),
        })
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    pub fn base_url(&self) -> String {
        match self.ca_pem {
            None => format!("http://{}", self.address),
            // Some clients ask certificates for names alone.
            Some(_) => format!("https://localhost:{}", self.address.port()),
        }
    }

    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.end();
        let Some(acceptor) = self.acceptor.take() else {
            return;
        };
        // Only a connection wakes the listener.
        while !acceptor.is_finished() {
            let _ = TcpStream::connect_timeout(&self.address, Duration::from_millis(100));
            thread::sleep(Duration::from_millis(1));
        }
        let _ = acceptor.join();
    }
}

/// Accepts until the end, and returns when every connection has ended too.
fn accept(listener: TcpListener, tls: Option<&Tls>, state: &State) {
    // The listener goes before the connections are waited for.
    thread::scope(move |scope| {
        loop {
            let accepted = listener.accept();
            if state.has_ended() {
                return;
            }
            let spawned = accepted.and_then(|(stream, _)| {
                thread::Builder::new().spawn_scoped(scope, move || converse(stream, tls, state))
            });
            // Out of descriptors or threads: others have to end first.
            if spawned.is_err() {
                state.pause(Duration::from_millis(10));
            }
        }
    });
}

fn converse(stream: TcpStream, tls: Option<&Tls>, state: &State) {
    let Some(entered) = state.enter(stream) else {
        return;
    };
    let mut stream = entered.stream();
    let _ = stream.set_nodelay(true);
    let ending = match tls {
        None => serve(stream, state),
        Some(tls) => serve_tls(tls, stream, state),
    };
    if ending == Ending::Refused {
        // Closing with unread bytes would reset the connection and take the answer with it.
        let _ = stream.shutdown(Shutdown::Write);
        linger(&mut stream);
    }
}

fn serve_tls(tls: &Tls, stream: &TcpStream, state: &State) -> Ending {
    let Ok(mut stream) = tls.accept(stream) else {
        return Ending::Cut;
    };
    let ending = serve(&mut stream, state);
    if ending != Ending::Cut {
        stream.conn.send_close_notify();
        let _ = stream.flush();
    }
    ending
}

fn linger(stream: &mut &TcpStream) {
    let start = Instant::now();
    let mut unread = [0; 16 * 1024];
    while let Some(left) = LINGER
        .checked_sub(start.elapsed())
        .filter(|left| !left.is_zero())
    {
        if stream.set_read_timeout(Some(left)).is_err()
            || !matches!(stream.read(&mut unread), Ok(1..))
        {
            return;
        }
    }
}
