//! Kills the processes of an outbox at random, starts them anew, and has the rest delivered.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use justclick::Outbox;
use justclick::outbox::row::Status;

use super::parts::{IN_FLIGHT, deliverer_command, producer_command};
use crate::outbox_proof::account::{Account, is_whole};
use crate::outbox_proof::clock::{self, AheadClock};
use crate::outbox_proof::part::Part;
use crate::outbox_proof::saboteur::Saboteur;
use crate::outbox_proof::service::{self, client, limits};
use crate::sandbox::{Behaviour, Sandbox};

/// What a hunt goes by.
pub struct Plan {
    pub seed: u64,
    pub kills: u64,
    /// Whether answers and requests are lost on their way as well.
    pub faults: bool,
    pub saboteur: Saboteur,
}

/// What is known in the end.
pub struct Books {
    /// The numbers and addresses of the leads that producers told.
    pub told: Vec<(i64, String)>,
    /// The addresses that the service has.
    pub contacts: Vec<String>,
    pub requests: u64,
    pub producers_killed: u64,
    pub deliverers_killed: u64,
    /// Requests that the service was told to lose, or whose answers.
    pub faults: u64,
    /// The store's own account, once all is delivered.
    pub status: Status,
}

/// Each is killed and started anew.
enum Role {
    Producer,
    Deliverer,
}

struct Hunt<'a> {
    plan: &'a Plan,
    chance: Rng,
    path: PathBuf,
    service: Sandbox,
    clock: AheadClock,
    parts: Vec<(Role, Part)>,
    started: u64,
    books: Books,
}

/// A kill every so often, in the life of a process that begins its work within tens of milliseconds.
const LONGEST_PAUSE_MS: u64 = 120;
/// A lease lasts for some kills, and a lead on its way for none.
const TIME_BETWEEN_KILLS: Duration = Duration::from_secs(10);
const LEASE: Duration = Duration::from_secs(200);
const LEAST_REQUESTS: usize = 200;
const PATIENCE: Duration = Duration::from_secs(300);

/// Runs the plan, and returns what is known once all is delivered that can be.
pub fn hunt(plan: &Plan, folder: &Path) -> Result<Books, String> {
    let mut hunt = Hunt::new(plan, folder.join("leads.db"));
    for role in [
        Role::Producer,
        Role::Deliverer,
        Role::Producer,
        Role::Deliverer,
    ] {
        hunt.start(role);
    }
    hunt.lose(Behaviour::CloseWithoutAnswer);
    for _ in 0..plan.kills {
        hunt.trouble_the_way();
        thread::sleep(Duration::from_millis(hunt.chance.u64(..LONGEST_PAUSE_MS)));
        let victim = hunt.chance.usize(..hunt.parts.len());
        let role = hunt.kill(victim);
        hunt.start(role);
        hunt.clock.pass(TIME_BETWEEN_KILLS);
    }
    hunt.wait_for_work()?;
    while !hunt.parts.is_empty() {
        hunt.kill(0);
    }
    hunt.deliver_the_rest()?;
    Ok(hunt.closed())
}

impl Hunt<'_> {
    fn new(plan: &Plan, path: PathBuf) -> Hunt<'_> {
        Hunt {
            plan,
            chance: Rng::with_seed(plan.seed),
            service: service::sandbox(),
            clock: AheadClock::of(&path),
            path,
            parts: Vec::new(),
            started: 0,
            books: Books {
                told: Vec::new(),
                contacts: Vec::new(),
                requests: 0,
                producers_killed: 0,
                deliverers_killed: 0,
                faults: 0,
                status: Status::default(),
            },
        }
    }

    fn start(&mut self, role: Role) {
        self.started += 1;
        let url = self.service.base_url();
        let command: Command = match role {
            Role::Producer => producer_command(&self.path, &url, &self.started.to_string()),
            Role::Deliverer => deliverer_command(&self.path, &url, self.plan.saboteur),
        };
        self.parts.push((role, Part::start(command)));
    }

    fn kill(&mut self, victim: usize) -> Role {
        let (role, part) = self.parts.swap_remove(victim);
        let told = part.kill();
        match role {
            Role::Producer => self.books.producers_killed += 1,
            Role::Deliverer => self.books.deliverers_killed += 1,
        }
        self.books.told.extend(told.iter().map(|line| {
            let (id, email) = line.split_once(' ').expect("a number and an address");
            (id.parse().expect("a number"), email.to_owned())
        }));
        role
    }

    /// Slow answers, so that kills meet requests on their way, and lost ones.
    fn trouble_the_way(&mut self) {
        for _ in 0..10 {
            let pause = Duration::from_millis(self.chance.u64(..20));
            self.service.next(Behaviour::Slow(pause));
        }
        match self.chance.u8(..8) {
            0 => self.lose(Behaviour::CloseWithoutAnswer),
            1 => self.lose(Behaviour::ApplyThenClose),
            _ => {}
        }
    }

    fn lose(&mut self, fault: Behaviour) {
        if self.plan.faults {
            self.books.faults += 1;
            self.service.next(fault);
        }
    }

    /// However few are killed, leads have been kept and delivered meanwhile.
    fn wait_for_work(&self) -> Result<(), String> {
        let began = Instant::now();
        while self.service.requests() < LEAST_REQUESTS {
            if began.elapsed() > PATIENCE {
                return Err(format!("only {} requests came", self.service.requests()));
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Time passes by all leases and waits.
    fn deliver_the_rest(&mut self) -> Result<(), String> {
        let outbox = Outbox::with_store(clock::store(&self.path));
        let client = client(&self.service.base_url());
        for _ in 0..100 {
            (outbox.deliver(&client, &limits(r#"{"in_flight": 8}"#)))
                .map_err(|error| error.to_string())?;
            let status = Account::of(&outbox)?.status;
            if status.waiting + status.leased == 0 {
                break;
            }
            self.clock.pass(LEASE);
        }
        self.books.status = Account::of(&outbox)?.status;
        drop(outbox);
        is_whole(&self.path)
    }

    fn closed(mut self) -> Books {
        self.books.requests = self.service.requests() as u64;
        let contacts = self.service.contacts().into_iter();
        self.books.contacts = contacts.map(|contact| contact.email).collect();
        self.books
    }
}

impl Books {
    /// How many requests were sent for leads that had been sent before.
    pub fn sent_again(&self) -> u64 {
        self.requests.saturating_sub(self.contacts.len() as u64)
    }

    /// What a kill or a fault on the way may cost: the leads that are on their way.
    pub fn most_sent_again(&self) -> u64 {
        self.deliverers_killed * IN_FLIGHT + self.faults
    }
}
