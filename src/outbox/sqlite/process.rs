//! SQLite within one process, and in a child made by `fork`.
//!
//! SQLite keeps a table of the process's locks, which a child inherits without the locks. A child that
//! opened the file beside it would believe locks that it does not have. So a child first closes the
//! connections that it inherited: that empties the table. A close is harmless where the connection
//! was idle at the fork, since POSIX locks belong to a process, and since our connections neither
//! write nor delete anything when they are closed (`SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE`).
//!
//! Where another thread of the parent was inside SQLite at the fork, SQLite's own locks may be held
//! for ever in the child. Such a child is refused.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use once_cell::race::OnceBox;
use rusqlite::Connection;

use super::super::engine::Durability;
use super::failure::{self, Failed};
use super::file::FileId;
use super::log::Log;
use crate::error::Error;
use crate::per_process::{PerProcess, of_this_process_or_heir};

/// A file that is open, and its log. As long as it is open here, nobody else may delete the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opened {
    pub(super) path: PathBuf,
    pub(super) file: FileId,
    pub(super) log: Option<FileId>,
}

/// An open connection.
pub(super) struct Link {
    pub(super) connection: Connection,
    /// `None` in memory.
    pub(super) opened: Option<Opened>,
    pub(super) log: Log,
    /// From the time since the host's start to the store's time.
    pub(super) offset: i64,
    /// What a commit survives; `None` where it was not said yet.
    pub(super) durability: Option<Durability>,
}

/// The place of one connection, which is opened at its first use.
#[derive(Default)]
pub(super) struct Slot(Mutex<Option<Link>>);

/// What one process has of SQLite.
#[derive(Default)]
struct Process {
    /// How many threads are inside SQLite, or about to be.
    calls: AtomicU32,
    /// A thread of an ancestor was inside SQLite at the fork.
    is_refused: bool,
    slots: Mutex<Vec<Weak<Slot>>>,
    /// The files of the open connections, one entry for each.
    files: Mutex<Vec<Opened>>,
    /// One connection is opened at a time.
    opening: Mutex<()>,
}

static PROCESS: OnceBox<PerProcess<Process>> = OnceBox::new();

fn process() -> &'static Process {
    of_this_process_or_heir(&PROCESS, |ancestor| {
        ancestor.map_or_else(Process::default, heir)
    })
}

/// A child's: it closes what it inherited.
fn heir(ancestor: &Process) -> Process {
    let is_refused = ancestor.is_refused || ancestor.calls.load(Ordering::SeqCst) > 0;
    if !is_refused {
        // Nobody was inside, so no lock was held.
        for slot in held(&ancestor.slots).drain(..) {
            drop(slot.upgrade().and_then(|slot| slot.lock().take()));
        }
    }
    Process {
        is_refused,
        ..Process::default()
    }
}

/// The right to use SQLite, for as long as it is kept.
pub(super) struct Call(&'static Process);

/// Begins a use of SQLite.
pub(super) fn enter() -> Result<Call, Error> {
    let process = process();
    if process.is_refused {
        return Err(failure::error(
            "this process was made by fork while another thread of its parent used an outbox, so it cannot use one: fork before threads use an outbox, or start the program anew in the child",
        ));
    }
    process.calls.fetch_add(1, Ordering::SeqCst);
    Ok(Call(process))
}

impl Call {
    /// Waits until no other thread opens or closes a connection.
    pub(super) fn alone(&self) -> MutexGuard<'static, ()> {
        held(&self.0.opening)
    }

    /// What this process has open of the file.
    pub(super) fn opened(&self, file: FileId) -> Option<Opened> {
        let files = held(&self.0.files);
        files.iter().find(|opened| opened.file == file).cloned()
    }

    /// Notes a file that is open now. Who opened it is still [`alone`](Call::alone), or another thread
    /// would take it for a stranger's.
    pub(super) fn note(&self, opened: Opened) {
        held(&self.0.files).push(opened);
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Slot {
    /// A place that a child of this process will find.
    pub(super) fn new() -> Arc<Slot> {
        let slot = Arc::new(Slot::default());
        let Ok(_call) = enter() else { return slot };
        let mut slots = held(&process().slots);
        slots.retain(|other| other.strong_count() > 0);
        slots.push(Arc::downgrade(&slot));
        slot
    }

    /// Does `work` with the connection. It is opened where it is not, or where it `is_stale`.
    pub(super) fn with<T>(
        &self,
        is_stale: impl FnOnce(&Link) -> bool,
        open: impl FnOnce(&Call) -> Result<Link, Failed>,
        work: impl FnOnce(&mut Link) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let call = enter()?;
        let mut place = self.lock();
        if place.as_ref().is_some_and(is_stale) {
            close(&call, place.take());
        }
        if place.is_none() {
            *place = Some(open(&call)?);
        }
        let Some(link) = place.as_mut() else {
            return Err(failure::error("the connection is gone").into());
        };
        work(link)
    }

    /// Closes the connection, which is opened anew at its next use.
    pub(super) fn empty(&self) {
        let Some(link) = self.lock().take() else {
            return;
        };
        match enter() {
            Ok(call) => close(&call, Some(link)),
            Err(_) => std::mem::forget(link),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Link>> {
        held(&self.0)
    }
}

/// Does `work` with a connection to a site's own file, which is closed before this returns: what the site
/// opens later in this process finds nothing of ours. There is one at a time.
pub(super) fn visit<T>(
    open: impl FnOnce() -> Result<Link, Failed>,
    work: impl FnOnce(&mut Link) -> Result<T, Failed>,
    is_shared: impl FnOnce(&Link) -> bool,
) -> Result<T, Failed> {
    let call = enter()?;
    let _alone = call.alone();
    let mut link = open()?;
    let done = work(&mut link);
    if is_shared(&link) {
        // Another thread has opened it meanwhile, and a close would end its locks.
        std::mem::forget(link);
    }
    done
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.empty();
    }
}

fn close(call: &Call, link: Option<Link>) {
    let Some(link) = link else { return };
    let _alone = call.alone();
    let opened = link.opened.clone();
    drop(link);
    let mut files = held(&call.0.files);
    if let Some(position) = files.iter().position(|open| Some(open) == opened.as_ref()) {
        files.swap_remove(position);
    }
}

/// What a thread that panicked left behind is still whole: a transaction ends with its call.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
