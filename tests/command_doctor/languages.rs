//! PHP, Python and the shared library, as they are on this machine and as they are misconfigured.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::tempdir;

use crate::doctor::{Call, call};
use crate::sandbox::{Options, Sandbox};
use crate::store::shared_object;

const PRELOADING: &str = "-d opcache.preload_user=nobody -d opcache.preload=preload.php";
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn service() -> Sandbox {
    Sandbox::start(Options::demo()).expect("a sandbox")
}

fn at(sandbox: &Sandbox) -> Call {
    call().set("JUSTCLICK_BASE_URL", sandbox.base_url())
}

#[test]
fn a_machine_without_the_languages() {
    let sandbox = service();
    let told = at(&sandbox).doctor(None);
    told.tells("php", "skipped", "no php in the PATH", "");
    told.tells("python", "skipped", "no python3 in the PATH", "");
    let told = at(&sandbox)
        .set("JUSTCLICK_LIBRARY", "/no/such/library.so")
        .doctor(None);
    told.tells(
        "library",
        "wrong",
        "/no/such/library.so",
        "correct JUSTCLICK_LIBRARY",
    );
    assert_eq!(told.code, 1, "{}", told.all);
}

#[test]
fn php_as_its_files_of_settings_have_it() {
    let sandbox = service();
    let told = at(&sandbox).with_programs().doctor(None);
    told.tells("php", "ok", "may use FFI", "");

    let folder = tempdir().expect("a folder");
    fs::write(folder.path().join("off.ini"), "ffi.enable=0\n").expect("written");
    // After the usual folder, whose files load the extension.
    let also = format!(":{}", folder.path().display());
    let told = at(&sandbox)
        .with_programs()
        .set("PHP_INI_SCAN_DIR", also)
        .doctor(None);
    told.tells("php", "warning", "ffi.enable=0", "`ffi.enable=preload`");
    told.tells(
        "php-fpm",
        "warning",
        "ffi.enable=Off",
        "php_admin_value[ffi.enable]=1",
    );

    let empty = tempdir().expect("a folder");
    let told = at(&sandbox)
        .with_programs()
        .set("PHP_INI_SCAN_DIR", empty.path())
        .doctor(None);
    told.tells("php", "warning", "without FFI", "extension ffi");
    told.tells("php-fpm", "warning", "without FFI", "extension ffi");
    assert_eq!(told.code, 0, "{}", told.all);
}

/// The php-fpm of this machine.
fn fpm() -> PathBuf {
    let programs = fs::read_dir("/usr/sbin").expect("/usr/sbin").flatten();
    let is_it = |path: &PathBuf| path.to_string_lossy().starts_with("/usr/sbin/php-fpm");
    let found = programs.map(|entry| entry.path()).find(is_it);
    found.expect("php-fpm, as of Debian's package php-fpm")
}

/// A php-fpm with files of its own, which lies in the folder.
fn fpm_with(folder: &Path, pool: &str, option: &str) {
    let conf = folder.join("fpm.conf");
    let text = format!(
        "[global]\nerror_log = {0}/log\n[shop]\nlisten = {0}/socket\npm = static\npm.max_children = 1\nuser = nobody\n{pool}\n",
        folder.display()
    );
    fs::write(&conf, text).expect("written");
    let program = folder.join("php-fpm-of-the-test");
    let script = format!(
        "#!/bin/sh\ncd \"${{0%/*}}\"\nexec {} {option} -y {} \"$@\"\n",
        fpm().display(),
        conf.display()
    );
    fs::write(&program, script).expect("written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("set");
}

#[test]
fn pools_of_php_fpm() {
    let sandbox = service();
    for (pool, option, state, found, advice) in [
        (
            "",
            "",
            "warning",
            "pool shop: FFI is not allowed (ffi.enable=preload)",
            "`php_admin_value[ffi.enable]=1`",
        ),
        (
            "php_admin_value[ffi.enable] = 1\nenv[JUSTCLICK_LIBRARY] = /srv/lib.so",
            "",
            "ok",
            "pool shop: it may use FFI, with the library /srv/lib.so",
            "",
        ),
        (
            "php_admin_value[ffi.enable] = 0",
            PRELOADING,
            "warning",
            "(ffi.enable=0)",
            "`php_admin_value[ffi.enable]=1`",
        ),
        ("", PRELOADING, "ok", "preload.php preloads", ""),
    ] {
        let folder = tempdir().expect("a folder");
        // The user who preloads may be another one.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("set");
        fs::write(folder.path().join("preload.php"), "<?php\n").expect("written");
        fpm_with(folder.path(), pool, option);
        let told = at(&sandbox).set("PATH", folder.path()).doctor(None);
        told.tells("php-fpm", state, "of-the-test is PHP", advice);
        told.tells("php-fpm", state, found, advice);
        assert_eq!(told.code, 0, "{}", told.all);
    }
}

/// A library that says that it is of this version.
fn library(folder: &Path, version: &str) -> PathBuf {
    let source = format!(
        "const char *jc_version(void);\nunsigned jc_abi_version(void);\n\
         const char *jc_version(void) {{ return \"{version}\"; }}\n\
         unsigned jc_abi_version(void) {{ return 17; }}\n"
    );
    shared_object(folder, "library", &source)
}

#[test]
fn a_library_of_another_version() {
    let sandbox = service();
    let folder = tempdir().expect("a folder");
    let path = library(folder.path(), VERSION);
    let with = |path: &Path| {
        (at(&sandbox).with_programs())
            .set("JUSTCLICK_LIBRARY", path)
            .doctor(None)
    };
    with(&path).tells(
        "library",
        "ok",
        &format!("library.so is version {VERSION}"),
        "",
    );
    let path = library(folder.path(), "9.9.9");
    let told = with(&path);
    let advice = format!("this command is version {VERSION}");
    told.tells("library", "warning", "library.so is version 9.9.9", &advice);
    assert_eq!(told.code, 0, "{}", told.all);

    fs::write(&path, "no library").expect("written");
    let told = with(&path);
    told.tells(
        "library",
        "wrong",
        "cannot be loaded",
        "correct JUSTCLICK_LIBRARY",
    );
    assert_eq!(told.code, 1, "{}", told.all);
}

#[test]
fn php_alone_tells_the_library_s_version_too() {
    let sandbox = service();
    let folder = tempdir().expect("a folder");
    let path = library(folder.path(), "9.9.9");
    let php = std::env::split_paths(&std::env::var_os("PATH").expect("a PATH"))
        .map(|folder| folder.join("php"))
        .find(|path| path.is_file())
        .expect("php");
    std::os::unix::fs::symlink(php, folder.path().join("php")).expect("a link");
    let told = at(&sandbox)
        .set("PATH", folder.path())
        .set("JUSTCLICK_LIBRARY", &path)
        .doctor(None);
    told.tells(
        "library",
        "warning",
        "library.so is version 9.9.9",
        "one version",
    );
    told.tells("python", "skipped", "no python3", "");
}

#[test]
fn the_package_for_python() {
    let sandbox = service();
    let folder = tempdir().expect("a folder");
    let path = library(folder.path(), "9.9.9");
    let package = concat!(env!("CARGO_MANIFEST_DIR"), "/bindings/python/src");
    let told = (at(&sandbox).with_programs())
        .set("PYTHONPATH", package)
        .set("PYTHONDONTWRITEBYTECODE", "1")
        .set("JUSTCLICK_LIBRARY", &path)
        .doctor(None);
    told.tells(
        "python",
        "warning",
        "9.9.9 with the interface 17",
        "JUSTCLICK_LIBRARY",
    );
    assert_eq!(told.code, 0, "{}", told.all);
}
