//! The same lead over TLS on loopback, by this library from each language and by what a user would
//! take instead, side by side in one run. Prints a table, and writes it into `benches/README.md`,
//! and a part of it and a picture into the README. With an argument only those are measured whose name holds it, and nothing is written.
//!
//! The rounds of all are interleaved and the best of each counts, since machines are shared and
//! noisy: compare the lines of a table, and not two tables.
//!
//! `make bench` installs what it needs: libcurl, PHP with curl, ffi and fpm, cgi-fcgi, and a Python
//! with requests, httpx and python-justclick, which PYTHON names.

#[path = "../../tests/c_programs/mod.rs"]
#[allow(dead_code)]
mod c_programs;
#[path = "../../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

mod by_rust;
mod contenders;
mod floor;
mod fpm;
mod measured;
mod picture;
mod relay;
mod table;
mod trust;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use c_programs::Workshop;
use contenders::{Contender, Surroundings};
use measured::Measured;
use relay::Relay;
use sandbox::{Options, Sandbox};
use trust::CaFiles;

const ROUNDS: usize = 5;
const STARTS: usize = 10;
const IN_FLIGHT: [usize; 3] = [1, 8, 32];
const ROUND_TRIP: Duration = Duration::from_millis(30);

/// How long leads are sent for one figure, in seconds.
const NEAR_SECONDS: f64 = 1.0;
const FAR_SECONDS: f64 = 4.0;

fn main() {
    if let Some(name) = by_rust::asked_for() {
        return by_rust::run(&name);
    }
    let wanted = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let sandbox = Sandbox::start(Options {
        tls: true,
        ..Options::demo()
    })
    .expect("a sandbox");
    let relay = Relay::start(&sandbox.base_url(), ROUND_TRIP / 2);
    let workshop = Workshop::new();
    let ca_files = CaFiles::write(workshop.path(), sandbox.ca_pem().expect("a CA"));
    let fpm = fpm::Fpm::start(workshop.path(), IN_FLIGHT[2]);
    let mut contenders: Vec<_> = contenders::all(&workshop, &fpm)
        .into_iter()
        .filter(|contender| (wanted.iter()).all(|wanted| contender.name.contains(wanted.as_str())))
        .collect();

    contenders
        .iter_mut()
        .for_each(|contender| check(contender, workshop.path()));
    let near = Surroundings::new(sandbox.base_url(), &ca_files.one);
    let bundle = Surroundings::new(sandbox.base_url(), &ca_files.bundle);
    let far = Surroundings::new(relay.base_url(), &ca_files.one);
    for round in 0..ROUNDS {
        eprintln!("round {} of {ROUNDS}", round + 1);
        contenders
            .iter_mut()
            .for_each(|contender| measure(contender, &near, &bundle));
    }
    eprintln!("with a round trip of {} ms", ROUND_TRIP.as_millis());
    contenders
        .iter_mut()
        .for_each(|contender| measure_far(contender, &far));

    let rows: Vec<(&str, Measured)> = (contenders.iter())
        .map(|contender| (contender.name, contender.measured))
        .collect();
    let text = table::text(&rows, ca_files.certificates);
    println!("{text}");
    if wanted.is_none() {
        table::write(&text);
        picture::write(&rows);
    }
}

/// All send the same lead.
fn check(contender: &mut Contender, folder: &Path) {
    let sandbox = Sandbox::start(Options {
        tls: true,
        ..Options::demo()
    });
    let sandbox = sandbox.expect("a sandbox");
    let ca_file = folder.join("check.pem");
    std::fs::write(&ca_file, sandbox.ca_pem().expect("a CA")).expect("a file");
    contender.start_to_exit(&Surroundings::new(sandbox.base_url(), &ca_file));
    let mut expected = by_rust::fields();
    let mut expect = |name| expected.remove(name).expect("a field");
    let (group, email) = (expect("rid[0]"), expect("lead_email"));
    let contact = sandbox.contact(&email).expect("a contact");
    assert_eq!(contact.groups(), [group], "{}", contender.name);
    let fields: BTreeMap<String, String> = contact.fields.into_iter().collect();
    assert_eq!(fields, expected, "{}", contender.name);
}

fn measure(contender: &mut Contender, near: &Surroundings, bundle: &Surroundings) {
    for (index, in_flight) in IN_FLIGHT.into_iter().enumerate() {
        let figures = contender.run(near, NEAR_SECONDS, in_flight);
        if in_flight == 1 {
            contender.measured.near.keep_best(&figures);
        }
        let best = &mut contender.measured.near_rates[index];
        *best = best.max(figures.rate);
    }
    let figures = contender.run(bundle, NEAR_SECONDS, 1);
    contender.measured.bundle.keep_best(&figures);
    for _ in 0..STARTS.div_ceil(ROUNDS) {
        let (one, many) = (
            contender.start_to_exit(near),
            contender.start_to_exit(bundle),
        );
        let measured = &mut contender.measured;
        measured.start_to_exit = measured.start_to_exit.min(one);
        measured.bundle_start_to_exit = measured.bundle_start_to_exit.min(many);
    }
}

fn measure_far(contender: &mut Contender, far: &Surroundings) {
    for (index, in_flight) in IN_FLIGHT.into_iter().enumerate() {
        let figures = contender.run(far, FAR_SECONDS, in_flight);
        if in_flight == 1 {
            contender.measured.far.keep_best(&figures);
        }
        let best = &mut contender.measured.far_rates[index];
        *best = best.max(figures.rate);
    }
}
