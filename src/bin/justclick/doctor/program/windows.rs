//! Programs of Windows: files with its extension.

use std::path::Path;

/// What its file is called.
pub fn file_name(program: &str) -> String {
    format!("{program}.exe")
}

pub fn is_program(path: &Path) -> bool {
    let is_exe = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("exe"));
    is_exe && path.is_file()
}
