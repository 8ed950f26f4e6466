//! The pages of a file, each as the log beside it has it last.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::cells::Cell;
#[cfg(unix)]
use unix::read;
#[cfg(windows)]
use windows::read;

/// What SQLite takes for a new file. It serves where the header is damaged.
const PAGE_SIZE: usize = 4096;
const LOG_HEADER: u64 = 32;
const FRAME_HEADER: u64 = 24;

/// A file and its log.
pub(super) struct Pages {
    file: File,
    log: Option<File>,
    page_size: usize,
    count: u32,
    /// Where in the log the last copy of a page begins.
    frames: HashMap<u32, u64>,
}

impl Pages {
    pub(super) fn open(path: &Path) -> io::Result<Pages> {
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other("it is no ordinary file"));
        }
        let file = File::open(path)?;
        let mut log = OsString::from(path);
        log.push("-wal");
        let log = match File::open(log) {
            Ok(log) => Some(log),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let page_size = page_size(&file, log.as_ref())?;
        let in_file = file.metadata()?.len() / page_size as u64;
        let frames = match &log {
            Some(log) => frames(log, page_size)?,
            None => HashMap::new(),
        };
        let in_log = frames.keys().max().copied().unwrap_or_default();
        Ok(Pages {
            file,
            log,
            page_size,
            count: u32::try_from(in_file).unwrap_or(u32::MAX).max(in_log),
            frames,
        })
    }

    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// A page by its number, which begins at 1; `None` for one that the files do not have as a whole.
    pub(super) fn read(&self, number: u32) -> io::Result<Option<Vec<u8>>> {
        let mut page = vec![0; self.page_size];
        let (file, place) = match (self.frames.get(&number), &self.log) {
            (Some(place), Some(log)) => (log, *place),
            _ if number == 0 => return Ok(None),
            _ => (&self.file, u64::from(number - 1) * self.page_size as u64),
        };
        match read(file, &mut page, place) {
            Ok(()) => Ok(Some(page)),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The whole content of a cell, of which long ones go on in pages of their own.
    pub(super) fn payload(&self, page: &[u8], cell: Cell) -> Option<Vec<u8>> {
        let mut payload = page.get(cell.here)?.to_vec();
        let mut next = cell.overflow;
        while payload.len() < cell.length {
            let page = self.read(next).ok()??;
            let (link, rest) = page.split_first_chunk::<4>()?;
            let left = cell.length - payload.len();
            payload.extend(rest.get(..left.min(rest.len()))?);
            next = u32::from_be_bytes(*link);
        }
        Some(payload)
    }
}

/// The file's header says it, else the log's.
fn page_size(file: &File, log: Option<&File>) -> io::Result<usize> {
    let mut header = [0; 18];
    let of_file = match read(file, &mut header, 0) {
        Ok(()) if header.starts_with(b"SQLite format 3\0") => {
            usize::from(u16::from_be_bytes([header[16], header[17]]))
        }
        Ok(()) => 0,
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => 0,
        Err(error) => return Err(error),
    };
    let of_log = log.and_then(|log| number_at(log, 8)).unwrap_or_default() as usize;
    let mut sizes = [of_file, of_log].into_iter();
    Ok(sizes
        .find(|size| size.is_power_of_two() && (512..=65536).contains(size))
        .unwrap_or(PAGE_SIZE))
}

/// The last copy of each page that belongs to this run of the log. The check sums are not asked: they
/// build on each other, and all frames behind a damaged one would be lost.
fn frames(log: &File, page_size: usize) -> io::Result<HashMap<u32, u64>> {
    let mut frames = HashMap::new();
    let length = log.metadata()?.len();
    let run = (number_at(log, 16), number_at(log, 20));
    let mut place = LOG_HEADER;
    while place + FRAME_HEADER + page_size as u64 <= length {
        let is_of_run = (number_at(log, place + 8), number_at(log, place + 12)) == run;
        let number = number_at(log, place).filter(|number| is_of_run && *number > 0);
        frames.extend(number.map(|number| (number, place + FRAME_HEADER)));
        place += FRAME_HEADER + page_size as u64;
    }
    Ok(frames)
}

fn number_at(file: &File, place: u64) -> Option<u32> {
    let mut bytes = [0; 4];
    read(file, &mut bytes, place).ok()?;
    Some(u32::from_be_bytes(bytes))
}
