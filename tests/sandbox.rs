//! The sandbox: what it takes, what it refuses, and that PHP would read each request the same way.
#![cfg(target_os = "linux")]

#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

#[path = "../examples/sandbox/tests/command_line.rs"]
mod command_line;
#[path = "../examples/sandbox/tests/connections.rs"]
mod connections;
#[path = "../examples/sandbox/tests/encrypted.rs"]
mod encrypted;
#[path = "../examples/sandbox/tests/forms.rs"]
mod forms;
#[path = "../examples/sandbox/tests/functions.rs"]
mod functions;
#[path = "../examples/sandbox/tests/judging.rs"]
mod judging;
#[path = "../examples/sandbox/tests/switches.rs"]
mod switches;
#[path = "../examples/sandbox/tests/talk.rs"]
mod talk;
