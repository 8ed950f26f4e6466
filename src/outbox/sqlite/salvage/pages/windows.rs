//! Reads a part of a file on Windows.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Fills the buffer with what stands at this place. Nobody else uses the handle.
pub(super) fn read(mut file: &File, buffer: &mut [u8], place: u64) -> io::Result<()> {
    file.seek(SeekFrom::Start(place))?;
    file.read_exact(buffer)
}
