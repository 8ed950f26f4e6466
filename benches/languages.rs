//! One lead over TLS on loopback from each language, and by what a user would take instead: wall
//! and CPU time of the client's process, interleaved, the best round of each.
//!
//! It needs php with curl and ffi, php-fpm, cgi-fcgi and a Python with requests and
//! python-justclick, which `make bench` installs; PYTHON names the interpreter.

#[path = "../tests/c_programs/mod.rs"]
#[allow(dead_code)]
mod c_programs;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use c_programs::{Workshop, library, root, succeeded};
use sandbox::{Options, Sandbox};

const ROUNDS: usize = 5;
const CALLS: &str = "1000";

/// Median and 99th percentile of the wall time, and CPU time, in microseconds.
type Times = [f64; 3];

/// What is measured: its name and the command that prints three numbers.
struct Contender {
    name: &'static str,
    command: Command,
    best: Times,
}

impl Contender {
    fn new(name: &'static str, command: Command) -> Contender {
        Contender {
            name,
            command,
            best: [f64::INFINITY; 3],
        }
    }

    fn round(&mut self) {
        let printed = succeeded(&self.command.output().expect(self.name));
        // FastCGI puts headers before what the script prints.
        let line = printed.lines().last().unwrap_or_default();
        let mut numbers = line.split_whitespace().map(str::parse::<f64>);
        for best in &mut self.best {
            let Some(Ok(nanoseconds)) = numbers.next() else {
                panic!("{}: three numbers were expected: {printed}", self.name);
            };
            *best = best.min(nanoseconds / 1000.0);
        }
    }
}

/// php-fpm with one worker, PHP's stock settings and preloading.
struct Fpm {
    process: Child,
    socket: PathBuf,
}

impl Fpm {
    fn start(folder: &Path) -> Fpm {
        let socket = folder.join("fpm.sock");
        let configuration = folder.join("fpm.conf");
        let user = "user = www-data\ngroup = www-data\nlisten.mode = 0666";
        fs::write(
            &configuration,
            format!(
                "[global]\nerror_log = {0}/fpm.log\n[www]\n{user}\nlisten = {1}\npm = static\npm.max_children = 1\nclear_env = no\n",
                folder.display(),
                socket.display()
            ),
        )
        .expect("a file");
        let preload = root().join("bindings/php/preload.php");
        let process = Command::new(fpm_program())
            .args(["-F", "-y"])
            .arg(configuration)
            .args(["-d", &format!("opcache.preload={}", preload.display())])
            .args(["-d", "opcache.preload_user=www-data"])
            .stderr(Stdio::null())
            .spawn()
            .expect("php-fpm");
        let end = Instant::now() + Duration::from_secs(30);
        while !socket.exists() {
            assert!(Instant::now() < end, "php-fpm does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        Fpm { process, socket }
    }

    fn command(&self, script: &Path) -> Command {
        let mut command = Command::new("cgi-fcgi");
        command
            .args(["-bind", "-connect"])
            .arg(&self.socket)
            .env("SCRIPT_FILENAME", script)
            .env("REQUEST_METHOD", "GET");
        command
    }
}

impl Drop for Fpm {
    fn drop(&mut self) {
        // Killed outright, it would leave its worker behind.
        let _ = Command::new("kill")
            .arg(self.process.id().to_string())
            .status();
        let _ = self.process.wait();
    }
}

fn fpm_program() -> PathBuf {
    let mut programs = fs::read_dir("/usr/sbin").expect("/usr/sbin");
    programs
        .find_map(|entry| {
            let path = entry.ok()?.path();
            path.file_name()?
                .to_str()?
                .starts_with("php-fpm")
                .then_some(path)
        })
        .expect("php-fpm is needed")
}

fn php(script: &Path) -> Command {
    let mut command = Command::new("php");
    command.arg(script);
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

fn main() {
    let sandbox = Sandbox::start(Options {
        tls: true,
        ..Options::demo()
    })
    .expect("a sandbox");
    let workshop = Workshop::new();
    // The worker of php-fpm has another user.
    fs::set_permissions(workshop.path(), fs::Permissions::from_mode(0o755)).expect("a folder");
    let ca_file = workshop.path().join("ca.pem");
    fs::write(&ca_file, sandbox.ca_pem().expect("a CA")).expect("a file");
    let source = root().join("benches/c/justclick.c");
    let mut c = Command::new(workshop.compile("cc", &source, &["-std=c99", "-O2"]));
    c.arg(sandbox.base_url()).arg(&ca_file).arg(CALLS);

    let fpm = Fpm::start(workshop.path());
    let script = root().join("benches/php/justclick.php");
    let by_curl = root().join("benches/php/curl.php");
    let mut kept = php(&by_curl);
    kept.env("JUSTCLICK_CURL", "kept");
    let mut contenders = [
        Contender::new("C", c),
        Contender::new("PHP, command line", php(&script)),
        Contender::new("PHP, preloaded in php-fpm", fpm.command(&script)),
        Contender::new("PHP, a new curl handle each", php(&by_curl)),
        Contender::new("PHP, one curl handle", kept),
        Contender::new("Python", python("binding.py")),
        Contender::new("Python, requests.Session", python("by_requests.py")),
        Contender::new("Python, python-justclick", python("by_python_justclick.py")),
    ];
    for contender in &mut contenders {
        contender
            .command
            .env("JUSTCLICK_BASE_URL", sandbox.base_url())
            .env("JUSTCLICK_CA_FILE", &ca_file)
            .env("JUSTCLICK_CALLS", CALLS)
            .env("JUSTCLICK_LIBRARY", library())
            .env_remove("LD_LIBRARY_PATH");
    }
    for _ in 0..ROUNDS {
        contenders.iter_mut().for_each(Contender::round);
    }
    let baseline = contenders[0].best[2];
    println!("| client | wall, median µs | wall, p99 µs | CPU µs | CPU, ratio to C |");
    println!("|---|---|---|---|---|");
    for Contender { name, best, .. } in &contenders {
        let [median, last, cpu] = best;
        println!(
            "| {name} | {median:.1} | {last:.1} | {cpu:.1} | {:.2} |",
            cpu / baseline
        );
    }
}
