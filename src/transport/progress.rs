//! What a sending has done so far.

use std::net::SocketAddr;

/// The account of one sending; a failure is told from it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    /// The connection's address, or the one that was tried last.
    pub(super) address: Option<SocketAddr>,
    /// A connection was there: one that was kept, or one with its TLS handshake done.
    pub(super) connected: bool,
    /// The connection was made for this sending.
    pub(super) fresh: bool,
    /// Bytes of the request went out, or may have.
    pub(super) sent: bool,
    /// Bytes of an answer came in.
    pub(super) received: bool,
    /// The rest of the request was not written, since the peer took no more of it.
    pub(super) cut_short: bool,
    /// A signal's handler asked to end the sending.
    pub(super) interrupted: bool,
}

impl Progress {
    pub(super) const NOTHING: Progress = Progress {
        address: None,
        connected: false,
        fresh: false,
        sent: false,
        received: false,
        cut_short: false,
        interrupted: false,
    };
}
