//! The command as a system has it: installed beside the library, with its manual, its completions and its
//! units; taken away again; and in a Debian package of its own.
#![cfg(all(feature = "cli", target_os = "linux"))]

#[allow(dead_code)]
mod c_programs;
mod stage;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use c_programs::{make, root, run, succeeded};
use stage::{LIBDIR, Stage, files, is_empty};

const MANUAL: &str = "/usr/share/man/man1";
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "/usr/share/bash-completion/completions/justclick"),
    ("zsh", "/usr/share/zsh/site-functions/_justclick"),
    (
        "fish",
        "/usr/share/fish/vendor_completions.d/justclick.fish",
    ),
];
const UNITS: [&str; 3] = [
    "justclick-deliver.service",
    "justclick-deliver.timer",
    "justclick-serve.service",
];

/// With the features of this very test cargo builds least; `install.rs` has the library as it is shipped.
const FEATURES: &str = "FEATURES=cli";

/// The library's own files are counted by `install.rs`.
const OF_THE_LIBRARY: usize = 11;

fn justclick(arguments: &[&str]) -> String {
    succeeded(&run(env!("CARGO_BIN_EXE_justclick"), arguments))
}

/// The pages that the command writes of itself.
fn pages() -> BTreeSet<String> {
    let folder = tempfile::tempdir().expect("a folder");
    justclick(&["manual", folder.path().to_str().expect("UTF-8")]);
    names(folder.path())
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let name = |entry: fs::DirEntry| entry.file_name().into_string().expect("UTF-8");
    entries
        .map(|entry| name(entry.expect("an entry")))
        .collect()
}

#[test]
fn it_is_installed_with_all_that_belongs_to_it_and_taken_away_whole() {
    let stage = Stage::empty(&[FEATURES]);
    stage.make("install");
    let program = stage.path("/usr/bin/justclick");
    let told = succeeded(&run(&program, &["--version"]));
    assert_eq!(told, format!("justclick {}\n", env!("CARGO_PKG_VERSION")));

    let pages = pages();
    assert_eq!(names(&stage.path(MANUAL)), pages);
    for page in ["justclick.1", "justclick-import.1", "justclick-deliver.1"] {
        assert!(pages.contains(page), "{page}");
    }
    for (shell, path) in COMPLETIONS {
        let installed = fs::read_to_string(stage.path(path)).expect(path);
        assert_eq!(installed, justclick(&["completions", shell]), "{shell}");
    }
    assert_eq!(
        names(&stage.path("/usr/lib/systemd/system")),
        UNITS.map(str::to_owned).into()
    );
    let count = OF_THE_LIBRARY + 1 + pages.len() + COMPLETIONS.len() + UNITS.len();
    assert_eq!(files(stage.folder()).len(), count);
    for file in files(stage.folder()) {
        let mode = fs::metadata(&file).expect("a file").permissions().mode() & 0o777;
        let is_code = file == program || file.to_string_lossy().contains(".so");
        assert_eq!(mode, if is_code { 0o755 } else { 0o644 }, "{file:?}");
    }

    let others = stage.path(MANUAL).join("another.1");
    fs::write(&others, "").expect("a page");
    stage.make("uninstall");
    assert_eq!(files(stage.folder()), std::slice::from_ref(&others));
    fs::remove_file(others).expect("is removed");
    // Its folder had to stay, with those above.
    assert!(stage.path(MANUAL).exists());
    assert!(!stage.path("/usr/bin").exists());
    assert!(!stage.path("/usr/lib").exists());
}

#[test]
fn who_wants_the_library_alone_takes_the_command_away_as_well() {
    let stage = Stage::empty(&[FEATURES, "COMMAND=no"]);
    stage.make("install");
    assert_eq!(files(stage.folder()).len(), OF_THE_LIBRARY);
    let both = Stage::empty(&[FEATURES]);
    both.make("install");
    let target = format!("DESTDIR={}", both.folder().display());
    let libraries = format!("LIBDIR={LIBDIR}");
    let words = [
        "uninstall",
        "COMMAND=no",
        "PREFIX=/usr",
        &libraries,
        &target,
    ];
    succeeded(&make(&words));
    assert!(is_empty(both.folder()));
}

/// The manual as `man` shows it.
#[test]
fn the_manual_is_set_without_a_fault() {
    let stage = Stage::empty(&[FEATURES]);
    stage.make("install");
    for page in files(&stage.path(MANUAL)) {
        let shown = Command::new("groff")
            .args(["-Kutf8", "-man", "-Tutf8", "-P-c", "-P-b", "-P-u", "-ww"])
            .arg(&page)
            .output()
            .expect("groff");
        assert_eq!(String::from_utf8_lossy(&shown.stderr), "", "{page:?}");
        let shown = succeeded(&shown);
        assert!(shown.contains("SYNOPSIS"), "{page:?}: {shown}");
    }
}

#[test]
fn a_shell_completes_its_words() {
    let stage = Stage::empty(&[FEATURES]);
    stage.make("install");
    let script = format!(
        "set -eu; source '{}'; COMP_WORDS=(justclick outbox st) COMP_CWORD=2
         complete -p justclick >/dev/null; _justclick justclick st outbox; echo \"${{COMPREPLY[@]}}\"",
        stage.path(COMPLETIONS[0].1).display()
    );
    assert_eq!(succeeded(&run("bash", &["-c", &script])), "status\n");
}

#[test]
fn the_units_start_the_program_where_it_is() {
    let stage = Stage::empty(&[FEATURES, "BINDIR=/opt/site/bin"]);
    stage.make("install");
    assert!(stage.path("/opt/site/bin/justclick").exists());
    for unit in UNITS {
        let path = stage.path("/usr/lib/systemd/system").join(unit);
        let text = fs::read_to_string(path).expect(unit);
        let is_service = unit.ends_with(".service");
        assert_eq!(
            text.contains("ExecStart=/opt/site/bin/justclick "),
            is_service,
            "{unit}"
        );
        assert!(!text.contains("/usr/bin/justclick"), "{unit}");
    }
}

/// Debian's packages, unpacked.
struct Packages {
    folder: tempfile::TempDir,
}

impl Packages {
    fn make() -> Packages {
        let folder = tempfile::tempdir().expect("a folder");
        let place = format!("DEB={}", folder.path().display());
        // To compress what a debugger reads would take minutes.
        let quick = "DPKG_DEB_COMPRESSOR_TYPE=none";
        succeeded(&make(&["deb", FEATURES, &place, quick]));
        Packages { folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        let packages = self.folder.path().join("packages");
        let begin = format!("{name}_");
        let mut found = names(&packages).into_iter();
        let found = found.find(|file| file.starts_with(&begin)).expect(name);
        packages.join(found)
    }

    fn field(&self, name: &str, field: &str) -> String {
        let file = self.file(name).display().to_string();
        let told = succeeded(&run("dpkg-deb", &["--field", &file, field]));
        told.trim().to_owned()
    }

    /// Unpacks one, and returns where, with the paths of its files.
    fn unpacked(&self, name: &str) -> (PathBuf, BTreeSet<String>) {
        let folder = self.folder.path().join(name);
        let words = [
            "--extract",
            &self.file(name).display().to_string(),
            &folder.display().to_string(),
        ];
        succeeded(&run("dpkg-deb", &words));
        let below = |path: PathBuf| {
            let path = path.strip_prefix(&folder).expect("below it");
            path.display().to_string()
        };
        let paths = files(&folder).into_iter().map(below).collect();
        (folder, paths)
    }
}

#[test]
fn debian_has_it_in_a_package_of_its_own() {
    let packages = Packages::make();
    let (folder, command) = packages.unpacked("justclick");
    let (_, library) = packages.unpacked("libjustclick0");
    let (_, development) = packages.unpacked("libjustclick-dev");
    for (one, other) in [
        (&command, &library),
        (&command, &development),
        (&library, &development),
    ] {
        assert!(one.is_disjoint(other), "{:?}", one.intersection(other));
    }
    let told = succeeded(&run(folder.join("usr/bin/justclick"), &["--version"]));
    assert!(told.starts_with("justclick "), "{told}");
    let mut expected: BTreeSet<String> = pages()
        .iter()
        .map(|page| format!("usr/share/man/man1/{page}.gz"))
        .collect();
    expected.extend(UNITS.map(|unit| format!("usr/lib/systemd/system/{unit}")));
    for path in [
        "usr/bin/justclick",
        "usr/share/bash-completion/completions/justclick",
        "usr/share/fish/vendor_completions.d/justclick.fish",
        "usr/share/zsh/vendor-completions/_justclick",
        "usr/share/doc/justclick/changelog.gz",
        "usr/share/doc/justclick/copyright",
        "usr/share/doc/justclick/examples/Caddyfile",
        "usr/share/doc/justclick/examples/bridge.toml",
        "usr/share/doc/justclick/examples/nginx.conf",
    ] {
        expected.insert(path.to_owned());
    }
    assert_eq!(command, expected);
    assert!(
        !development
            .iter()
            .any(|path| path.contains("zsh") || path.contains("man1"))
    );

    // It holds the library, so it needs no other package of this source.
    let needs = packages.field("justclick", "Depends");
    assert!(
        needs.contains("libc6 (>= 2.") && !needs.contains("libjustclick"),
        "{needs}"
    );
    assert_eq!(packages.field("justclick", "Multi-Arch"), "foreign");
    assert_eq!(packages.field("libjustclick0", "Multi-Arch"), "same");
    let scripts = root().join("build/install/debian");
    let control = packages.folder.path().join("control");
    let words = [
        "--control",
        &packages.file("justclick").display().to_string(),
        &control.display().to_string(),
    ];
    succeeded(&run("dpkg-deb", &words));
    for script in names(&scripts) {
        let packed = control.join(&script);
        succeeded(&run("sh", &["-n", packed.to_str().expect("UTF-8")]));
        let mode = fs::metadata(&packed)
            .expect("a script")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o755, "{script}");
    }
}
