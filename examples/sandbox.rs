//! A local stand-in of the service, to try a site against without an account.

// The tests use the rest of its face.
#[allow(dead_code)]
#[path = "sandbox/mod.rs"]
mod sandbox;

use std::process::ExitCode;

use clap::Parser;
use sandbox::arguments::{ABOUT, Arguments};

#[derive(Parser)]
#[command(name = "sandbox", about = ABOUT, max_term_width = 100)]
struct Program {
    #[command(flatten)]
    arguments: Arguments,
}

fn main() -> ExitCode {
    let program = Program::parse();
    let ended = (program.arguments.options())
        .and_then(|options| sandbox::program::run(&program.arguments, options));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("sandbox: {message}");
            ExitCode::FAILURE
        }
    }
}
