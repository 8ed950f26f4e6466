//! Encoding and signing a lead, beside the bare MD5 of the same bytes (the limit) and PHP.
//!
//! The rounds of all contestants are interleaved and the best of each counts, since machines are
//! shared and noisy: the ratios are the result, the nanoseconds a hint.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use justclick::{Client, Lead};
use md5::{Digest, Md5};

const ROUNDS: u32 = 300;
const CALLS: u32 = 1_000;
const USERNAME: &str = "username";
const SECRET: &str = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

/// The lead that all benchmarks send, or what a short form has of it.
fn lead(is_short: bool) -> Lead {
    let fields: BTreeMap<String, String> =
        serde_json::from_str(include_str!("lead.json")).expect("an object of texts");
    let mut lead = Lead::new();
    for (name, value) in fields {
        if !is_short || name == "rid[0]" || name.starts_with("lead_") {
            lead.set(&name, &value).expect("a field");
        }
    }
    lead
}

fn nanoseconds(work: &mut dyn FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..CALLS {
        work();
    }
    start.elapsed().as_nanos() as f64 / f64::from(CALLS)
}

/// PHP's own `md5(http_build_query())` of the same parameters, where PHP is installed.
fn php(query: &str) -> Option<f64> {
    let script = r#"parse_str($argv[1], $p); $best = INF;
        for ($round = 0; $round < 300; $round++) { $start = hrtime(true);
            for ($call = 0; $call < 1000; $call++) { md5(http_build_query($p) . '::' . $argv[2] . '::' . $argv[3]); }
            $best = min($best, (hrtime(true) - $start) / 1000); }
        echo $best;"#;
    let arguments = ["-r", script, "--", query, USERNAME, SECRET];
    let output = Command::new("php").args(arguments).output().ok()?;
    String::from_utf8(output.stdout).ok()?.parse().ok()
}

fn main() {
    let client = Client::new(USERNAME, SECRET).expect("a client");
    println!("| parameters | encode and sign | bare MD5 | ratio | PHP | ratio | allocations |");
    println!("|---|---|---|---|---|---|---|");
    for (parameters, is_short) in [(5, true), (17, false)] {
        let lead = lead(is_short);
        let request = client.sign_lead(&lead).expect("a request");
        let (query, _) = request.body().rsplit_once("&hash=").expect("a hash");
        let hashed = format!("{query}::{USERNAME}::{SECRET}");
        let mut ours = || drop(black_box(client.sign_lead(black_box(&lead))));
        let mut bare = || {
            black_box(Md5::digest(black_box(hashed.as_bytes())));
        };
        let (mut best_ours, mut best_bare) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..ROUNDS {
            best_ours = best_ours.min(nanoseconds(&mut ours));
            best_bare = best_bare.min(nanoseconds(&mut bare));
        }
        let allocations = allocation_counter::measure(ours).count_total;
        let (php, php_ratio) = php(query)
            .map_or(("not installed".to_owned(), "-".to_owned()), |php| {
                (format!("{php:.0} ns"), format!("{:.2}", best_ours / php))
            });
        println!(
            "| {parameters} | {best_ours:.0} ns | {best_bare:.0} ns | {:.2} | {php} | {php_ratio} | {allocations} |",
            best_ours / best_bare
        );
    }
}
