//! Signals that ask for an end on Windows: Ctrl-C, and what the program itself may raise.

use signal_hook::consts::{SIGINT, SIGTERM};

pub const SIGNALS: [i32; 2] = [SIGTERM, SIGINT];
