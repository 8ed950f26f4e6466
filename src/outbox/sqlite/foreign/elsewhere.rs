//! On Windows a lock belongs to a handle, and no close ends another's. On other systems nothing is known.

use std::path::Path;

/// How often this process has the file open is not asked.
pub(super) fn descriptors(_path: &Path) -> usize {
    0
}

/// How often the shared memory is mapped is not asked.
pub(super) fn mappings(_path: &Path) -> usize {
    0
}
