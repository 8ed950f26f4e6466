//! Several processes that begin with no file: the tables are made once, and whole.

use std::path::Path;
use std::time::Duration;

use justclick::outbox::engine::EngineSettings;
use justclick::outbox::sqlite::SqliteStore;
use justclick::outbox::store::Store;

use super::part::{self, Part};
use super::suite::{ACCOUNT, account_for, new_row};

/// A busy machine fails no test.
fn open(path: impl AsRef<Path>) -> SqliteStore {
    let settings = EngineSettings {
        busy_timeout: Duration::from_secs(20),
        ..EngineSettings::default()
    };
    SqliteStore::open(path, settings).expect("a store")
}

const PROCESSES: usize = 6;

/// Opens the file that nobody has made, and keeps a lead in it.
#[test]
fn beginner() {
    let Some(asked) = part::asked("making::beginner") else {
        return;
    };
    let row = new_row(ACCOUNT, &asked.value("name"));
    let kept = open(asked.value("file")).add(&row, 100);
    part::tell(&kept.expect("is kept").id.to_string());
}

fn begin(path: &Path, name: &str) -> Part {
    let file = path.to_str().expect("UTF-8");
    Part::start(part::command(
        "making::beginner",
        &[("file", file), ("name", name)],
    ))
}

#[test]
fn processes_that_begin_at_once_make_the_tables_once() {
    let folder = tempfile::tempdir().expect("a folder");
    for round in 0..5 {
        let path = folder.path().join(format!("{round}.db"));
        let parts: Vec<Part> = (0..PROCESSES)
            .map(|name| begin(&path, &name.to_string()))
            .collect();
        let mut ids: Vec<String> = parts.into_iter().flat_map(Part::success).collect();
        ids.sort();
        assert_eq!(ids, ["1", "2", "3", "4", "5", "6"]);
        account_for(&open(&path), PROCESSES as u64);
    }
}
