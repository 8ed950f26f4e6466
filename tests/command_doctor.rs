//! `justclick doctor`: each thing that it can find is brought about for real, and it names the thing and
//! what to do. The secret is told nowhere.

#![cfg(all(feature = "cli", target_os = "linux"))]

#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

#[path = "command_doctor/account.rs"]
mod account;
#[path = "command_doctor/doctor.rs"]
mod doctor;
#[path = "command_doctor/languages.rs"]
mod languages;
#[path = "command_doctor/network.rs"]
mod network;
#[path = "command_doctor/server.rs"]
mod server;
#[path = "command_doctor/store.rs"]
mod store;
#[path = "command_doctor/tls.rs"]
mod tls;
