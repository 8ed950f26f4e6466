//! What an outbox has promised at a moment, and whether the disk that is left then keeps it.

use std::collections::HashSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use justclick::Outbox;

use super::disk::Image;
use crate::outbox_proof::account::{Account, is_whole};
use crate::outbox_proof::service::{client, lead};

/// The marks of a process: it tries to add a lead, a lead is kept, one that was there is kept, and the
/// service has one.
pub const TRIED: &str = "tried";
pub const KEPT: &str = "kept";
pub const AGAIN: &str = "again";
pub const ARRIVED: &str = "arrived";

/// The numbers of leads, as the process that is cut was told.
#[derive(Default, Clone)]
pub struct Promise {
    /// How many it has tried to add.
    tried: u64,
    /// Those of which it was told that they are kept.
    kept: HashSet<i64>,
    /// Those that the service has.
    arrived: HashSet<i64>,
}

/// Whether a mark says that a lead is kept.
pub fn is_made_by(mark: &str) -> bool {
    mark.starts_with(KEPT) || mark.starts_with(AGAIN)
}

impl Promise {
    pub fn note(&mut self, mark: &str) {
        let (what, id) = mark.split_once(' ').expect("two words");
        let id = id.parse().expect("a number");
        match what {
            TRIED => self.tried += 1,
            KEPT | AGAIN => drop(self.kept.insert(id)),
            ARRIVED => drop(self.arrived.insert(id)),
            other => panic!("an unknown mark: {other}"),
        }
    }

    pub fn kept(&self) -> usize {
        self.kept.len()
    }

    /// Whether the outbox opens, is whole, holds each lead that was kept and has not arrived, counts
    /// none as delivered that has not, and takes leads again.
    pub fn holds_on(&self, image: &Image, folder: &Path) -> Result<(), String> {
        for (name, bytes) in image {
            let path = folder.join(name);
            (fs::write(&path, bytes)
                .and_then(|()| fs::set_permissions(&path, Permissions::from_mode(0o600))))
            .expect("the image");
        }
        let path = folder.join("leads.db");
        let outbox = Outbox::open(path.to_str().expect("UTF-8"))
            .map_err(|error| format!("it does not open: {error}"))?;
        let account = Account::of(&outbox)?;
        self.agrees(&account)?;
        let kept = outbox.add(&client("http://127.0.0.1:1"), &lead("new@b.ru"), None);
        let kept = kept.map_err(|error| format!("it takes no lead: {error}"))?;
        if kept.was_there || self.kept.contains(&kept.id) {
            return Err(format!("number {} is given twice", kept.id));
        }
        Account::of(&outbox)?.adds_up_to(account.accepted() + 1)?;
        drop(outbox);
        is_whole(&path)
    }

    fn agrees(&self, account: &Account) -> Result<(), String> {
        let rows: HashSet<i64> = account.rows.iter().map(|row| row.id).collect();
        let is_lost = |id: &&i64| !rows.contains(*id) && !self.arrived.contains(*id);
        let lost = self.kept.iter().filter(is_lost).count();
        if lost > 0 {
            return Err(format!("{lost} leads are lost"));
        }
        let (accepted, delivered) = (account.accepted(), account.status.delivered);
        if delivered > self.arrived.len() as u64 {
            return Err(format!("{delivered} are counted as delivered"));
        }
        if !(self.kept.len() as u64..=self.tried).contains(&accepted) {
            return Err(format!("{accepted} leads are accounted for"));
        }
        Ok(())
    }
}
