//! To which part of the work an instruction belongs.

use crate::callgrind::Place;

/// A part, and what the source file's path holds where it belongs there.
const BY_FILE: [(&str, &[&str]); 8] = [
    (
        "ureq, http",
        &[
            "/ureq-",
            "/http-",
            "/httparse-",
            "/bytes-",
            "/percent-encoding-",
        ],
    ),
    (
        "rustls, ring",
        &["/rustls-", "/ring-", "/untrusted-", "/subtle-", "/zeroize-"],
    ),
    (
        "MD5",
        &[
            "/md-5-",
            "/digest-",
            "/block-buffer-",
            "/hybrid-array-",
            "src/signature",
        ],
    ),
    ("encoding", &["src/form", "src/query"]),
    (
        "JSON, the answer",
        &[
            "/serde",
            "/itoa-",
            "/zmij-",
            "src/response",
            "src/answer",
            "src/outcome",
        ],
    ),
    (
        "the lead and its setters",
        &["src/lead", "src/text", "src/parameter", "src/table"],
    ),
    (
        "the sender",
        &[
            "src/transport",
            "src/client",
            "src/retry",
            "src/exchange",
            "/rustix-",
        ],
    ),
    ("the C interface", &["src/ffi", "src/error"]),
];

/// The same by the function's name, for what the standard library's files hold.
const BY_FUNCTION: [(&str, &[&str]); 8] = [
    ("ureq, http", &["ureq", "http"]),
    (
        "rustls, ring",
        &[
            "rustls",
            "ring_core",
            "aes",
            "ghash",
            "gcm",
            "zeroize",
            "subtle",
        ],
    ),
    (
        "MD5",
        &["md5", "digest", "block_buffer", "justclick::signature"],
    ),
    (
        "encoding",
        &["justclick::form", "justclick::query", "sign_lead"],
    ),
    (
        "JSON, the answer",
        &[
            "serde",
            "justclick::response",
            "justclick::answer",
            "justclick::outcome",
        ],
    ),
    (
        "the lead and its setters",
        &["justclick::lead", "justclick::text", "jc_lead"],
    ),
    (
        "the sender",
        &[
            "justclick::transport",
            "justclick::client",
            "justclick::retry",
            "justclick::exchange",
        ],
    ),
    ("the C interface", &["justclick::ffi", "jc_"]),
];

const ALLOCATION: [&str; 6] = ["malloc", "free", "realloc", "calloc", "arena_", "tcache"];

pub fn part(place: &Place) -> &'static str {
    let Place { file, function } = place;
    // The C library's paths begin with the folder of its build.
    let is_of_libc = file.starts_with("./");
    if is_of_libc && holds(&format!("{file} {function}"), &ALLOCATION) {
        return "malloc and free";
    }
    if is_of_libc && file.contains("/string/") {
        return "memcpy and its like";
    }
    if is_of_libc {
        return "system calls, time";
    }
    let by_file = (BY_FILE.iter()).find(|(_, words)| holds(file, words));
    let by_function = || (BY_FUNCTION.iter()).find(|(_, words)| holds(function, words));
    by_file
        .or_else(by_function)
        .map_or("Rust's standard library, the rest", |(part, _)| part)
}

fn holds(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}
