//! A folder that this build is installed into, as for `/usr`.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::c_programs::{make, succeeded};

pub const LIBDIR: &str = "/usr/lib/any-triplet";

/// What is installed goes with it.
pub struct Stage {
    folder: TempDir,
    words: Vec<String>,
}

impl Stage {
    /// With nothing in it. What is installed there is chosen by further words of `make`.
    pub fn empty(words: &[&str]) -> Stage {
        Stage {
            folder: tempfile::tempdir().expect("a folder"),
            words: words.iter().map(|&word| word.to_owned()).collect(),
        }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.folder().join(below.trim_start_matches('/'))
    }

    pub fn make(&self, target: &str) {
        let place = format!("DESTDIR={}", self.folder().display());
        let libraries = format!("LIBDIR={LIBDIR}");
        let mut words = vec![target, "PREFIX=/usr", &libraries, &place];
        words.extend(self.words.iter().map(String::as_str));
        succeeded(&make(&words));
    }
}

pub fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).expect("a folder").next().is_none()
}

/// All files below a folder, links among them.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
