//! A service that knows nobody yet, near or far, and a folder with the table.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use crate::contacts;
use crate::relay::Relay;
use crate::sandbox::{Options, Sandbox};

const ROUND_TRIP: Duration = Duration::from_millis(30);

pub struct Scene {
    sandbox: Sandbox,
    folder: TempDir,
    pub base_url: String,
}

impl Scene {
    pub fn new(rows: u32, is_far: bool) -> Scene {
        let sandbox = Sandbox::start(Options {
            tls: true,
            ..Options::demo()
        })
        .expect("a sandbox");
        let base_url = if is_far {
            Relay::start(&sandbox.base_url(), ROUND_TRIP / 2).base_url()
        } else {
            sandbox.base_url()
        };
        let scene = Scene {
            sandbox,
            folder: tempfile::tempdir().expect("a folder"),
            base_url,
        };
        let ca_pem = scene.sandbox.ca_pem().expect("a CA");
        fs::write(scene.ca_file(), ca_pem).expect("a file");
        contacts::write(&scene.table(), rows);
        scene
    }

    pub fn table(&self) -> PathBuf {
        self.folder.path().join("contacts.csv")
    }

    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The service has each row once, and one of them as it stands in the table.
    pub fn check(&self, name: &str, rows: u32) {
        let contacts = self.sandbox.contacts();
        let counts = (contacts.len() as u64, self.sandbox.requests() as u64);
        assert_eq!(counts, (u64::from(rows), u64::from(rows)), "{name}");
        let [email, person, phone] = contacts::contact(rows - 1);
        let contact = contacts.iter().find(|contact| contact.email == email);
        let fields = &contact.expect("the last row").fields;
        for (field, value) in [("lead_name", person), ("lead_phone", phone)] {
            assert!(
                fields.contains(&(field.to_owned(), value)),
                "{name}: {field}"
            );
        }
    }
}
