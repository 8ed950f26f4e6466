//! The built command as a process on a free port, with the sandbox as the service.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use justclick::Outbox;
use justclick::outbox::row::Status;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use super::http::{self, Answer, PATIENCE};
use super::sandbox::{Options, Sandbox};

pub const TOKEN: &str = "route-token-0123456789abcdef";
pub const STATUS_TOKEN: &str = "status-token-0123456789abcdef";
pub const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
pub const JSON: (&str, &str) = ("Content-Type", "application/json");

/// A folder with a configuration and an outbox.
pub struct Site {
    pub sandbox: Sandbox,
    folder: TempDir,
}

/// A running bridge.
pub struct Bridge {
    child: Child,
    pub address: SocketAddr,
}

impl Site {
    /// With these parts of the configuration behind `[serve]`.
    pub fn new(routes: &str) -> Site {
        let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
        let base_url = sandbox.base_url();
        Site::with_service(sandbox, &base_url, routes)
    }

    /// Whose service is away: leads stay.
    pub fn without_service(routes: &str) -> Site {
        let sandbox = Sandbox::start(Options::demo()).expect("a sandbox");
        Site::with_service(sandbox, "http://127.0.0.1:1", routes)
    }

    fn with_service(sandbox: Sandbox, base_url: &str, routes: &str) -> Site {
        let site = Site {
            sandbox,
            folder: tempfile::tempdir().expect("a folder"),
        };
        site.configure(base_url, routes);
        site
    }

    pub fn configure(&self, base_url: &str, routes: &str) {
        let (secret, outbox) = ("X".repeat(40), self.outbox_path());
        let text = format!(
            "username = \"username\"\nsecret = \"{secret}\"\nbase_url = \"{base_url}\"\n\
             [serve]\nlisten = \"127.0.0.1:0\"\noutbox = {outbox:?}\ntoken = \"{STATUS_TOKEN}\"\n{routes}"
        );
        let path = self.path("bridge.toml");
        fs::write(&path, text).expect("the configuration");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("its rights");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn outbox_path(&self) -> PathBuf {
        self.path("leads.db")
    }

    fn command(&self) -> Command {
        // As many descriptors as systemd gives.
        let mut command = Command::new("sh");
        command
            .args(["-c", "ulimit -n 1024; exec \"$@\"", "sh"])
            .arg(env!("CARGO_BIN_EXE_justclick"))
            .args(["--json", "serve", "--config"])
            .arg(self.path("bridge.toml"))
            .env_clear();
        command
    }

    pub fn start(&self) -> Bridge {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.path("log"));
        let mut child = (self.command().stdout(Stdio::piped()))
            .stderr(log.expect("the log"))
            .spawn()
            .expect("the command");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let first = lines.next().and_then(Result::ok);
        let first = first.unwrap_or_else(|| panic!("it ended: {}", self.log()));
        let told: serde_json::Value = serde_json::from_str(&first).expect("JSON");
        let address = told["listens"].as_str().expect("an address");
        // It goes on to write reports.
        std::thread::spawn(move || lines.for_each(drop));
        Bridge {
            child,
            address: address.parse().expect("an address"),
        }
    }

    /// What it says where it does not start.
    pub fn refused(&self) -> (Option<i32>, String) {
        let ended = self.command().output().expect("the command");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        (ended.status.code(), said)
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    pub fn outbox(&self) -> Outbox {
        let mut outbox =
            Outbox::open(self.outbox_path().to_str().expect("a path")).expect("an outbox");
        outbox.set("busy_timeout_ms", "30000").expect("a setting");
        outbox
    }

    pub fn status(&self) -> Status {
        self.outbox().status().expect("a status")
    }

    /// Until nothing waits; then all leads that were ever accepted are accounted for.
    pub fn delivered(&self, accepted: u64) {
        let outbox = self.outbox();
        let began = Instant::now();
        loop {
            let status = outbox.status().expect("a status");
            if status.waiting + status.leased == 0 {
                let sum = status.delivered + status.dead + status.dropped;
                assert_eq!(sum, accepted, "{status:?}\n{}", self.log());
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{status:?}\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Bridge {
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let request = http::request("POST", path, headers, body);
        http::exchange(self.address, &request).expect("an answer")
    }

    /// To the route of [`TOKEN`].
    pub fn hook(&self, kind: (&str, &str), body: &[u8]) -> Answer {
        self.post(&format!("/hook/{TOKEN}"), &[kind], body)
    }

    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = http::request("GET", path, headers, b"");
        http::exchange(self.address, &request).expect("an answer")
    }

    pub fn id(&self) -> Pid {
        Pid::from_raw(self.child.id().try_into().expect("a process"))
    }

    pub fn signal(&self, signal: Signal) {
        kill(self.id(), signal).expect("a signal");
    }

    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("its end")
    }

    /// SIGTERM, and the exit code.
    pub fn stop(mut self) -> Option<i32> {
        self.signal(Signal::SIGTERM);
        self.wait().code()
    }

    /// Its memory in KiB.
    pub fn memory(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(Path::new(&path)).expect("its status");
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        number
            .and_then(|number| number.parse().ok())
            .expect("a number")
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A route of a preset, by its token.
pub fn route(preset: &str) -> String {
    format!("[[route]]\npreset = \"{preset}\"\ntoken = \"{TOKEN}\"\ngroups = [\"super\"]\n")
}
