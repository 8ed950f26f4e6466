//! Other programs of this machine, asked for what they know.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::env;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

#[cfg(unix)]
use unix::{file_name, is_program};
#[cfg(windows)]
use windows::{file_name, is_program};

const PATIENCE: Duration = Duration::from_secs(20);
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// What a program said.
pub struct Said {
    pub is_success: bool,
    pub output: String,
    pub errors: String,
}

/// The program of this name that a shell would start.
pub fn find(name: &str) -> Option<PathBuf> {
    (folders().map(|folder| folder.join(file_name(name)))).find(|path| is_program(path))
}

/// All programs whose names begin so, each once: in the PATH and in the folders of servers.
pub fn find_all(start: &str) -> Vec<PathBuf> {
    let servers = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in folders().chain(servers) {
        let Ok(entries) = folder.read_dir() else {
            continue;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path.file_name().and_then(|name| name.to_str());
            let is_it = name.is_some_and(|name| name.starts_with(start)) && is_program(&path);
            // A link leads to one that is there by its own name, often.
            if is_it && !found.iter().any(|known| is_same(known, &path)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Runs a program to its end; why not, where it cannot be or takes too long. It does not get the
/// secret.
pub fn ask(program: &Path, arguments: &[&str]) -> Result<Said, String> {
    let mut child = Command::new(program)
        .args(arguments)
        .env_remove("JUSTCLICK_SECRET")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let output = child.stdout.take().map(collect);
    let errors = child.stderr.take().map(collect);
    let status = wait(&mut child)?;
    Ok(Said {
        is_success: status.success(),
        output: text(output),
        errors: text(errors),
    })
}

fn wait(child: &mut Child) -> Result<ExitStatus, String> {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if start.elapsed() < PATIENCE => thread::sleep(BETWEEN_LOOKS),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("it did not end within {} s", PATIENCE.as_secs()));
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// A program that says much waits until somebody reads.
fn collect(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

fn text(collected: Option<JoinHandle<Vec<u8>>>) -> String {
    let bytes = collected.and_then(|thread| thread.join().ok());
    String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
}

fn folders() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    folders.into_iter().filter(|folder| folder.is_absolute())
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
