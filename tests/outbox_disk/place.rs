//! Where a part runs: on a small disk of its own, under a limit of files' sizes, or without the rights
//! of root, which no permission stops.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::outbox_proof::part;

const NEEDED: &str = "this test mounts a small disk that nobody else sees. It needs unshare and mount (util-linux), and \
    a system that lets this user make namespaces: root with CAP_SYS_ADMIN, or the sysctls \
    kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0 and \
    user.max_user_namespaces>0";

/// A part with a disk of this size at the folder, which goes with the process.
pub fn on_a_disk(folder: &Path, size: &str, name: &str, values: &[(&str, &str)]) -> Command {
    let folder = folder.to_str().expect("UTF-8");
    let mount = format!("mount -t tmpfs -o size={size} tmpfs \"$0\" && exec \"$@\"");
    let ways: [&[&str]; 2] = [
        &["unshare", "--user", "--map-root-user", "--mount"],
        &["unshare", "--mount"],
    ];
    let works = |way: &&&[&str]| {
        let mut command = Command::new(way[0]);
        command
            .args(&way[1..])
            .args(["sh", "-c", &mount, folder, "true"]);
        let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        ended.is_ok_and(|status| status.success())
    };
    let way = ways.iter().find(works).expect(NEEDED);
    let words: Vec<&str> = (way.iter().copied())
        .chain(["sh", "-c", &mount, folder])
        .collect();
    part::under(&words, name, values)
}

/// A part that may make no file larger than so many kilobytes, as under a quota.
pub fn with_small_files(kilobytes: u32, name: &str, values: &[(&str, &str)]) -> Command {
    // The shells count blocks of 512 or 1024 bytes, and prlimit bytes.
    let limit = format!("--fsize={}", kilobytes * 1024);
    let ignoring = "trap '' XFSZ && exec \"$@\"";
    part::under(
        &["prlimit", &limit, "sh", "-c", ignoring, "sh"],
        name,
        values,
    )
}

/// A part that permissions stop, also where root runs the tests.
pub fn without_rights(name: &str, values: &[(&str, &str)]) -> Command {
    let is_root = fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0);
    let without = [
        "setpriv",
        "--bounding-set",
        "-dac_override,-dac_read_search",
    ];
    part::under(if is_root { &without } else { &[] }, name, values)
}
