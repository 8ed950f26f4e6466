//! Programs of Unix: files that this user may execute.

use std::path::Path;

use rustix::fs::{Access, access};

/// What its file is called.
pub fn file_name(program: &str) -> String {
    program.to_owned()
}

pub fn is_program(path: &Path) -> bool {
    path.is_file() && access(path, Access::EXEC_OK).is_ok()
}
