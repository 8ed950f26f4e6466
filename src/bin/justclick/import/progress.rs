//! How far an import came: a small file beside the table, which is never behind what was done twice.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::json;

use crate::failure::Failure;

/// How far the import of one file came.
#[derive(Default)]
pub struct Progress {
    path: PathBuf,
    digest: String,
    /// So many rows are kept, or rejected.
    pub rows: u64,
    /// All rows are kept.
    pub is_filled: bool,
    /// All are delivered or rejected.
    pub is_over: bool,
    /// Tells one import of a file from the next.
    pub times: u64,
}

#[derive(Deserialize)]
struct Written {
    file: String,
    rows: u64,
    filled: bool,
    over: bool,
    times: u64,
}

impl Progress {
    /// Of another file that had this name, nothing counts.
    pub fn open(path: &Path, digest: &str) -> Result<Progress, Failure> {
        let fresh = Progress {
            path: path.to_owned(),
            digest: digest.to_owned(),
            ..Progress::default()
        };
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(fresh),
            Err(error) => return Err(fresh.failed(&error)),
        };
        let written: Written = serde_json::from_str(&text).map_err(|error| {
            Failure::WrongUse(format!(
                "{}: it is not what this command wrote ({error}); delete it to begin anew",
                path.display()
            ))
        })?;
        if written.file != digest {
            return Ok(fresh);
        }
        Ok(Progress {
            rows: written.rows,
            is_filled: written.filled,
            is_over: written.over,
            times: written.times,
            ..fresh
        })
    }

    pub fn is_begun(&self) -> bool {
        self.rows > 0
    }

    pub fn begin_again(&mut self) -> Result<(), Failure> {
        (self.rows, self.is_filled, self.is_over) = (0, false, false);
        self.times += 1;
        self.save()
    }

    pub fn end(&mut self) -> Result<(), Failure> {
        self.is_over = true;
        self.save()
    }

    /// On the disk when it returns: the old state or the new one, whatever happens.
    pub fn save(&self) -> Result<(), Failure> {
        let text = json!({
            "file": self.digest,
            "rows": self.rows,
            "filled": self.is_filled,
            "over": self.is_over,
            "times": self.times,
        });
        let new = self.path.with_extension("import-new");
        let write = || {
            let mut file = File::create(&new)?;
            writeln!(file, "{text}")?;
            file.sync_all()?;
            fs::rename(&new, &self.path)?;
            let folder = self
                .path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        };
        write().map_err(|error| self.failed(&error))
    }

    /// What tells a row from all others while it waits.
    pub fn key(&self, row: u64) -> String {
        format!("{}{row}", self.prefix())
    }

    /// What the keys of this import begin with.
    pub fn prefix(&self) -> String {
        let digest = self.digest.get(..32).unwrap_or(&self.digest);
        format!("import:{digest}:{}:", self.times)
    }

    fn failed(&self, error: &dyn std::fmt::Display) -> Failure {
        Failure::System(format!("{}: {error}", self.path.display()))
    }
}
