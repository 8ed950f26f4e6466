//! Who takes part: this library from each language, and what a user would take instead.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::by_rust;
use crate::c_programs::{Workshop, library, root, succeeded};
use crate::fpm::Fpm;
use crate::measured::{Figures, Measured};

/// Where leads are sent to, and whom the sender trusts.
pub struct Surroundings {
    base_url: String,
    ca_file: String,
}

impl Surroundings {
    pub fn new(base_url: String, ca_file: &Path) -> Surroundings {
        Surroundings {
            base_url,
            ca_file: ca_file.display().to_string(),
        }
    }
}

pub struct Contender {
    pub name: &'static str,
    pub measured: Measured,
    command: Command,
    /// Whether several leads in flight take several requests, which php-fpm gives to its workers.
    by_requests: bool,
}

impl Contender {
    fn new(name: &'static str, command: Command) -> Contender {
        Contender {
            name,
            command,
            measured: Measured::NONE,
            by_requests: false,
        }
    }

    fn with(mut self, variable: &str, value: &str) -> Contender {
        self.command.env(variable, value);
        self
    }

    /// Sends leads for so many seconds.
    pub fn run(&mut self, surroundings: &Surroundings, seconds: f64, in_flight: usize) -> Figures {
        let (requests, threads) = if self.by_requests {
            (in_flight, 1)
        } else {
            (1, in_flight)
        };
        self.command
            .env("JUSTCLICK_SECONDS", seconds.to_string())
            .env("JUSTCLICK_IN_FLIGHT", threads.to_string());
        let children: Vec<Child> = (0..requests).map(|_| self.spawn(surroundings)).collect();
        let figures = children.into_iter().map(|child| {
            let printed = succeeded(&child.wait_with_output().expect("an end"));
            // FastCGI puts headers before what the script prints.
            let line = printed.lines().last().unwrap_or_default();
            Figures::read(line)
                .unwrap_or_else(|| panic!("{}: five numbers were expected: {printed}", self.name))
        });
        Figures::together(figures.collect()).expect("a request")
    }

    /// Seconds from start to exit of a program that sends one lead. For php-fpm it is a request.
    pub fn start_to_exit(&mut self, surroundings: &Surroundings) -> f64 {
        self.command
            .env_remove("JUSTCLICK_SECONDS")
            .env_remove("JUSTCLICK_IN_FLIGHT");
        let start = Instant::now();
        let child = self.spawn(surroundings);
        let output = child.wait_with_output().expect("an end");
        let duration = start.elapsed().as_secs_f64();
        succeeded(&output);
        duration
    }

    fn spawn(&mut self, surroundings: &Surroundings) -> Child {
        self.command
            .env("JUSTCLICK_BASE_URL", &surroundings.base_url)
            .env("JUSTCLICK_CA_FILE", &surroundings.ca_file)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}

/// In the order of the table.
pub fn all(workshop: &Workshop, fpm: &Fpm) -> Vec<Contender> {
    let script = root().join("benches/php/justclick.php");
    let ours_in_fpm = Contender {
        by_requests: true,
        ..Contender::new("**PHP**, preloaded in php-fpm", fpm.command(&script))
    };
    let mut contenders = vec![
        Contender::new(
            "**C**",
            compiled(workshop, "cc", "c/justclick.c", &["-std=c99"]),
        ),
        Contender::new(
            "**C++**",
            compiled(workshop, "c++", "cpp/justclick.cpp", &["-std=c++17"]),
        ),
        Contender::new("**Rust**", by_rust::command("justclick")),
        Contender::new("**PHP**, command line", php("justclick.php")),
        ours_in_fpm,
        Contender::new("**Python**", python("by_justclick.py")),
        Contender::new(
            "C, libcurl, one handle",
            compiled(workshop, "cc", "c/libcurl.c", &["-std=c99", "-lcurl"]),
        )
        .with("JUSTCLICK_BODY", &by_rust::body()),
        Contender::new("PHP, curl, one handle", php("curl.php")).with("JUSTCLICK_CURL", "kept"),
        Contender::new("PHP, curl, a new handle each", php("curl.php"))
            .with("JUSTCLICK_CURL", "new"),
        Contender::new("PHP, curl, new and unchecked", php("curl.php"))
            .with("JUSTCLICK_CURL", "unchecked"),
        Contender::new("Python, requests.Session", python("by_requests.py")),
        Contender::new("Python, httpx.Client", python("by_httpx.py")),
        Contender::new("Python, python-justclick", python("by_python_justclick.py")),
        Contender::new(
            "a bare loop over TLS in Rust: the floor",
            by_rust::command("floor"),
        ),
    ];
    for contender in &mut contenders {
        contender
            .command
            .env("JUSTCLICK_LIBRARY", library())
            .env_remove("LD_LIBRARY_PATH");
    }
    contenders
}

fn compiled(workshop: &Workshop, compiler: &str, source: &str, flags: &[&str]) -> Command {
    let source = root().join("benches").join(source);
    let flags = [flags, &["-O2", "-pthread"]].concat();
    // The two programs by this library have one name.
    let program = workshop.compile(compiler, &source, &flags);
    let own = program.with_file_name(format!(
        "{}-by-{compiler}",
        program.file_name().expect("a name").display()
    ));
    std::fs::rename(program, &own).expect("a program");
    Command::new(own)
}

fn php(script: &str) -> Command {
    let mut command = Command::new("php");
    command.arg(root().join("benches/php").join(script));
    command
}

fn python(script: &str) -> Command {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(python);
    command
        .arg(root().join("benches/python").join(script))
        .env("PYTHONPATH", root().join("bindings/python/src"))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
