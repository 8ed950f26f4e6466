//! A MariaDB server of a test's own, in a folder of its own. It ends with the test, whichever way.

#![allow(dead_code, reason = "each test program uses a part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::server_process::{ServerProcess, bound_to_thread, free_port, is_root};

/// Small, since a test has few leads.
const SIZES: [&str; 2] = ["--innodb-log-file-size=8M", "--innodb-buffer-pool-size=32M"];

/// The user of the tests, who has no more than the rights on the databases.
pub const USER: &str = "leads";
pub const PASSWORD: &str = "ti/g:er@%";
const PASSWORD_IN_URL: &str = "ti%2Fg%3Aer%40%25";

pub struct Server {
    folder: TempDir,
    pub port: u16,
    settings: Vec<String>,
    process: Option<ServerProcess>,
}

impl Server {
    /// Starts a server with these settings (`--name=value`).
    pub fn start(settings: &[&str]) -> Server {
        Server::make(settings).started()
    }

    /// Makes the folder, into which a test can put files before it starts the server.
    pub fn make(settings: &[&str]) -> Server {
        let server = Server {
            folder: tempfile::tempdir().expect("a folder"),
            port: free_port(),
            settings: settings.iter().map(|&setting| setting.to_owned()).collect(),
            process: None,
        };
        let made = program("mariadb-install-db")
            .arg("--no-defaults")
            .arg(format!("--datadir={}", server.data().display()))
            .args(["--auth-root-authentication-method=normal", "--skip-test-db"])
            .args(SIZES)
            .args(user())
            .env("TMPDIR", server.folder.path())
            .output()
            .expect("mariadb-install-db");
        assert!(made.status.success(), "{made:?}");
        server
    }

    pub fn started(mut self) -> Server {
        // Another program may have taken the port since.
        for _ in 0..5 {
            if self.starts() {
                let hosts = ["localhost", "127.0.0.1", "::1", "%"];
                let users = hosts.map(|host| format!("'{USER}'@'{host}'"));
                for user in users {
                    self.sql(&format!("create user {user} identified by '{PASSWORD}'"));
                }
                return self;
            }
            self.port = free_port();
        }
        panic!("the server does not start: {}", self.log());
    }

    fn starts(&mut self) -> bool {
        let mut server = program("mariadbd");
        server
            .arg("--no-defaults")
            .arg(format!("--datadir={}", self.data().display()))
            .arg(format!("--socket={}", self.socket().display()))
            .arg(format!("--port={}", self.port))
            .args(["--bind-address=127.0.0.1", "--skip-name-resolve"])
            .args(SIZES)
            .args(user())
            .args(&self.settings)
            .env("TMPDIR", self.folder.path());
        self.process = ServerProcess::start(server, &self.path("log"), || {
            self.socket().exists() && self.ask("select 1").is_ok()
        });
        self.process.is_some()
    }

    /// Ends the server at once, as a loss of power does to what it had not written.
    pub fn crash(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }

    pub fn restart(&mut self) {
        self.crash();
        assert!(self.starts(), "{}", self.log());
    }

    /// Stops all its threads, or lets them go on.
    pub fn freeze(&self) {
        self.process().signal_all(libc::SIGSTOP);
    }

    pub fn thaw(&self) {
        self.process().signal_all(libc::SIGCONT);
    }

    fn process(&self) -> &ServerProcess {
        self.process.as_ref().expect("it runs")
    }

    /// What statements print, as root.
    pub fn sql(&self, sql: &str) -> String {
        self.ask(sql).expect("SQL")
    }

    /// A status variable's number.
    pub fn status(&self, name: &str) -> u64 {
        let row = self.sql(&format!("show global status like '{name}'"));
        let number = row.split_whitespace().nth(1).expect("a variable");
        number.parse().expect("a number")
    }

    /// As [`sql`](Server::sql), with the server's refusal.
    pub fn ask(&self, sql: &str) -> Result<String, String> {
        // From MariaDB 11.4 on, the client asks for TLS by a socket too, where a server's settings may leave it out.
        let output = Command::new("mariadb")
            .args([
                "--no-defaults",
                "--skip-ssl",
                "--batch",
                "--skip-column-names",
            ])
            .args(["--user=root", "--execute", sql])
            .arg(format!("--socket={}", self.socket().display()))
            .output()
            .expect("mariadb");
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// A database that is empty.
    pub fn database(&self, name: &str) -> String {
        self.sql(&format!(
            "create database {name}; grant all on {name}.* to '{USER}'@'localhost';
             grant all on {name}.* to '{USER}'@'127.0.0.1'; grant all on {name}.* to '{USER}'@'%'"
        ));
        self.url(name)
    }

    /// A database's URL, by the socket.
    pub fn url(&self, database: &str) -> String {
        let socket = self.socket();
        let path = socket.to_str().expect("UTF-8").replace('/', "%2F");
        format!("mysql://{USER}:{PASSWORD_IN_URL}@{path}/{database}")
    }

    /// A database's URL, by TCP.
    pub fn url_of(&self, host: &str, database: &str) -> String {
        let port = self.port;
        format!("mysql://{USER}:{PASSWORD_IN_URL}@{host}:{port}/{database}")
    }

    /// A database's URL, by something that listens before the server.
    pub fn url_of_port(&self, port: u16, database: &str) -> String {
        format!("mysql://{USER}:{PASSWORD_IN_URL}@127.0.0.1:{port}/{database}")
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.crash();
    }
}

/// The server refuses to run as root unless it is told to.
fn user() -> Option<&'static str> {
    is_root().then_some("--user=root")
}

/// One of the server's programs. It ends where the thread ends that starts it.
fn program(name: &str) -> Command {
    let in_system = Path::new("/usr/sbin").join(name);
    let mut command = bound_to_thread("KILL");
    if in_system.exists() {
        command.arg(in_system);
    } else {
        command.arg(name);
    }
    command
}
