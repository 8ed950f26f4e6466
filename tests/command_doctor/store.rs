//! The disk, the outbox, and who else uses it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::{TempDir, tempdir, tempdir_in};

use crate::doctor::{Call, Told, call, text};
use crate::sandbox::{Options, Sandbox};

/// A call that knows a service.
fn at(sandbox: &Sandbox) -> Call {
    call().set("JUSTCLICK_BASE_URL", sandbox.base_url())
}

fn service() -> Sandbox {
    Sandbox::start(Options::demo()).expect("a sandbox")
}

fn folder() -> TempDir {
    tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}

/// Keeps a lead by the command.
fn add(sandbox: &Sandbox, path: &Path, email: &str, group: &str) {
    let path = path.to_str().expect("UTF-8");
    let output = at(sandbox).run(&["add", "--group", group, email, "--outbox", path]);
    assert!(output.status.success(), "{}", text(&output));
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    entries.map(name).collect()
}

#[test]
fn a_disk_is_measured_and_an_outbox_that_is_not_there_is_not_made() {
    let sandbox = service();
    let folder = folder();
    let told = at(&sandbox).doctor(Some(&folder.path().join("leads.db")));
    told.tells("file system", "ok", "is on", "");
    assert!(told.has("fsync"), "{}", told.all);
    told.tells("outbox", "skipped", "nothing is there yet", "");
    assert_eq!(told.code, 0, "{}", told.all);
    assert_eq!(names(folder.path()), [""; 0]);
    // An empty file stays one.
    let path = folder.path().join("empty.db");
    fs::write(&path, "").expect("written");
    at(&sandbox)
        .doctor(Some(&path))
        .tells("outbox", "skipped", "nothing is there yet", "");
    assert_eq!(fs::metadata(&path).expect("a file").len(), 0);
    assert_eq!(names(folder.path()), ["empty.db"]);
}

#[test]
fn a_disk_in_memory_and_a_folder_that_is_not_there() {
    let sandbox = service();
    let folder = tempdir_in("/dev/shm").expect("a folder");
    let told = at(&sandbox).doctor(Some(&folder.path().join("leads.db")));
    told.tells("file system", "wrong", "tmpfs", "keep the outbox on a disk");
    assert_eq!(told.code, 1, "{}", told.all);
    let told = at(&sandbox).doctor(Some(Path::new("/no/such/folder/leads.db")));
    told.tells("file system", "wrong", "/no/such/folder", "make the folder");
    assert_eq!(told.code, 1, "{}", told.all);
    assert!(!told.has("fsync"));
}

/// A shim in the command's process makes the disk slow, or read-only.
#[test]
fn a_slow_disk_and_one_that_fails() {
    let sandbox = service();
    let folder = folder();
    let work = tempdir().expect("a folder");
    for (code, state, found, advice) in [
        (
            "usleep(25000); return 0;",
            "warning",
            " ms (the median",
            "durability",
        ),
        (
            "errno = EROFS; return -1;",
            "wrong",
            "Read-only",
            "neither full nor read-only",
        ),
    ] {
        let source = format!(
            "#include <errno.h>\n#include <unistd.h>\nint fsync(int file) {{ (void)file; {code} }}\n"
        );
        let shim = shared_object(work.path(), state, &source);
        let told = at(&sandbox)
            .set("LD_PRELOAD", &shim)
            .doctor(Some(&folder.path().join("leads.db")));
        told.tells("fsync", state, found, advice);
        assert_eq!(names(folder.path()), [""; 0]);
    }
}

/// Compiles C to a shared object.
pub fn shared_object(folder: &Path, name: &str, source: &str) -> std::path::PathBuf {
    let path = folder.join(format!("{name}.c"));
    let built = folder.join(format!("{name}.so"));
    fs::write(&path, source).expect("written");
    let output = Command::new("cc")
        .args(["-D_DEFAULT_SOURCE", "-shared", "-fPIC", "-o"])
        .args([&built, &path])
        .output()
        .expect("cc");
    assert!(output.status.success(), "{}", text(&output));
    built
}

#[test]
fn an_outbox_is_told_with_what_it_holds() {
    let sandbox = service();
    let folder = folder();
    let path = folder.path().join("leads.db");
    add(&sandbox, &path, "a@b.ru", "super");
    let told = at(&sandbox).doctor(Some(&path));
    told.tells("outbox", "ok", "1 waiting, 0 on their way, 0 dead", "");
    told.tells("programs", "ok", "nobody else", "");
    assert_eq!(told.code, 0, "{}", told.all);
    assert!(!told.all.contains("a@b.ru"));

    let location = path.to_str().expect("UTF-8");
    let wrong = at(&sandbox).secret("Geheimnis17");
    wrong.run(&["deliver", location]);
    let told = at(&sandbox).doctor(Some(&path));
    told.tells("outbox", "warning", "waits: ", "mend what the reason names");
    assert_eq!(told.code, 0, "{}", told.all);

    add(&sandbox, &path, "c@b.ru", "nowhere");
    at(&sandbox).run(&["deliver", location]);
    let told = at(&sandbox).doctor(Some(&path));
    let found = "0 waiting, 0 on their way, 1 dead, 1 delivered";
    told.tells("outbox", "warning", found, "--state dead");
    assert_eq!(told.code, 0, "{}", told.all);
}

#[test]
fn a_damaged_outbox() {
    let sandbox = service();
    let folder = folder();
    let path = folder.path().join("leads.db");
    let mut file = (fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600))
    .open(&path)
    .expect("a file");
    file.write_all(&[b'x'; 8192]).expect("written");
    let told = at(&sandbox).doctor(Some(&path));
    told.tells(
        "outbox",
        "wrong",
        "leads.db",
        "justclick outbox salvage DAMAGED LOCATION",
    );
    assert_eq!(told.code, 3, "{}", told.all);
    assert_eq!(fs::read(&path).expect("a file"), [b'x'; 8192]);
}

#[test]
fn a_database_that_is_away_and_a_location_that_is_none() {
    let sandbox = service();
    let location = "postgres://me:Passwort17@127.0.0.1:1/leads";
    let told = at(&sandbox).doctor(Some(Path::new(location)));
    told.tells("outbox", "wrong", "refused", "do what the message says");
    assert_eq!(told.code, 3, "{}", told.all);
    assert!(!told.all.contains("Passwort17"), "{}", told.all);
    let told = at(&sandbox).doctor(Some(Path::new("oracle://me:Passwort17@host")));
    assert_eq!(told.code, 2, "{}", told.all);
    assert!(!told.all.contains("Passwort17"), "{}", told.all);
}

/// A Python program that has the file open until it is told to end.
struct Holder(Child);

impl Holder {
    fn start(program: &str, arguments: &[&Path]) -> Holder {
        let mut child = Command::new("python3")
            .args(["-c", program])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        let mut line = String::new();
        let output = child.stdout.as_mut().expect("its output");
        BufReader::new(output).read_line(&mut line).expect("a line");
        assert_eq!(line, "open\n");
        Holder(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

fn with_a_holder(program: &str) -> (Told, u32) {
    let sandbox = service();
    let folder = folder();
    let path = folder.path().join("leads.db");
    add(&sandbox, &path, "a@b.ru", "super");
    let copy = folder.path().join("another.so");
    let holder = Holder::start(program, &[&path, &copy]);
    let told = at(&sandbox).doctor(Some(&path));
    (told, holder.0.id())
}

#[test]
fn another_sqlite_has_the_file_open() {
    let (told, id) = with_a_holder(
        r#"
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("select count(*) from sqlite_master").fetchall()
print("open", flush=True)
sys.stdin.read()
"#,
    );
    let found = format!("(process {id})");
    told.tells("programs", "warning", &found, "a program that only reads");
    told.tells("outbox", "ok", "1 waiting", "");
    assert_eq!(told.code, 0, "{}", told.all);
}

/// A copy of the system's SQLite is a second one in the same process.
#[test]
fn two_sqlites_in_one_process() {
    let (told, id) = with_a_holder(
        r#"
import ctypes, shutil, sqlite3, sys
path, copy = sys.argv[1:]
first = sqlite3.connect(path)
first.execute("select count(*) from sqlite_master").fetchall()
system = next(line.split()[-1] for line in open("/proc/self/maps") if "libsqlite3" in line)
shutil.copy(system, copy)
second, handle = ctypes.CDLL(copy), ctypes.c_void_p()
assert second.sqlite3_open(path.encode(), ctypes.byref(handle)) == 0
assert second.sqlite3_exec(handle, b"select count(*) from sqlite_master", None, None, None) == 0
print("open", flush=True)
sys.stdin.read()
"#,
    );
    let found = format!("(process {id}) has the file open through two SQLite libraries");
    told.tells("programs", "wrong", &found, "end that program");
    assert_eq!(told.code, 1, "{}", told.all);
}
