//! Replays the inputs that the fuzzer found worth keeping.

#[path = "fuzz/targets/mod.rs"]
mod targets;

use std::fs;
use std::path::Path;

fn replay(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let mut count = 0;
    for entry in fs::read_dir(folder.join(target)).expect("a corpus") {
        let input = fs::read(entry.expect("an entry").path()).expect("an input");
        count += 1;
        // Miri takes long, and has no sockets.
        if !cfg!(miri) || input.len() < 40 {
            run(&input);
        }
    }
    assert!(count > 20, "{count} inputs are hardly a corpus");
}

#[test]
fn answers() {
    replay("answer", targets::answer::run);
}

#[test]
#[cfg_attr(miri, ignore = "takes Miri too long")]
fn leads() {
    replay("encoder", targets::encoder::run);
}

#[test]
#[cfg_attr(miri, ignore = "takes Miri too long")]
fn json() {
    replay("json", targets::json::run);
}

#[test]
fn the_c_interface() {
    replay("c_interface", targets::c_interface::run);
}
