//! What can go wrong between a client and the service.

use std::time::Duration;

/// Something that goes wrong with one request.
#[derive(Clone, Debug)]
pub struct Fault {
    /// How far the request gets.
    pub stage: Stage,
    /// What the client meets then.
    pub reaction: Reaction,
}

/// How far a request gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Its connection is accepted. TLS has not begun.
    Connected,
    /// Its first byte arrives.
    Begun,
    /// It arrives, and the service never sees it.
    Received,
    /// The service acts on it.
    Applied,
}

/// What a client meets.
#[derive(Clone, Debug)]
pub enum Reaction {
    /// The connection is closed, as a program that ends closes it.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing, for as long as the client waits.
    Silence,
    /// These bytes, and then the end of the connection.
    Bytes(Vec<u8>),
    /// These bytes over and over, for as long as the client reads.
    Endless(Vec<u8>, Vec<u8>),
    /// The first bytes at once, the others each after a pause, and the end of the connection.
    Trickle(Vec<u8>, Vec<u8>, Duration),
    /// Bytes, and silence after them.
    Stalled(Vec<u8>),
    /// The service's answer with these bytes before it.
    After(Vec<u8>),
    /// The first half of the service's answer, and then the end of the connection.
    Half,
    /// The service's answer, and then the end of the connection.
    Last,
    /// The service's answer, the connection's end at the very moment of the next request.
    ClosedAsReused,
}

impl Fault {
    pub fn new(stage: Stage, reaction: Reaction) -> Fault {
        Fault { stage, reaction }
    }

    /// An answer that another than the service gives.
    pub fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Fault {
        Fault::new(
            Stage::Received,
            Reaction::Bytes(answer(status, headers, body)),
        )
    }
}

/// An answer of HTTP, with its length.
pub fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// An answer as these bytes.
pub fn raw(text: &str) -> Fault {
    Fault::new(Stage::Received, Reaction::Bytes(text.into()))
}
