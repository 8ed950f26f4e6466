//! The process that meets damaged stores: it makes a good one, damages copies of it, and uses each as
//! a program does. It tells of each before it begins, so that who asked knows what it died of.

use std::cell::Cell;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use justclick::outbox::Report;
use justclick::outbox::row::{Selection, State, Status};
use justclick::outbox::sqlite::SqliteStore;
use justclick::{Client, Error, ErrorKind, Outbox};

use super::good_store;
use super::mutation::{self, Bytes, FILES};
use super::values;
use crate::outbox_proof::part;
use crate::outbox_proof::saboteur::{Sabotaged, Saboteur};
use crate::outbox_proof::service::{self, client, lead, limits};
use crate::sandbox::{Behaviour, Sandbox};

/// A store that keeps a program for so long hangs.
const PATIENCE: Duration = Duration::from_secs(100);
/// More than a store has leads, whatever stands in it twice.
const MOST_REQUESTS: u64 = 100;

#[test]
fn examiner() {
    let Some(asked) = part::asked("examiner::examiner") else {
        return;
    };
    let number = |name: &str| -> u64 { asked.value(name).parse().expect("a number") };
    let examiner = Examiner::new(
        Path::new(&asked.value("folder")),
        asked.value("saboteur").parse().expect("a saboteur"),
    );
    let seed = number("seed");
    let step = usize::try_from(number("step")).expect("a step");
    let statements = values::statements(&examiner.made);
    let watch = Watch::start();
    for number in (number("first")..number("end")).step_by(step) {
        watch.begins();
        let statement = usize::try_from(number)
            .ok()
            .and_then(|number| statements.get(number));
        part::tell(&format!(
            "begins {number} {}",
            statement.map_or("", String::as_str)
        ));
        let mut chance = Rng::with_seed(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let found = examiner.examine(statement, &mut chance);
        part::tell(&match found {
            Ok(0) => "worked".to_owned(),
            Ok(_) => "told".to_owned(),
            Err(wrong) => format!("wrong {wrong}"),
        });
    }
    part::tell("done");
}

/// What became of a store in use.
struct Used {
    /// The errors that were told.
    told: Vec<Error>,
    /// A delivery came to its end, which moves the log into the file.
    moved_log: bool,
}

struct Examiner {
    service: Sandbox,
    client: Client,
    saboteur: Saboteur,
    /// The good store, and the copy that is damaged.
    made: PathBuf,
    path: PathBuf,
    good: Bytes,
    /// How many requests the service is still to lose.
    to_lose: Cell<usize>,
}

impl Examiner {
    fn new(folder: &Path, saboteur: Saboteur) -> Examiner {
        let service = service::sandbox();
        let client = client(&service.base_url());
        let made = folder.join("made").join(FILES[0]);
        let path = folder.join("damaged").join(FILES[0]);
        for file in [&made, &path] {
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        }
        good_store::make(&made, &client, &service);
        let good = FILES.map(|name| fs::read(made.with_file_name(name)).expect("reads"));
        assert!(good.iter().all(|bytes| !bytes.is_empty()));
        Examiner {
            service,
            client,
            saboteur,
            made,
            path,
            good,
            to_lose: Cell::default(),
        }
    }

    /// How many calls said that the store is damaged.
    fn examine(&self, statement: Option<&String>, chance: &mut Rng) -> Result<usize, String> {
        let mut bytes = self.good.clone();
        if statement.is_none() {
            mutation::mutate(&mut bytes, chance);
        }
        self.put(&bytes);
        if let Some(statement) = statement {
            values::change(&self.path, statement);
        }
        if chance.u8(..4) == 0 && self.to_lose.get() == 0 {
            // A kept connection that is closed is replaced at once, so it takes two.
            self.to_lose.set(2);
            self.service.next(Behaviour::CloseWithoutAnswer);
            self.service.next(Behaviour::CloseWithoutAnswer);
        }
        let before = fs::metadata(&self.path).expect("is there").ino();
        let lengths = self.lengths();
        let Used { told, moved_log } = self.used()?;
        let after = fs::metadata(&self.path).map(|file| file.ino()).ok();
        if after != Some(before) {
            return Err("the file was deleted, or made anew".to_owned());
        }
        if told.is_empty() && lengths[0] == 0 && lengths[1] > 0 {
            return Err("the file was made anew over the log of another".to_owned());
        }
        if !moved_log {
            self.is_not_emptied(lengths)?;
        }
        told.iter().try_for_each(|error| self.is_told_well(error))?;
        Ok(told.len())
    }

    fn put(&self, bytes: &Bytes) {
        let _ = fs::remove_file(self.path.with_file_name("leads.db-shm"));
        for (name, bytes) in FILES.iter().zip(bytes) {
            let path = self.path.with_file_name(name);
            (fs::write(&path, bytes)
                .and_then(|()| fs::set_permissions(&path, Permissions::from_mode(0o600))))
            .expect("the damaged store");
        }
    }

    /// Uses the store as a program does.
    fn used(&self) -> Result<Used, String> {
        let store = match self.open() {
            Ok(store) => store,
            Err(error) => {
                return Ok(Used {
                    told: vec![error],
                    moved_log: false,
                });
            }
        };
        let outbox = Outbox::with_store(Sabotaged::new(store, self.saboteur));
        let dead = Selection {
            state: Some(State::Dead),
            ..Selection::default()
        };
        let before = outbox.status();
        let requests = self.service.requests();
        let report = outbox.deliver(&self.client, &limits(r#"{"leads": 1000}"#));
        let answered = self.answered(self.service.requests() - requests);
        let after = outbox.status();
        is_true(&before, &report, &after, answered)?;
        let moved_log = report.is_ok();
        let new = lead("new@b.ru");
        let results = [
            before.map(drop),
            report.map(drop),
            after.map(drop),
            outbox.list(&Selection::default()).map(drop),
            outbox.add(&self.client, &new, None).map(drop),
            outbox.retry(&dead).map(drop),
            outbox.drop(&dead).map(drop),
            outbox.status().map(drop),
        ];
        let told = results.into_iter().filter_map(Result::err).collect();
        Ok(Used { told, moved_log })
    }

    fn open(&self) -> Result<SqliteStore, Error> {
        let opened = SqliteStore::open(&self.path, good_store::quick());
        if opened.is_err() && self.saboteur == Saboteur::Recreates {
            fs::remove_file(&self.path).expect("is removed");
            return SqliteStore::open(&self.path, good_store::quick());
        }
        opened
    }

    /// How many of these requests the service answered.
    fn answered(&self, requests: usize) -> u64 {
        let lost = requests.min(self.to_lose.get());
        self.to_lose.set(self.to_lose.get() - lost);
        (requests - lost) as u64
    }

    fn lengths(&self) -> [u64; 2] {
        FILES.map(|name| {
            let file = fs::metadata(self.path.with_file_name(name));
            file.map_or(0, |file| file.len())
        })
    }

    /// Nothing empties a store but a delivery, which moves the log into the file.
    fn is_not_emptied(&self, before: [u64; 2]) -> Result<(), String> {
        for ((name, before), left) in FILES.iter().zip(before).zip(self.lengths()) {
            if left == 0 && before > 0 {
                return Err(format!("{name} was emptied"));
            }
        }
        Ok(())
    }

    fn is_told_well(&self, error: &Error) -> Result<(), String> {
        let names_file = error.message().contains(&*self.path.to_string_lossy());
        (error.kind() == ErrorKind::NotStored && names_file)
            .then_some(())
            .ok_or_else(|| format!("it was told as {:?}: {error}", error.kind()))
    }
}

/// No lead is counted as delivered of which the service did not say so, and none is sent for ever.
fn is_true(
    before: &Result<Status, Error>,
    report: &Result<Report, Error>,
    after: &Result<Status, Error>,
    answered: u64,
) -> Result<(), String> {
    let reported = report.as_ref().map_or(0, |report| report.delivered);
    let counted = match (before, after) {
        (Ok(before), Ok(after)) => after.delivered.saturating_sub(before.delivered),
        _ => 0,
    };
    if reported.max(counted) > answered {
        return Err(format!(
            "{answered} were answered, {reported} reported and {counted} counted as delivered"
        ));
    }
    if answered > MOST_REQUESTS {
        return Err(format!("{answered} requests were sent"));
    }
    Ok(())
}

/// Ends the process where a store keeps it for too long.
struct Watch {
    began: Instant,
    begun: Arc<AtomicU64>,
}

impl Watch {
    fn start() -> Watch {
        let watch = Watch {
            began: Instant::now(),
            begun: Arc::default(),
        };
        let (began, begun) = (watch.began, Arc::clone(&watch.begun));
        thread::spawn(move || {
            while began.elapsed().as_secs() < begun.load(Ordering::SeqCst) + PATIENCE.as_secs() {
                thread::sleep(Duration::from_secs(1));
            }
            eprintln!("a store hangs");
            std::process::abort();
        });
        watch
    }

    fn begins(&self) {
        let now = self.began.elapsed().as_secs();
        self.begun.store(now, Ordering::SeqCst);
    }
}
