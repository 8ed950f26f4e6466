//! php-fpm with PHP's stock settings and preloading.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::c_programs::root;

pub struct Fpm {
    process: Child,
    socket: PathBuf,
}

impl Fpm {
    pub fn start(folder: &Path, workers: usize) -> Fpm {
        // The workers have another user, who has to read what is there.
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("a folder");
        let socket = folder.join("fpm.sock");
        let configuration = folder.join("fpm.conf");
        let text = format!(
            "[global]\nerror_log = {0}/fpm.log\n[www]\nuser = www-data\ngroup = www-data\n\
             listen = {1}\nlisten.mode = 0666\npm = static\npm.max_children = {workers}\nclear_env = no\n",
            folder.display(),
            socket.display()
        );
        fs::write(&configuration, text).expect("a file");
        let preload = root().join("bindings/php/preload.php");
        let process = Command::new(program())
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

    /// A request for this script.
    pub fn command(&self, script: &Path) -> Command {
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
        // Killed outright, it would leave its workers behind.
        let _ = Command::new("kill")
            .arg(self.process.id().to_string())
            .status();
        let _ = self.process.wait();
    }
}

fn program() -> PathBuf {
    let programs = fs::read_dir("/usr/sbin").expect("/usr/sbin");
    (programs.flatten())
        .map(|entry| entry.path())
        .find(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("php-fpm"))
        })
        .expect("php-fpm is needed")
}
