//! `justclick serve`: the payloads of well-known senders become the right leads, what is answered with
//! 200 is kept, and everything else is refused within bounds.
//!
//! `JUSTCLICK_SERVE_KILLS=200 cargo test --features cli --test command_serve` kills it so often.
#![cfg(all(feature = "cli", target_os = "linux"))]

#[path = "command_serve/bridge.rs"]
mod bridge;
#[path = "command_serve/http.rs"]
mod http;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

#[path = "command_serve/configuration.rs"]
mod configuration;
#[path = "command_serve/connections.rs"]
mod connections;
#[path = "command_serve/form.rs"]
mod form;
#[path = "command_serve/kill.rs"]
mod kill;
#[path = "command_serve/load.rs"]
mod load;
#[path = "command_serve/payloads.rs"]
mod payloads;
#[path = "command_serve/refusals.rs"]
mod refusals;
#[path = "command_serve/status_page.rs"]
mod status_page;
