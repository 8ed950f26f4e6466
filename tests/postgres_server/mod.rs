//! A PostgreSQL server of a test's own, in a folder of its own. It ends with the test, whichever way.

#![allow(dead_code, reason = "each test program uses a part")]

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// PostgreSQL refuses to run as root.
const USER: (u32, u32) = (65534, 65534);
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Server {
    folder: TempDir,
    pub port: u16,
    settings: Vec<String>,
    child: Option<Child>,
}

impl Server {
    /// Starts a server with these settings (`name=value`). Its superuser `postgres` needs no password.
    pub fn start(settings: &[&str]) -> Server {
        let server = Server::make(settings);
        server.started()
    }

    /// Makes the folder, into which a test can put files before it starts the server.
    pub fn make(settings: &[&str]) -> Server {
        let folder = tempfile::tempdir().expect("a folder");
        own(folder.path());
        let server = Server {
            folder,
            port: free_port(),
            settings: settings.iter().map(|&setting| setting.to_owned()).collect(),
            child: None,
        };
        let made = program("initdb")
            .arg("--pgdata")
            .arg(server.data())
            .args(["--username=postgres", "--auth=trust", "--no-sync"])
            .args(["--encoding=UTF8", "--locale=C"])
            .output()
            .expect("initdb");
        assert!(made.status.success(), "{made:?}");
        server
    }

    pub fn started(mut self) -> Server {
        // Another program may have taken the port since.
        for _ in 0..5 {
            if self.starts() {
                return self;
            }
            self.port = free_port();
        }
        panic!("the server does not start: {}", self.log());
    }

    fn starts(&mut self) -> bool {
        let log = fs::File::create(self.folder.path().join("log")).expect("a log");
        let mut server = program("postgres");
        server
            .arg("-D")
            .arg(self.data())
            .arg("-k")
            .arg(self.folder.path())
            .args(["-p", &self.port.to_string()])
            .args(["-c", "max_wal_size=64MB", "-c", "shared_buffers=16MB"])
            .stdout(Stdio::null())
            .stderr(log);
        for setting in &self.settings {
            server.args(["-c", setting]);
        }
        let mut child = server.spawn().expect("postgres");
        let began = Instant::now();
        let socket = self.folder.path().join(format!(".s.PGSQL.{}", self.port));
        while began.elapsed() < PATIENCE {
            if child.try_wait().expect("its state").is_some() {
                return false;
            }
            if socket.exists() && self.ask("postgres", "select 1").is_ok() {
                self.child = Some(child);
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        let _ = child.wait();
        false
    }

    /// Ends the server at once, as a loss of power does to what it had not written.
    pub fn crash(&mut self) {
        if let Some(mut child) = self.child.take() {
            self.signal_all(&child, libc::SIGCONT);
            signal(child.id(), libc::SIGQUIT);
            child.wait().expect("it ends");
        }
    }

    pub fn restart(&mut self) {
        self.crash();
        assert!(self.starts(), "{}", self.log());
    }

    /// Stops all its processes, or lets them go on.
    pub fn freeze(&self) {
        self.signal_all(self.child.as_ref().expect("it runs"), libc::SIGSTOP);
    }

    pub fn thaw(&self) {
        self.signal_all(self.child.as_ref().expect("it runs"), libc::SIGCONT);
    }

    fn signal_all(&self, child: &Child, number: i32) {
        signal(child.id(), number);
        for process in children(child.id()) {
            signal(process, number);
        }
    }

    /// What a statement prints.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        self.ask(database, sql).expect("SQL")
    }

    fn ask(&self, database: &str, sql: &str) -> Result<String, String> {
        let output = Command::new(tool("psql"))
            .args([
                "-XAtq",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                "postgres",
                "-d",
                database,
            ])
            .args(["-p", &self.port.to_string(), "-c", sql, "-h"])
            .arg(self.folder.path())
            .env_remove("PGOPTIONS")
            .output()
            .expect("psql");
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// A database that is empty.
    pub fn database(&self, name: &str) -> String {
        self.sql("postgres", &format!("create database {name}"));
        self.url(name)
    }

    /// A database's URL, by the socket.
    pub fn url(&self, database: &str) -> String {
        let folder = self.folder.path().to_str().expect("UTF-8");
        format!(
            "postgres://postgres@{}:{}/{database}?",
            folder.replace('/', "%2F"),
            self.port
        )
    }

    /// A database's URL, by TCP.
    pub fn url_of(&self, host: &str, database: &str) -> String {
        format!("postgres://postgres@{host}:{}/{database}?", self.port)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Writes a file that only the server reads.
    pub fn write(&self, name: &str, content: &str) {
        let path = self.data().join(name);
        fs::write(&path, content).expect("writes");
        own(&path);
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("changes");
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.crash();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn is_root() -> bool {
    // SAFETY: it has no conditions.
    unsafe { libc::geteuid() == 0 }
}

fn own(path: &Path) {
    if is_root() {
        chown(path, Some(USER.0), Some(USER.1)).expect("changes its owner");
    }
}

/// One of the server's programs, as a user who is not root. It ends where the thread ends that
/// starts it.
fn program(name: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "QUIT"]);
    if is_root() {
        command.arg(format!("--reuid={}", USER.0));
        command.arg(format!("--regid={}", USER.1));
        command.arg("--clear-groups");
    }
    command.arg(tool(name)).current_dir("/");
    command
}

/// Debian keeps them apart by version, and leads to the newest only for some.
fn tool(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut found: Vec<PathBuf> = versions
        .filter_map(|version| Some(version.ok()?.path().join("bin").join(name)))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    found.pop().unwrap_or_else(|| name.into())
}

fn signal(process: u32, number: i32) {
    let process = i32::try_from(process).expect("a process id");
    // SAFETY: it takes numbers.
    unsafe { libc::kill(process, number) };
}

fn children(parent: u32) -> Vec<u32> {
    let all = fs::read_dir("/proc").expect("/proc");
    all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|process| {
            let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            // The name before it may hold anything but ends with the last parenthesis.
            let behind = stat.rsplit(')').next().unwrap_or_default();
            behind.split_whitespace().nth(1) == Some(&parent.to_string())
        })
        .collect()
}
