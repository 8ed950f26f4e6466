//! The record of what a process did to the files of a folder, as `tests/c/power.c` writes it.

use std::path::Path;

/// One thing that was done. Files are told by their names in the folder.
pub enum Event {
    Create(String),
    Unlink(String),
    Write(String, usize, Vec<u8>),
    Truncate(String, usize),
    Sync(String),
    /// The names in the folder are safe.
    SyncNames,
    /// The process told something at this point.
    Mark(String),
}

/// The file that a process tells something in.
pub const MARKS: &str = "marks";

pub fn read(record: &Path, folder: &Path) -> Vec<Event> {
    let bytes = std::fs::read(record).expect("the record");
    let mut rest = bytes.as_slice();
    let mut events = Vec::new();
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == b'\n').expect("a line");
        let line = std::str::from_utf8(&rest[..end]).expect("UTF-8");
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        let [kind, offset, length, path] = words[..] else {
            panic!("the record has the line {line}");
        };
        let length: usize = length.parse().expect("a length");
        let (bytes, after) = rest[end + 1..].split_at(length);
        rest = after;
        let path = Path::new(path).strip_prefix(folder).expect("in the folder");
        let name = path.to_str().expect("UTF-8").to_owned();
        // The log's index is made anew at each start.
        if !name.ends_with("-shm") {
            events.extend(event(kind, offset.parse().expect("an offset"), bytes, name));
        }
    }
    events
}

fn event(kind: &str, offset: usize, bytes: &[u8], name: String) -> Option<Event> {
    if name == MARKS {
        let told = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        return (kind == "append").then(|| Event::Mark(told.trim_end().to_owned()));
    }
    Some(match kind {
        "create" => Event::Create(name),
        "unlink" => Event::Unlink(name),
        "write" => Event::Write(name, offset, bytes.to_vec()),
        "truncate" => Event::Truncate(name, offset),
        "sync" if name.is_empty() => Event::SyncNames,
        "sync" => Event::Sync(name),
        other => panic!("the record has \"{other}\" of {name}"),
    })
}
