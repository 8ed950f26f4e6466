//! What processes do whose disk has no room, or may not be written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use justclick::outbox::engine::EngineSettings;
use justclick::outbox::sqlite::SqliteStore;
use justclick::{Client, Error, ErrorKind, Outbox};

use crate::outbox_proof::account::{Account, is_whole};
use crate::outbox_proof::part::{self, Asked};
use crate::outbox_proof::saboteur::Sabotaged;
use crate::outbox_proof::service::{client, lead, limits};

/// What others have on the disk. Its room is enough for the log, which takes 4 MiB before it is moved.
const BALLAST: usize = 5 * 1024 * 1024;
/// More leads than there is room for.
const MANY: usize = 2000;

/// An outbox of a part, and the client whose leads it keeps.
struct Site {
    path: PathBuf,
    client: Client,
    outbox: Outbox,
}

impl Site {
    fn open(asked: &Asked) -> Site {
        let path = Path::new(&asked.value("folder")).join("leads.db");
        let store = SqliteStore::open(&path, EngineSettings::default()).expect("a store");
        let saboteur = asked.value("saboteur").parse().expect("a saboteur");
        Site {
            outbox: Outbox::with_store(Sabotaged::new(store, saboteur)),
            client: client(&asked.value("base_url")),
            path,
        }
    }

    fn add(&self, number: usize) -> Result<i64, Error> {
        let mut lead = lead(&format!("{number}@b.ru"));
        lead.name("x".repeat(3000)).expect("a name");
        let lead = &lead;
        let kept = self.outbox.add(&self.client, lead, None)?;
        assert!(!kept.was_there);
        Ok(kept.id)
    }

    /// Adds leads until there is no room, and returns how many were kept.
    fn fill(&self, why: &str) -> Result<usize, String> {
        let refused = (0..MANY).find_map(|number| Some((number, self.add(number).err()?)));
        let kept = refused.as_ref().map_or(MANY, |(number, _)| *number);
        let account = Account::of(&self.outbox)?;
        account.adds_up_to(kept as u64)?;
        let (_, error) = refused.ok_or("there was room for all")?;
        self.is_told_well(&error, why);
        // It is the same for those who come next.
        self.is_told_well(&self.add(kept).expect_err("there is no room"), why);
        self.adds_up_to(kept);
        Ok(kept)
    }

    /// A claim is a write, so nothing is sent that could not be settled.
    fn delivers_nothing(&self, kept: usize, why: &str) {
        let error = self.outbox.deliver(&self.client, &limits("{}"));
        self.is_told_well(&error.expect_err("there is no room"), why);
        self.adds_up_to(kept);
        let status = self.outbox.status().expect("a status");
        assert_eq!(status.waiting, kept as u64, "{status:?}");
    }

    fn is_told_well(&self, error: &Error, why: &str) {
        assert_eq!(error.kind(), ErrorKind::NotStored, "{error}");
        let message = error.message();
        assert!(message.contains(why), "{message}");
        assert!(message.contains(&*self.path.to_string_lossy()), "{message}");
    }

    fn adds_up_to(&self, accepted: usize) {
        let account = Account::of(&self.outbox).expect("the account");
        account
            .adds_up_to(accepted as u64)
            .expect("no lead is lost");
    }

    /// There is room again: leads are kept, and all are delivered.
    fn goes_on(self, kept: usize) {
        self.add(kept).expect("there is room again");
        let clock = self.outbox.status().expect("a status");
        assert_eq!(
            clock.leased, 0,
            "a lead was claimed without room to settle it"
        );
        let report = self
            .outbox
            .deliver(&self.client, &limits(r#"{"in_flight": 4}"#));
        report.expect("a report");
        self.adds_up_to(kept + 1);
        let status = self.outbox.status().expect("a status");
        assert_eq!(status.delivered, kept as u64 + 1, "{status:?}");
        drop(self.outbox);
        is_whole(&self.path).expect("the file");
        part::tell(&format!("delivered all {}", kept + 1));
    }
}

#[test]
fn full_disk() {
    let Some(asked) = part::asked("parts::full_disk") else {
        return;
    };
    let ballast = Path::new(&asked.value("folder")).join("ballast");
    fs::write(&ballast, vec![b'x'; BALLAST]).expect("there is room");
    let site = Site::open(&asked);
    let why = "the disk is full: make room";
    let kept = site.fill(why).expect("no lead is lost");
    site.delivers_nothing(kept, why);
    fs::remove_file(&ballast).expect("is removed");
    site.goes_on(kept);
}

#[test]
fn limited() {
    let Some(asked) = part::asked("parts::limited") else {
        return;
    };
    let site = Site::open(&asked);
    let why = "quota";
    match site.fill(why) {
        Ok(kept) => {
            site.delivers_nothing(kept, why);
            part::tell(&format!("kept {kept}"));
        }
        Err(wrong) => part::tell(&wrong),
    }
}

#[test]
fn unlimited() {
    let Some(asked) = part::asked("parts::unlimited") else {
        return;
    };
    let kept: usize = asked.value("kept").parse().expect("a number");
    let site = Site::open(&asked);
    site.adds_up_to(kept);
    site.goes_on(kept);
}

/// The disk is mounted read-only while no process has the outbox open, and for writing again.
#[test]
fn remounted() {
    let Some(asked) = part::asked("parts::remounted") else {
        return;
    };
    let folder = asked.value("folder");
    let site = Site::open(&asked);
    for number in 0..10 {
        site.add(number).expect("is kept");
    }
    drop(site);
    remount(&folder, "ro");
    let message = refusal(&asked);
    assert!(message.contains("read-only"), "{message}");
    remount(&folder, "rw");
    let site = Site::open(&asked);
    site.adds_up_to(10);
    site.goes_on(10);
}

fn remount(folder: &str, how: &str) {
    let options = format!("remount,{how}");
    let status = Command::new("mount")
        .args(["-o", &options, folder])
        .status();
    assert!(status.expect("mount is needed").success());
}

/// Tells the error of an outbox that this process may not write.
#[test]
fn forbidden() {
    if let Some(asked) = part::asked("parts::forbidden") {
        part::tell(&refusal(&asked));
    }
}

/// What who opens the outbox and adds a lead is told.
fn refusal(asked: &Asked) -> String {
    let path = Path::new(&asked.value("folder")).join("leads.db");
    let client = client(&asked.value("base_url"));
    let error = Outbox::open(path.to_str().expect("UTF-8"))
        .and_then(|outbox| outbox.add(&client, &lead("forbidden@b.ru"), None))
        .expect_err("it is not kept");
    assert_eq!(error.kind(), ErrorKind::NotStored);
    error.message().to_owned()
}
