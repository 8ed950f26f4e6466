//! A disk that may lose, at a loss of power, all that was not synced: a file's bytes since its last
//! fsync, sector by sector, and names since the last fsync of their folder.

use std::collections::BTreeMap;

use fastrand::Rng;

use super::record::Event;

const SECTOR: usize = 512;

/// What becomes of that which was not synced.
#[derive(Debug, Clone, Copy)]
pub enum Loss {
    /// Nothing of it is there.
    Dropped,
    /// All of it is there.
    Kept,
    /// Some of its sectors are there, by chance.
    Torn(u64),
}

/// What a restarted host finds.
pub type Image = BTreeMap<String, Vec<u8>>;

/// The names of a folder, and the number of the file of each.
type Names = BTreeMap<String, usize>;

#[derive(Default)]
pub struct Disk {
    files: Vec<File>,
    names: Names,
    safe_names: Names,
}

#[derive(Default)]
struct File {
    safe: Vec<u8>,
    since: Vec<Change>,
}

enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl Disk {
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Create(name) => {
                self.names.insert(name.clone(), self.files.len());
                self.files.push(File::default());
            }
            Event::Unlink(name) => {
                self.names.remove(name);
            }
            Event::Write(name, offset, bytes) => {
                let change = Change::Write(*offset, bytes.clone());
                self.file(name).since.push(change);
            }
            Event::Truncate(name, length) => {
                self.file(name).since.push(Change::Truncate(*length));
            }
            Event::Sync(name) => self.file(name).sync(),
            Event::SyncNames => self.safe_names = self.names.clone(),
            Event::Mark(_) => {}
        }
    }

    fn file(&mut self, name: &str) -> &mut File {
        let number = self.names.get(name);
        &mut self.files[*number.unwrap_or_else(|| panic!("{name} was never created"))]
    }

    /// What is there where the power goes now.
    pub fn cut(&self, loss: Loss) -> Image {
        let mut chance = Rng::with_seed(match loss {
            Loss::Torn(seed) => seed,
            Loss::Dropped | Loss::Kept => 0,
        });
        let names = self.names_after(loss, &mut chance);
        (names.into_iter())
            .map(|(name, number)| (name, self.files[number].after(loss, &mut chance)))
            .collect()
    }

    fn names_after(&self, loss: Loss, chance: &mut Rng) -> Names {
        match loss {
            Loss::Dropped => self.safe_names.clone(),
            Loss::Kept => self.names.clone(),
            Loss::Torn(_) => {
                let either = self.names.keys().chain(self.safe_names.keys());
                (either.cloned())
                    .filter_map(|name| {
                        let names = if chance.bool() {
                            &self.names
                        } else {
                            &self.safe_names
                        };
                        names.get(&name).map(|number| (name, *number))
                    })
                    .collect()
            }
        }
    }
}

impl File {
    fn sync(&mut self) {
        for change in self.since.drain(..) {
            change.make(&mut self.safe);
        }
    }

    fn after(&self, loss: Loss, chance: &mut Rng) -> Vec<u8> {
        let mut bytes = self.safe.clone();
        // Of some files the beginning of the changes is there, of others any sectors.
        let first_lost = match loss {
            Loss::Dropped => 0,
            Loss::Kept => self.since.len(),
            Loss::Torn(_) => chance.usize(..=self.since.len()),
        };
        for change in &self.since[..first_lost] {
            change.make(&mut bytes);
        }
        if matches!(loss, Loss::Torn(_)) {
            let is_scattered = chance.bool();
            for (place, change) in self.since[first_lost..].iter().enumerate() {
                if place == 0 || is_scattered {
                    change.make_in_part(&mut bytes, chance);
                }
            }
        }
        bytes
    }
}

impl Change {
    fn make(&self, bytes: &mut Vec<u8>) {
        match self {
            Change::Write(offset, written) => put(bytes, *offset, written),
            Change::Truncate(length) => bytes.resize(*length, 0),
        }
    }

    fn make_in_part(&self, bytes: &mut Vec<u8>, chance: &mut Rng) {
        match self {
            Change::Write(offset, written) => {
                // Sectors begin at multiples of their size, wherever the write does.
                let mut from = 0;
                while from < written.len() {
                    let to = written.len().min(from + SECTOR - (offset + from) % SECTOR);
                    if chance.bool() {
                        put(bytes, offset + from, &written[from..to]);
                    }
                    from = to;
                }
            }
            Change::Truncate(_) if chance.bool() => self.make(bytes),
            Change::Truncate(_) => {}
        }
    }
}

fn put(bytes: &mut Vec<u8>, offset: usize, written: &[u8]) {
    let end = offset + written.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[offset..end].copy_from_slice(written);
}
