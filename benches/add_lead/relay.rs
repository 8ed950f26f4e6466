//! A relay that holds back what passes it, in each direction, as a long way does.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// It ends with the process.
pub struct Relay {
    port: u16,
}

/// What passes: some bytes, or the end where there are none, and when they may go on.
type Parcel = (Instant, Vec<u8>);

impl Relay {
    /// A relay to this address, which the bytes take so long to reach, and as long to come back.
    pub fn start(base_url: &str, one_way: Duration) -> Relay {
        let (_, target) = base_url.rsplit_once(':').expect("a port");
        let target: u16 = target.parse().expect("a port");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                thread::spawn(move || connect(client, target, one_way));
            }
        });
        Relay { port }
    }

    pub fn base_url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }
}

/// The kernel has told the client at once that it is connected, so a round trip is made up for.
fn connect(client: TcpStream, target: u16, one_way: Duration) {
    let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, target)) else {
        return;
    };
    let connected = Instant::now() + 2 * one_way;
    let (Ok(from_client), Ok(from_server)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    pass(from_client, server, connected, one_way);
    pass(from_server, client, connected, one_way);
}

fn pass(from: TcpStream, to: TcpStream, connected: Instant, one_way: Duration) {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || take(from, &sender, connected, one_way));
    thread::spawn(move || deliver(&receiver, to));
}

fn take(mut from: TcpStream, sender: &Sender<Parcel>, connected: Instant, one_way: Duration) {
    let mut bytes = [0; 64 * 1024];
    loop {
        let count = from.read(&mut bytes).unwrap_or(0);
        let due = Instant::now().max(connected) + one_way;
        if sender.send((due, bytes[..count].to_vec())).is_err() || count == 0 {
            return;
        }
    }
}

fn deliver(receiver: &Receiver<Parcel>, mut to: TcpStream) {
    let _ = to.set_nodelay(true);
    for (due, bytes) in receiver {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        if bytes.is_empty() || to.write_all(&bytes).is_err() {
            let _ = to.shutdown(Shutdown::Write);
            return;
        }
    }
}
