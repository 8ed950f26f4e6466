//! SIGKILL at any moment: nothing that was answered with 200 is missing.

use std::collections::HashSet;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use justclick::Query;
use justclick::outbox::row::{Listed, Selection};
use nix::sys::signal::Signal;

use super::bridge::{FORM, Site, TOKEN, route};
use super::http::{answer, request};

const KILLS: u64 = 20;
const SENDERS: usize = 4;

#[test]
fn what_was_answered_survives_a_kill() {
    let kills = std::env::var("JUSTCLICK_SERVE_KILLS").map_or(KILLS, |text| {
        text.parse().expect("JUSTCLICK_SERVE_KILLS: a whole number")
    });
    let site = Site::new(&route("tilda"));
    let (next, told) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    for _ in 0..kills {
        let mut bridge = site.start();
        let address = bridge.address;
        thread::scope(|scope| {
            for _ in 0..SENDERS {
                scope.spawn(|| send_until_it_ends(address, &next, &told));
            }
            thread::sleep(Duration::from_millis(fastrand::u64(5..120)));
            bridge.signal(Signal::SIGKILL);
            bridge.wait();
        });
    }
    let told = told.into_inner().expect("the senders");
    let sent = next.load(Ordering::SeqCst);
    assert!(!told.is_empty());
    // A killed deliverer's leads wait for the end of its lease, and are in the outbox until then.
    let everything = Selection {
        limit: Some(u32::MAX),
        ..Selection::default()
    };
    let rows = site.outbox().list(&everything).expect("the rows");
    let status = site.status();
    let arrived: HashSet<String> = (site.sandbox.contacts().into_iter())
        .map(|contact| contact.email)
        .collect();
    let kept: HashSet<String> = rows.iter().filter_map(email).collect();
    for email in &told {
        let is_there = arrived.contains(email) || kept.contains(email);
        assert!(is_there, "{email} is lost");
    }
    let accepted = status.delivered + status.waiting + status.leased + status.dead + status.dropped;
    assert!((told.len() as u64..=sent).contains(&accepted), "{status:?}");
    assert_eq!(accepted, arrived.union(&kept).count() as u64, "{status:?}");
    println!(
        "{kills} kills, {sent} sent, {} answered with 200, none is missing",
        told.len()
    );
}

fn email(row: &Listed) -> Option<String> {
    let pairs = Query::parse(&row.query).expect("a query").pairs();
    let mut named = pairs.into_iter().filter(|(name, _)| name == "lead_email");
    named.next().map(|(_, email)| email)
}

fn send_until_it_ends(address: SocketAddr, next: &AtomicU64, told: &Mutex<Vec<String>>) {
    let Ok(mut stream) = TcpStream::connect(address) else {
        return;
    };
    loop {
        let number = next.fetch_add(1, Ordering::SeqCst);
        let email = format!("lead{number}@example.com");
        let body = format!("Email={email}&tranid={number}");
        let bytes = request("POST", &format!("/hook/{TOKEN}"), &[FORM], body.as_bytes());
        if stream.write_all(&bytes).is_err() {
            return;
        }
        match answer(&mut stream) {
            Some(answer) if answer.status == 200 => {
                told.lock().expect("the list").push(email);
            }
            Some(answer) => panic!("{answer:?}"),
            None => return,
        }
    }
}
