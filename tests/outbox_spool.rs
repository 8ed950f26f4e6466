//! The spool: leads that the outbox's store does not take are kept on this host, and moved later.
#![cfg(all(feature = "outbox", target_os = "linux"))]

#[path = "outbox_spool/away.rs"]
mod away;
#[path = "outbox_spool/disk.rs"]
mod disk;
#[path = "outbox_spool/movers.rs"]
mod movers;
#[allow(dead_code)]
mod outbox_proof;
#[path = "outbox_disk/place.rs"]
#[allow(dead_code)]
mod place;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;
#[path = "outbox_spool/settings.rs"]
mod settings;
#[path = "outbox_spool/store.rs"]
mod store;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use justclick::outbox::Report;
use justclick::outbox::row::Kept;
use justclick::{Client, Error, Outbox};
use outbox_proof::service::{self, lead, limits};
use sandbox::Sandbox;
use store::{Shared, State};
use tempfile::TempDir;

/// A service, a site whose leads are for it, and the outbox of that, whose store can be away.
struct Site {
    folder: TempDir,
    service: Sandbox,
    client: Client,
    state: Arc<State>,
    outbox: Outbox,
}

impl Site {
    fn new() -> Site {
        let folder = tempfile::tempdir().expect("a folder");
        let service = service::sandbox();
        let state = State::new();
        let shared = Shared::open(&folder.path().join("shared.db"), &state);
        let mut site = Site {
            client: service::client(&service.base_url()),
            outbox: Outbox::with_store(shared),
            folder,
            service,
            state,
        };
        site.set("durability", "crash");
        site.set("busy_timeout_ms", "20000");
        let spool = site.spool();
        site.set("spool", spool.to_str().expect("UTF-8"));
        site
    }

    fn spool(&self) -> PathBuf {
        self.folder.path().join("spool.db")
    }

    fn set(&mut self, setting: &str, value: &str) {
        self.outbox.set(setting, value).expect("a setting");
    }

    /// Another outbox with the same store, as the next request has.
    fn another(&self, spool: &str) -> Outbox {
        let shared = Shared::open(&self.folder.path().join("shared.db"), &self.state);
        let mut outbox = Outbox::with_store(shared);
        let spool = self.folder.path().join(spool);
        outbox
            .set("spool", spool.to_str().expect("UTF-8"))
            .expect("a setting");
        outbox
    }

    fn try_add(&self, name: &str, key: Option<&[u8]>) -> Result<Kept, Error> {
        self.outbox
            .add(&self.client, &lead(&format!("{name}@b.ru")), key)
    }

    fn add(&self, name: &str) -> Kept {
        self.try_add(name, None).expect("is kept")
    }

    fn deliver(&self) -> Report {
        self.outbox
            .deliver(&self.client, &limits("{}"))
            .expect("a report")
    }

    /// All that was accepted is somewhere, and where it was delivered the service has it.
    fn adds_up_to(&self, accepted: u64) {
        let status = self.outbox.status().expect("a status");
        let there = status.waiting + status.leased + status.dead + status.spooled;
        assert_eq!(
            accepted,
            status.delivered + status.dropped + there,
            "{status:?}"
        );
        assert_eq!(self.contacts().len() as u64, status.delivered, "{status:?}");
    }

    fn contacts(&self) -> HashSet<String> {
        let contacts = self.service.contacts();
        contacts.into_iter().map(|contact| contact.email).collect()
    }
}
