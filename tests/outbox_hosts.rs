//! Many workers on several hosts at one database, in PostgreSQL and in MariaDB. Processes and the server
//! are killed, workers stand still past their lease, hosts are cut off: no lead is lost, nobody who was
//! overtaken changes anything, and the server meets no deadlock. Saboteurs are found.
//!
//! `JUSTCLICK_LEADS=100000 JUSTCLICK_TROUBLES=100 cargo test --features mysql,postgres --test
//! outbox_hosts` says how many leads are delivered and how much happens; `JUSTCLICK_KILL_SEED` repeats
//! the choices of an earlier run, though not its moments.
#![cfg(all(feature = "mysql", feature = "postgres", target_os = "linux"))]

mod database_proxy;
#[path = "outbox_hosts/garbled.rs"]
mod garbled;
#[path = "outbox_kill/hunt.rs"]
mod hunt;
mod mysql_server;
#[allow(dead_code)]
mod outbox_proof;
#[path = "outbox_kill/parts.rs"]
mod parts;
#[path = "outbox_hosts/places.rs"]
mod places;
mod postgres_server;
#[path = "outbox_hosts/same_lead.rs"]
mod same_lead;
#[path = "../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;
#[path = "outbox_stopped/scene.rs"]
mod scene;
mod server_process;
#[path = "outbox_hosts/ways.rs"]
mod ways;

use std::time::{Duration, Instant};

use hunt::{Plan, hunt};
use outbox_proof::chosen;
use outbox_proof::place::Place;
use outbox_proof::saboteur::Saboteur;
use places::{Mariadb, Postgres};

const LEADS: usize = 2000;
const KILLS: u64 = 10;

fn plan() -> Plan {
    Plan {
        producers: 4,
        deliverers: 20,
        // A lease lasts for four kills.
        time_between_kills: Duration::from_secs(30),
        longest_pause: Duration::from_millis(400),
        ..Plan::of_file(0)
    }
}

fn nothing_is_lost(engine: &str, place: &mut dyn Place) {
    let seed = chosen("JUSTCLICK_KILL_SEED", fastrand::u64(..));
    let plan = Plan {
        seed,
        kills: chosen("JUSTCLICK_TROUBLES", KILLS),
        requests: chosen("JUSTCLICK_LEADS", LEADS),
        ..plan()
    };
    println!("{engine}: seed {seed}");
    let began = Instant::now();
    let books = hunt(&plan, place).and_then(|books| books.check().map(|()| books));
    let books = books.unwrap_or_else(|wrong| panic!("{engine}, seed {seed}: {wrong}"));
    println!(
        "{engine}: {} workers killed, the server {} times, {} stopped, {} hosts cut off; {} leads \
         delivered, lost 0, sent again {} (at the most {}), overtaken {}, deadlocks 0, {} s",
        books.producers_killed + books.deliverers_killed,
        books.servers_killed,
        books.stopped,
        books.cut_off,
        books.status.delivered,
        books.sent_again(),
        books.most_sent_again,
        books.overtaken,
        began.elapsed().as_secs()
    );
    assert!(books.deliverers_killed > 0 && books.servers_killed > 0);
    assert!(books.stopped > 0 && books.cut_off > 0);
    assert!(
        books.told.len() >= plan.requests / 2,
        "hardly any work was done"
    );
}

#[test]
fn nothing_is_lost_in_postgresql() {
    nothing_is_lost("PostgreSQL", &mut Postgres::new());
}

#[test]
fn nothing_is_lost_in_mariadb() {
    nothing_is_lost("MariaDB", &mut Mariadb::new());
}

/// The first worker's request fails meanwhile, or succeeds; each time with a database of its own.
fn woken(new: impl Fn() -> Box<dyn Place>, saboteur: Saboteur) -> Vec<Result<(), String>> {
    (scene::ENDS.iter())
        .map(|first| scene::wakes_while_another_delivers(&*new(), first, saboteur))
        .collect()
}

#[test]
fn who_wakes_past_its_lease_changes_nothing_in_postgresql() {
    scene::who_wakes_after_another_delivered_changes_nothing(&Postgres::new());
    let woken = woken(|| Box::new(Postgres::new()), Saboteur::Nobody);
    assert!(woken.iter().all(Result::is_ok), "{woken:?}");
}

#[test]
fn who_wakes_past_its_lease_changes_nothing_in_mariadb() {
    scene::who_wakes_after_another_delivered_changes_nothing(&Mariadb::new());
    let woken = woken(|| Box::new(Mariadb::new()), Saboteur::Nobody);
    assert!(woken.iter().all(Result::is_ok), "{woken:?}");
}

#[test]
fn who_is_killed_is_followed_within_two_minutes() {
    scene::who_is_killed_is_followed(&Postgres::new());
    scene::who_is_killed_is_followed(&Mariadb::new());
}

fn is_found(saboteur: Saboteur, faults: bool, what: &str) {
    let places: [Box<dyn Place>; 2] = [Box::new(Postgres::new()), Box::new(Mariadb::new())];
    for mut place in places {
        let plan = Plan {
            kills: if faults { 12 } else { 0 },
            faults,
            saboteur,
            requests: 200,
            producers: 2,
            deliverers: 4,
            longest_pause: Duration::from_millis(120),
            ..plan()
        };
        let books = hunt(&plan, &mut *place);
        let wrong = books
            .and_then(|books| books.check())
            .expect_err("the saboteur is not found");
        assert!(wrong.contains(what), "{wrong}");
    }
}

#[test]
fn who_deletes_before_the_answer_is_found() {
    is_found(Saboteur::DeletesFirst, true, "leads are lost");
}

#[test]
fn who_gives_two_workers_one_lead_is_found() {
    is_found(Saboteur::SharesClaims, false, "were sent again");
}

#[test]
fn who_has_no_fence_is_found() {
    let places: [fn() -> Box<dyn Place>; 2] =
        [|| Box::new(Postgres::new()), || Box::new(Mariadb::new())];
    for new in places {
        for wrong in woken(new, Saboteur::WithoutFence) {
            let wrong = wrong.expect_err("not found");
            assert!(wrong.contains("delivered, later, overtaken"), "{wrong}");
        }
    }
}

#[test]
fn a_deadlock_is_found() {
    for met in [Postgres::new().deadlocks(), Mariadb::new().deadlocks()] {
        let wrong = met.expect_err("not found");
        assert!(wrong.contains("a deadlock"), "{wrong}");
    }
}
