//! Ten thousand leads through servers at which things go wrong at random: what the callers were
//! told and what the service's books say agree, and nothing is lost or doubled.
//!
//! `JUSTCLICK_FAULT_SEED=… cargo test --test random_faults` replays the faults of an earlier run.
#![cfg(target_os = "linux")]

#[allow(dead_code)]
mod fault_server;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fastrand::Rng;
use fault_server::case::{address, lead};
use fault_server::certificate::{Authorities, Flaw};
use fault_server::fault::Fault;
use fault_server::row::Peer;
use fault_server::server::FaultServer;
use fault_server::{SECRET, USERNAME, rows};
use justclick::{Client, Disposition, Error, Outcome, Receipt};
use sandbox::{Options, Sandbox};

const LEADS: usize = 10_000;
/// Each has a client and a server of its own, so that a seed says which request meets which fault.
const LANES: usize = 40;
/// The share of requests that meet a fault, in percent.
const FAULTY: u32 = 25;

/// What a caller was told of a lead, by the lead's address.
type Told = Vec<(String, Result<Receipt, Error>)>;

#[test]
fn the_books_and_the_callers_agree() {
    let seed = seed();
    println!("seed {seed}");
    let service = Sandbox::start(Options::demo()).expect("a sandbox");
    let authorities = Authorities::new();
    let ca_file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(ca_file.path(), authorities.pem()).expect("written");
    let ca_file = ca_file.path().to_str().expect("UTF-8");
    let met = Arc::new(AtomicUsize::new(0));

    let servers: Vec<_> = (0..LANES)
        .map(|lane| {
            let tls = (lane % 2 == 1).then(|| authorities.server(Flaw::None));
            FaultServer::start(address(&service), tls, script(seed, lane, &met))
        })
        .collect();
    let mut told = Told::new();
    std::thread::scope(|scope| {
        let lanes: Vec<_> = (servers.iter().enumerate())
            .map(|(lane, server)| scope.spawn(move || send(lane, &client(server, ca_file))))
            .collect();
        for lane in lanes {
            told.extend(lane.join().expect("a lane's end"));
        }
    });
    drop(servers);

    let booked: HashSet<_> = (service.contacts().into_iter())
        .map(|contact| contact.email)
        .collect();
    for (email, result) in &told {
        if let Err(wrong) = agree(result, booked.contains(email)) {
            panic!("seed {seed}, {email}: {wrong}: {result:?}");
        }
    }
    assert_eq!(told.len(), LEADS);
    report(&told, met.load(Ordering::SeqCst));
    deliver_the_rest(&service, &told, &booked);
    assert_eq!(service.contacts().len(), LEADS, "lost or doubled");
}

fn seed() -> u64 {
    match std::env::var("JUSTCLICK_FAULT_SEED") {
        Ok(seed) => seed.parse().expect("a seed is a number"),
        Err(_) => fastrand::u64(..),
    }
}

/// The faults of one lane: the same for the same seed.
fn script(
    seed: u64,
    lane: usize,
    met: &Arc<AtomicUsize>,
) -> impl Fn(usize) -> Option<Fault> + Send + Sync + 'static {
    let faults: Vec<Fault> = (rows("http://127.0.0.1:1/").into_iter())
        .filter_map(|row| match row.peer {
            Peer::Faulty(fault) => Some(fault),
            _ => None,
        })
        .collect();
    let met = Arc::clone(met);
    move |turn| {
        let number = (lane as u64) << 32 | turn as u64;
        let mut chance = Rng::with_seed(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let is_faulty = chance.u32(..100) < FAULTY;
        is_faulty.then(|| {
            met.fetch_add(1, Ordering::SeqCst);
            faults[chance.usize(..faults.len())].clone()
        })
    }
}

fn client(server: &FaultServer, ca_file: &str) -> Client {
    let mut client = Client::new(USERNAME, SECRET).expect("a client");
    for (name, value) in [
        ("base_url", server.base_url().as_str()),
        ("ca_file", ca_file),
        ("attempt_timeout_ms", "300"),
        ("timeout_ms", "3000"),
    ] {
        client.set(name, value).expect("a setting");
    }
    client
}

fn send(lane: usize, client: &Client) -> Told {
    (0..LEADS / LANES)
        .map(|number| {
            let email = format!("{lane}-{number}@b.ru");
            let result = client.add_lead(&lead(&email));
            (email, result)
        })
        .collect()
}

/// Whether a caller was told the truth of a lead that is in the books, or is not.
fn agree(result: &Result<Receipt, Error>, is_booked: bool) -> Result<(), &'static str> {
    match result {
        Ok(_) if !is_booked => Err("a success, but the contact is not there"),
        Ok(receipt) if receipt.outcome() != Outcome::Added && !receipt.is_unsure() => {
            Err("nobody else added it")
        }
        // One of the faults says that the request is too large.
        Err(error) if error.disposition() == Disposition::Refused => (error.http_status()
            == Some(413))
        .then_some(())
        .ok_or("nothing is wrong with the lead"),
        Err(error) if !error.may_have_arrived() && is_booked => {
            Err("it cannot have arrived, but the contact is there")
        }
        Err(error) if error.answer().is_some() => Err("the service never said no"),
        _ => Ok(()),
    }
}

fn report(told: &Told, faults: usize) {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (_, result) in told {
        let kind = match result {
            Ok(_) => "Added".to_owned(),
            Err(error) => format!("{:?}", error.kind()),
        };
        *kinds.entry(kind).or_default() += 1;
    }
    println!("{LEADS} leads, {faults} faults: {kinds:?}");
    assert!(faults > LEADS / 5, "hardly anything went wrong");
    assert!(kinds.len() > 3, "every call was saved by another attempt");
}

/// What a program does with leads that failed: it sends them again, once the service is back.
fn deliver_the_rest(service: &Sandbox, told: &Told, booked: &HashSet<String>) {
    let mut client = Client::new(USERNAME, SECRET).expect("a client");
    let set = client.set("base_url", service.base_url());
    set.expect("a base URL");
    for (email, _) in told.iter().filter(|(_, result)| result.is_err()) {
        let receipt = client.add_lead(&lead(email)).expect("a receipt");
        let expected = if booked.contains(email) {
            Outcome::AlreadyRegistered
        } else {
            Outcome::Added
        };
        assert_eq!(receipt.outcome(), expected, "{email}");
    }
}
