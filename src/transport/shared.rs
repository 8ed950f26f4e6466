//! Sessions that outlive their clients, for programs that make a client for each lead.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use once_cell::race::OnceBox;

use super::session::Session;
use super::settings::TransportSettings;
use crate::per_process::{self, PerProcess};

/// Most programs have one kind of client. The one that was used least recently makes room.
const MOST_SESSIONS: usize = 8;

static SESSIONS: OnceBox<PerProcess<Mutex<Vec<Shared>>>> = OnceBox::new();

struct Shared {
    key: Key,
    session: Arc<Session>,
}

/// What two clients must have in common to share connections. A file of certificates that was
/// replaced is another one, so that connections under the old ones are not used for the new.
#[derive(PartialEq)]
struct Key {
    user_agent: String,
    ca_file: Option<CaFile>,
}

#[derive(PartialEq)]
struct CaFile {
    path: PathBuf,
    length: u64,
    modified: Option<SystemTime>,
}

/// The session of all clients with these settings, or one alone where the settings cannot be told
/// from others, since the file that they name is not there.
pub(super) fn session(settings: &TransportSettings) -> Arc<Session> {
    let Some(key) = Key::of(settings) else {
        return Arc::new(Session::new(settings));
    };
    let sessions = per_process::of_this_process(&SESSIONS, Mutex::default);
    let mut sessions = sessions.lock().unwrap_or_else(PoisonError::into_inner);
    let known = sessions.iter().position(|shared| shared.key == key);
    let shared = match known {
        Some(index) => sessions.remove(index),
        None => Shared {
            key,
            session: Arc::new(Session::new(settings)),
        },
    };
    let session = Arc::clone(&shared.session);
    sessions.push(shared);
    // Its connections are closed when the lock is free again.
    let oldest = (sessions.len() > MOST_SESSIONS).then(|| sessions.remove(0));
    drop(sessions);
    drop(oldest);
    session
}

impl Key {
    fn of(settings: &TransportSettings) -> Option<Key> {
        let ca_file = match &settings.ca_file {
            None => None,
            Some(path) => {
                let metadata = fs::metadata(path).ok()?;
                Some(CaFile {
                    path: path.clone(),
                    length: metadata.len(),
                    modified: metadata.modified().ok(),
                })
            }
        };
        Some(Key {
            user_agent: settings.user_agent.clone(),
            ca_file,
        })
    }
}
