//! How many leads are delivered in a second, near and 30 ms away.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use justclick::outbox::{Limits, Outbox};
use justclick::{Client, Lead};

use super::leads;
use super::relay::Relay;
use super::sandbox::{Options, Sandbox};
use super::table::Table;

const NEAR: u32 = 4000;
const FAR: u32 = 1000;
const ROUND_TRIP: Duration = Duration::from_millis(30);
/// A run takes a second, so each is made several times, in turns, and the median is told.
const ROUNDS: usize = 5;

pub fn measure(folder: &Path, table: &mut Table) {
    let sandbox = Sandbox::start(Options {
        tls: true,
        ..Options::demo()
    })
    .expect("a sandbox");
    let mut ca_file = tempfile::NamedTempFile::new().expect("a file");
    let pem = sandbox.ca_pem().expect("a CA");
    ca_file.write_all(pem.as_bytes()).expect("written");
    let ca_file = ca_file.path().to_str().expect("UTF-8");
    let client = leads::client(&sandbox.base_url(), Some(ca_file));
    for in_flight in [1, 8, 32] {
        let outbox = filled(&folder.join(format!("near-{in_flight}")), &client, NEAR);
        let rate = delivered(&outbox, &client, in_flight, NEAR);
        let what = format!("delivered in a second over TLS on loopback, {in_flight} in flight");
        table.figure(&what, &format!("{rate:.0}"));
    }
    let relay = Relay::start(&sandbox.base_url(), ROUND_TRIP / 2);
    let mut rates = BTreeMap::<_, Vec<f64>>::new();
    for round in 0..ROUNDS {
        for location in ["a file", ":memory:"] {
            // A client of its own: its first connections take two round trips more.
            let client = leads::client(&relay.base_url(), Some(ca_file));
            for connections in ["new", "kept"] {
                let path = match location {
                    ":memory:" => location.into(),
                    _ => folder.join(format!("far-{connections}-{round}")),
                };
                let outbox = filled(&path, &client, FAR);
                let rate = delivered(&outbox, &client, 32, FAR);
                rates.entry((location, connections)).or_default().push(rate);
            }
        }
    }
    for ((location, connections), mut rates) in rates {
        rates.sort_by(f64::total_cmp);
        let rate = rates[ROUNDS / 2];
        let share = rate * ROUND_TRIP.as_secs_f64() / 32.0;
        let what =
            format!("{FAR} leads, 30 ms away, 32 in flight, {location}, {connections} connections");
        let figure = format!("{rate:.0} in a second, {share:.2} of what the way allows");
        table.figure(&what, &figure);
    }
}

fn filled(path: &Path, client: &Client, leads: u32) -> Outbox {
    let mut outbox = Outbox::open(path.to_str().expect("UTF-8")).expect("an outbox");
    outbox.set("durability", "crash").expect("a setting");
    for number in 0..leads {
        let mut lead = Lead::new();
        (lead.group("super"))
            .and_then(|lead| {
                lead.email(format!("{}-{number}@email.com", path.display()).replace('/', ""))
            })
            .expect("a lead");
        outbox.add(client, &lead, None).expect("is kept");
    }
    outbox
}

fn delivered(outbox: &Outbox, client: &Client, in_flight: u32, leads: u32) -> f64 {
    let mut limits = Limits::default();
    limits.in_flight = Some(in_flight);
    let began = Instant::now();
    let report = outbox.deliver(client, &limits).expect("a report");
    assert_eq!(report.delivered, u64::from(leads), "{report}");
    f64::from(leads) / began.elapsed().as_secs_f64()
}
