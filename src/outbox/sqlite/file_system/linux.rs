//! File systems of Linux, by their numbers.

use std::io;
use std::path::Path;

/// The name of the network's file system that a file or a folder is on; none on a local one.
pub(super) fn network(path: &Path) -> io::Result<Option<&'static str>> {
    let found = rustix::fs::statfs(path)?;
    // The type of the field differs between the architectures.
    Ok(named(found.f_type as u64 & 0xFFFF_FFFF))
}

/// The file systems on which neither locks nor shared memory can be trusted, by the numbers of
/// statfs(2).
fn named(number: u64) -> Option<&'static str> {
    Some(match number {
        0x6969 => "NFS",
        0x517B | 0xFF53_4D42 | 0xFE53_4D42 => "SMB",
        0x0102_1997 => "9p",
        0x6573_5546 => "FUSE or virtiofs",
        0x5346_414F | 0x6B41_4653 => "AFS",
        0x00C3_6400 => "Ceph",
        0x7375_7245 => "Coda",
        0x0BD0_0BD0 => "Lustre",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_systems_without_locks_are_known() {
        assert_eq!(named(0x6969), Some("NFS"));
        assert_eq!(named(0x6573_5546), Some("FUSE or virtiofs"));
        let ext4 = 0xEF53;
        assert_eq!(named(ext4), None);
    }
}
