//! Writes `include/justclick.h` and PHP's copy of it from the comments and signatures in
//! `src/ffi/`, and names the shared library.

use std::path::Path;
use std::{env, fs};

#[path = "build/header.rs"]
mod header;

fn main() {
    for path in ["build.rs", "build", "src/ffi", "src/table"] {
        println!("cargo:rerun-if-changed={path}");
    }
    link();
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

fn link() {
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("linux") {
        return;
    }
    let major = env::var("CARGO_PKG_VERSION_MAJOR").unwrap_or_default();
    println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libjustclick.so.{major}");
    // A host that unloads the library, as PHP does after each request, would lose its connections,
    // and a name look-up that is still under way would run in code that is gone.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
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
