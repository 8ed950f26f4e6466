//! A PostgreSQL server of a test's own, in a folder of its own. It ends with the test, whichever way.

#![allow(dead_code, reason = "each test program uses a part")]

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::server_process::{ServerProcess, bound_to_thread, free_port, is_root};

/// PostgreSQL refuses to run as root.
const USER: (u32, u32) = (65534, 65534);

pub struct Server {
    folder: TempDir,
    pub port: u16,
    settings: Vec<String>,
    process: Option<ServerProcess>,
}

impl Server {
    /// Starts a server with these settings (`name=value`). Its superuser `postgres` needs no password.
    pub fn start(settings: &[&str]) -> Server {
        let server = Server::make(settings);
        server.started()
    }

    /// Makes the folder, into which a test can put files before it starts the server.
    pub fn make(settings: &[&str]) -> Server {
        let server = Server::in_folder(settings);
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

    /// A standby of this server, which takes over what it writes.
    pub fn standby(&self) -> Server {
        let standby = Server::in_folder(&[]);
        let made = program("pg_basebackup")
            .arg("--pgdata")
            .arg(standby.data())
            .args(["--write-recovery-conf", "--no-sync", "--checkpoint=fast"])
            .args(["--username=postgres", "--port", &self.port.to_string()])
            .arg("--host")
            .arg(self.folder.path())
            .output()
            .expect("pg_basebackup");
        assert!(made.status.success(), "{made:?}");
        standby.started()
    }

    fn in_folder(settings: &[&str]) -> Server {
        let folder = tempfile::tempdir().expect("a folder");
        own(folder.path());
        Server {
            folder,
            port: free_port(),
            settings: settings.iter().map(|&setting| setting.to_owned()).collect(),
            process: None,
        }
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
        let mut server = program("postgres");
        server
            .arg("-D")
            .arg(self.data())
            .arg("-k")
            .arg(self.folder.path())
            .args(["-p", &self.port.to_string()])
            .args(["-c", "max_wal_size=64MB", "-c", "shared_buffers=16MB"]);
        for setting in &self.settings {
            server.args(["-c", setting]);
        }
        let socket = self.folder.path().join(format!(".s.PGSQL.{}", self.port));
        let log = self.folder.path().join("log");
        self.process = ServerProcess::start(server, &log, || {
            socket.exists() && self.ask("postgres", "select 1").is_ok()
        });
        self.process.is_some()
    }

    /// Ends the server at once, as a loss of power does to what it had not written.
    pub fn crash(&mut self) {
        if let Some(process) = self.process.take() {
            process.end(libc::SIGQUIT);
        }
    }

    /// Ends it by SIGKILL to all its processes.
    pub fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }

    pub fn restart(&mut self) {
        self.crash();
        assert!(self.starts(), "{}", self.log());
    }

    /// Stops all its processes, or lets them go on.
    pub fn freeze(&self) {
        self.process().signal_all(libc::SIGSTOP);
    }

    pub fn thaw(&self) {
        self.process().signal_all(libc::SIGCONT);
    }

    fn process(&self) -> &ServerProcess {
        self.process.as_ref().expect("it runs")
    }

    /// What a statement prints.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        self.ask(database, sql).expect("SQL")
    }

    /// As [`sql`](Server::sql), with the server's refusal.
    pub fn ask(&self, database: &str, sql: &str) -> Result<String, String> {
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

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.crash();
    }
}

fn own(path: &Path) {
    if is_root() {
        chown(path, Some(USER.0), Some(USER.1)).expect("changes its owner");
    }
}

/// One of the server's programs, as a user who is not root. It ends where the thread ends that
/// starts it.
fn program(name: &str) -> Command {
    let mut command = bound_to_thread("QUIT");
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

/// Sends a signal to one of a server's processes.
pub fn signal(process: u32, number: i32) {
    super::server_process::signal(process, number);
}
