//! Signals that ask for an end on Unix.

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

pub const SIGNALS: [i32; 3] = [SIGTERM, SIGINT, SIGHUP];
