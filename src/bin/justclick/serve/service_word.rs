//! What the service says of the contact that a form has just brought. The contact is kept before, and is
//! delivered however long a visitor waits.

use std::sync::Arc;
use std::time::Duration;

use justclick::outbox::{Limits, Report};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard, Semaphore};
use tokio::time::timeout;

use super::Bridge;
use super::settings::PageSettings;

/// So long a visitor waits for it at the most.
const PATIENCE: Duration = Duration::from_secs(1);
/// How many visitors' contacts are sent side by side, so that a service that hangs holds no more threads.
pub const ASKED_AT_ONCE: usize = 2;

/// A run of the deliverer that has nothing to send is shorter.
const TURN_PATIENCE: Duration = Duration::from_millis(100);

/// The visitors whose contacts are sent.
pub struct Asking {
    places: Arc<Semaphore>,
    /// Visitors share it, from before their contacts are kept, so that the deliverer, which tells of no
    /// single contact, does not come between.
    turn: RwLock<()>,
}

impl Default for Asking {
    fn default() -> Asking {
        Asking {
            places: Arc::new(Semaphore::new(ASKED_AT_ONCE)),
            turn: RwLock::default(),
        }
    }
}

impl Asking {
    /// Waits for visitors that wait, which is a moment; those who come then are behind it.
    pub fn others_turn(&self) -> RwLockWriteGuard<'_, ()> {
        self.turn.blocking_write()
    }

    /// `None` where the deliverer has much to do, and may come between.
    pub async fn visitors_turn(&self) -> Option<RwLockReadGuard<'_, ()>> {
        timeout(TURN_PATIENCE, self.turn.read()).await.ok()
    }
}

impl Bridge {
    /// Whether the service had the contact before; `false` where it does not say so in a moment.
    pub async fn was_known(self: &Arc<Bridge>, page: &PageSettings, id: i64) -> bool {
        // The site's own page says the same to all, and a lead in the spool has no number yet.
        if page.done.is_some() || id == 0 {
            return false;
        }
        let report = timeout(PATIENCE, self.deliver_one(id)).await;
        report.is_ok_and(|report| report.is_some_and(|report| report.known > 0))
    }

    /// Who no longer waits for it does not end it.
    async fn deliver_one(self: &Arc<Bridge>, id: i64) -> Option<Report> {
        let place = Arc::clone(&self.asking.places).acquire_owned().await.ok()?;
        let bridge = Arc::clone(self);
        let work = move || {
            let _until_it_ends = place;
            let mut limits = Limits::default();
            limits.id = Some(id);
            let report = bridge.outbox.deliver(&bridge.client, &limits);
            if let Err(error) = &report {
                bridge.journal.say(error.message());
            }
            report.ok()
        };
        tokio::task::spawn_blocking(work).await.ok()?
    }
}
