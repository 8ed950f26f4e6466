//! A local stand-in of the service, to try a site against without an account.

// The tests use the rest of its face.
#[allow(dead_code)]
#[path = "sandbox/mod.rs"]
mod sandbox;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::thread;

use sandbox::Sandbox;
use sandbox::arguments::{self, Command, HELP, Run};

fn main() -> ExitCode {
    let texts: Result<Vec<String>, OsString> = std::env::args_os()
        .skip(1)
        .map(OsString::into_string)
        .collect();
    let command = texts
        .map_err(|_| "an argument is not UTF-8".to_owned())
        .and_then(|texts| arguments::parse(texts.into_iter()));
    let done = command.and_then(|command| match command {
        Command::Help => io::stdout()
            .write_all(HELP.as_bytes())
            .map_err(|error| error.to_string()),
        Command::Run(run) => serve(run),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("sandbox: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs until the process is ended from outside.
fn serve(run: Run) -> Result<(), String> {
    // Held until the URL is out, so that no line about a request comes before it.
    let mut output = io::stdout().lock();
    let sandbox = Sandbox::start(run.options).map_err(|error| format!("cannot start: {error}"))?;
    let url = sandbox.base_url();
    let certified = match (&run.ca_file, sandbox.ca_pem()) {
        (Some(path), Some(ca_pem)) => write_whole(path, ca_pem),
        _ => Ok(()),
    };
    let printed = writeln!(output, "{url}").and_then(|()| output.flush());
    drop(output);
    certified?;
    printed.map_err(|error| format!("cannot print the base URL: {error}"))?;
    if let Some(path) = &run.url_file {
        write_whole(path, &url)?;
    }
    loop {
        thread::park();
    }
}

/// Whoever waits for the file never sees a part of it.
fn write_whole(path: &Path, text: &str) -> Result<(), String> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    std::fs::write(&name, text)
        .and_then(|()| std::fs::rename(&name, path))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}
