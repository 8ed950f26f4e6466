//! The sandbox as a program: it tells where it listens, and runs until it is ended.

use std::io::{self, Write};
use std::path::Path;
use std::thread;

use super::arguments::Arguments;
use super::{Options, Sandbox};

/// Runs until the process is ended from outside; returns only where it cannot start.
pub fn run(arguments: &Arguments, options: Options) -> Result<(), String> {
    // Held until the URL is out, so that no line about a request comes before it.
    let mut output = io::stdout().lock();
    let sandbox = Sandbox::start(options).map_err(|error| match arguments.port {
        Some(port) => format!("cannot listen on port {port}: {error}"),
        None => format!("cannot start: {error}"),
    })?;
    let url = sandbox.base_url();
    let certified = match (&arguments.ca_file, sandbox.ca_pem()) {
        (Some(path), Some(ca_pem)) => write_whole(path, ca_pem),
        _ => Ok(()),
    };
    let printed = writeln!(output, "{url}").and_then(|()| output.flush());
    drop(output);
    certified?;
    printed.map_err(|error| format!("cannot print the base URL: {error}"))?;
    if let Some(path) = &arguments.url_file {
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
