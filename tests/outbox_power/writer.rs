//! The process whose power is cut: it keeps leads and delivers some, and marks in its record what it
//! was told, so that each mark stands between the writes before and after it.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use justclick::outbox::engine::{Durability, EngineSettings};
use justclick::outbox::row::{Claim, Claimed, Kept, Listed, NewRow, Selection, Settlement, Status};
use justclick::outbox::sqlite::SqliteStore;
use justclick::outbox::store::Store;
use justclick::{Error, Outbox};

use super::promise;
use super::record::MARKS;
use crate::outbox_proof::part;
use crate::outbox_proof::service::{self, client, lead, limits};

/// How many leads are kept in a row, and delivered then.
const ROUNDS: [(u32, &str); 4] = [
    (15, r#"{"leads": 5}"#),
    (15, r#"{"leads": 15, "in_flight": 3}"#),
    // So many that the log is moved by who keeps leads, since nobody delivers.
    (350, r#"{"leads": 10}"#),
    (15, r#"{"leads": 1}"#),
];

#[test]
fn writer() {
    let Some(asked) = part::asked("writer::writer") else {
        return;
    };
    let folder = asked.value("folder");
    let marks = Arc::new(Marks::in_folder(Path::new(&folder)));
    let settings = EngineSettings {
        durability: match asked.value("durability").as_str() {
            "power" => Durability::Power,
            _ => Durability::Crash,
        },
        ..EngineSettings::default()
    };
    let path = Path::new(&folder).join("leads.db");
    let hasty = hasty(&path);
    let store = SqliteStore::open(path, settings).expect("a store");
    let outbox = Outbox::with_store(Marked {
        store,
        marks: Arc::clone(&marks),
    });
    let service = service::sandbox();
    let client = client(&service.base_url());
    let mut number = 0;
    for number in 0..5 {
        // What another kept without a sync is kept with one where it is added again.
        let lead = lead(&format!("hasty-{number}@b.ru"));
        marks.tell(promise::TRIED, 0);
        hasty.add(&client, &lead, None).expect("is kept");
        assert!(outbox.add(&client, &lead, None).expect("is kept").was_there);
    }
    for (leads, delivery) in ROUNDS {
        for _ in 0..leads {
            number += 1;
            let kept = outbox.add(&client, &lead(&format!("{number}@b.ru")), None);
            assert!(!kept.expect("is kept").was_there);
        }
        let report = outbox.deliver(&client, &limits(delivery));
        assert!(report.expect("a report").delivered > 0);
    }
}

fn hasty(path: &Path) -> Outbox {
    let settings = EngineSettings {
        durability: Durability::Crash,
        ..EngineSettings::default()
    };
    Outbox::with_store(SqliteStore::open(path, settings).expect("a store"))
}

struct Marks(Mutex<File>);

impl Marks {
    fn in_folder(folder: &Path) -> Marks {
        let file = (OpenOptions::new().append(true).create(true)).open(folder.join(MARKS));
        Marks(Mutex::new(file.expect("the marks")))
    }

    fn tell(&self, what: &str, id: i64) {
        let line = format!("{what} {id}\n");
        let mut file = self.0.lock().expect("the marks");
        file.write_all(line.as_bytes()).expect("is told");
    }
}

/// Marks what it is told, and what it tells.
struct Marked {
    store: SqliteStore,
    marks: Arc<Marks>,
}

impl Store for Marked {
    fn configure(&mut self, settings: EngineSettings) {
        self.store.configure(settings);
    }

    fn add(&self, row: &NewRow, limit: u64) -> Result<Kept, Error> {
        self.marks.tell(promise::TRIED, 0);
        let kept = self.store.add(row, limit)?;
        let what = if kept.was_there {
            promise::AGAIN
        } else {
            promise::KEPT
        };
        self.marks.tell(what, kept.id);
        Ok(kept)
    }

    fn claim(
        &self,
        account: &str,
        credentials: &str,
        lease: Duration,
        id: Option<i64>,
    ) -> Result<Claim, Error> {
        self.store.claim(account, credentials, lease, id)
    }

    fn settle(
        &self,
        account: &str,
        credentials: &str,
        claimed: &Claimed,
        settlement: &Settlement,
    ) -> Result<bool, Error> {
        if *settlement == Settlement::Delivered {
            self.marks.tell(promise::ARRIVED, claimed.id);
        }
        (self.store).settle(account, credentials, claimed, settlement)
    }

    fn failures(&self, account: &str) -> Result<(u32, u32), Error> {
        self.store.failures(account)
    }

    fn is_delivering(&self, account: &str) -> Result<bool, Error> {
        self.store.is_delivering(account)
    }

    fn status(&self) -> Result<Status, Error> {
        self.store.status()
    }

    fn list(&self, selection: &Selection) -> Result<Vec<Listed>, Error> {
        self.store.list(selection)
    }

    fn retry(&self, selection: &Selection) -> Result<u64, Error> {
        self.store.retry(selection)
    }

    fn drop(&self, selection: &Selection) -> Result<u64, Error> {
        Store::drop(&self.store, selection)
    }

    fn tidy(&self, keep_dead: Option<Duration>) -> Result<(), Error> {
        self.store.tidy(keep_dead)
    }
}
