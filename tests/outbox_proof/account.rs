//! The account of all leads: accepted = delivered + waiting + leased + dead + dropped.

use std::collections::HashSet;
use std::path::Path;

use justclick::Outbox;
use justclick::outbox::row::{Listed, Selection, State, Status};

/// What an outbox holds, after its status was found to agree with its rows, counted one by one.
pub struct Account {
    pub rows: Vec<Listed>,
    pub status: Status,
}

impl Account {
    /// # Errors
    /// What does not agree.
    pub fn of(outbox: &Outbox) -> Result<Account, String> {
        let everything = Selection {
            limit: Some(u32::MAX),
            ..Selection::default()
        };
        let rows = (outbox.list(&everything)).map_err(|error| error.to_string())?;
        let status = outbox.status().map_err(|error| error.to_string())?;
        let count = |state| rows.iter().filter(|row| row.state == state).count() as u64;
        let counted = [State::Waiting, State::Leased, State::Dead].map(count);
        if [status.waiting, status.leased, status.dead] != counted {
            return Err(format!(
                "a lead is lost, or one too many: {counted:?} wait, are leased, are dead, and the status is {status:?}"
            ));
        }
        let ids: HashSet<i64> = rows.iter().map(|row| row.id).collect();
        if ids.len() != rows.len() {
            return Err("a row stands twice".to_owned());
        }
        Ok(Account { rows, status })
    }

    /// How many leads were ever accepted.
    pub fn accepted(&self) -> u64 {
        self.rows.len() as u64 + self.status.delivered + self.status.dropped
    }

    /// # Errors
    /// Another number was accepted.
    pub fn adds_up_to(&self, accepted: u64) -> Result<(), String> {
        if self.accepted() == accepted {
            return Ok(());
        }
        let status = &self.status;
        Err(format!("{accepted} leads were accepted, but {status:?}"))
    }
}

/// Whether SQLite itself finds no fault in the file. It is the SQLite of the library, so that one
/// process has no two of them.
pub fn is_whole(path: &Path) -> Result<(), String> {
    let verdict: Result<String, _> = rusqlite::Connection::open(path).and_then(|connection| {
        connection.query_row("pragma integrity_check", [], |row| row.get(0))
    });
    match verdict {
        Ok(verdict) if verdict == "ok" => Ok(()),
        Ok(fault) => Err(format!("the file is not whole: {fault}")),
        Err(error) => Err(format!("the file cannot be checked: {error}")),
    }
}
