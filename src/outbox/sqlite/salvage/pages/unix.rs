//! Reads a part of a file on Unix.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// Fills the buffer with what stands at this place.
pub(super) fn read(file: &File, buffer: &mut [u8], place: u64) -> io::Result<()> {
    file.read_exact_at(buffer, place)
}
