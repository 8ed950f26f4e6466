//! Writes `include/justclick.h`, PHP's copy of it and the manual page from the comments and
//! signatures in `src/ffi/`.

use std::path::Path;
use std::{env, fs};

#[path = "build/header.rs"]
mod header;

fn main() {
    for path in [
        "build.rs",
        "build/conventions.txt",
        "build/header.rs",
        "build/manual.rs",
        "src/ffi",
        "src/table",
    ] {
        println!("cargo:rerun-if-changed={path}");
    }
    let root = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    match header::generate(Path::new(&root)) {
        Ok(headers) => {
            for (path, header) in headers {
                write_where_different(&Path::new(&root).join(path), &header);
            }
        }
        Err(error) => println!("cargo:warning=the headers were not made: {error}"),
    }
}

/// A header that is up to date is left alone, and so is a tree that cannot be written or, in an
/// archive, has no such folder.
fn write_where_different(path: &Path, header: &str) {
    let is_wanted = path.parent().is_some_and(Path::is_dir);
    if !is_wanted || fs::read_to_string(path).is_ok_and(|old| old == header) {
        return;
    }
    if let Err(error) = fs::write(path, header) {
        println!("cargo:warning={} was not written: {error}", path.display());
    }
}
