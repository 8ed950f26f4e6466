//! Kills the processes of an outbox at random, starts them anew, and has the rest delivered. Where it
//! lies in a database, its server is killed as well, workers stand still, and hosts are cut off.

use std::collections::HashSet;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use justclick::Outbox;
use justclick::outbox::row::Status;
use nix::sys::signal::Signal;

use super::parts::{IN_FLIGHT, deliverer_command, producer_command};
use crate::outbox_proof::account::Account;
use crate::outbox_proof::part::Part;
use crate::outbox_proof::place::{self, Place};
use crate::outbox_proof::saboteur::{Sabotaged, Saboteur};
use crate::outbox_proof::service::{self, client, limits};
use crate::sandbox::{Behaviour, Sandbox};

/// What a hunt goes by.
pub struct Plan {
    pub seed: u64,
    pub kills: u64,
    /// Whether answers and requests are lost on their way as well.
    pub faults: bool,
    pub saboteur: Saboteur,
    pub producers: usize,
    pub deliverers: usize,
    /// So many requests come at the least.
    pub requests: usize,
    /// A kill every so often, in the life of a process that begins its work within tens of milliseconds.
    pub longest_pause: Duration,
    /// How much time passes between two kills.
    pub time_between_kills: Duration,
}

impl Plan {
    pub fn of_file(kills: u64) -> Plan {
        Plan {
            seed: 1,
            kills,
            faults: true,
            saboteur: Saboteur::Nobody,
            producers: 2,
            deliverers: 2,
            requests: 200,
            longest_pause: Duration::from_millis(120),
            // A lease lasts for some kills, and a lead on its way for none.
            time_between_kills: Duration::from_secs(10),
        }
    }
}

/// What is known in the end.
#[derive(Default)]
pub struct Books {
    /// The numbers and addresses of the leads that producers told.
    pub told: Vec<(i64, String)>,
    /// How often a producer did not know whether a lead was kept, and added it again.
    pub doubts: u64,
    /// The addresses that the service has.
    pub contacts: Vec<String>,
    pub requests: u64,
    pub producers_killed: u64,
    pub deliverers_killed: u64,
    pub servers_killed: u64,
    pub stopped: u64,
    pub cut_off: u64,
    /// Leads that a worker found in other hands when it came back.
    pub overtaken: u64,
    /// Requests that the service was told to lose, or whose answers.
    pub faults: u64,
    /// How many leads may be sent again, since they were on their way at a kill or a fault.
    pub most_sent_again: u64,
    /// The store's own account, once all is delivered.
    pub status: Status,
}

/// Each is killed and started anew.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Producer,
    Deliverer,
}

/// A process, and the host that it runs on.
struct Running {
    role: Role,
    host: usize,
    part: Part,
}

struct Hunt<'a> {
    plan: &'a Plan,
    place: &'a mut dyn Place,
    chance: Rng,
    service: Sandbox,
    parts: Vec<Running>,
    /// Those that stand still, and at which kill they go on.
    standing: Vec<(u64, Running)>,
    /// The host that is cut off, and until which kill.
    cut_off: Option<(u64, usize)>,
    started: usize,
    books: Books,
}

pub const HOSTS: usize = 4;
const LEASE: Duration = Duration::from_secs(200);
const PATIENCE: Duration = Duration::from_secs(600);
/// Many leads take long on a busy machine.
const PATIENCE_FOR_ONE: Duration = Duration::from_millis(30);
/// Workers stand still, and hosts are cut off, for so many kills: longer than a lease where a kill is
/// half a minute.
const AWAY: u64 = 5;

/// Runs the plan, and returns what is known once all is delivered that can be.
pub fn hunt(plan: &Plan, place: &mut dyn Place) -> Result<Books, String> {
    let mut hunt = Hunt::new(plan, place);
    for number in 0..plan.producers.max(plan.deliverers) {
        if number < plan.producers {
            hunt.start(Role::Producer);
        }
        if number < plan.deliverers {
            hunt.start(Role::Deliverer);
        }
    }
    hunt.lose(Behaviour::CloseWithoutAnswer);
    for kill in 0..plan.kills {
        hunt.trouble_the_way();
        let pause = plan.longest_pause.mul_f64(hunt.chance.f64());
        thread::sleep(pause);
        hunt.trouble(kill);
        hunt.come_back(kill);
        hunt.place.pass(plan.time_between_kills);
    }
    hunt.come_back(u64::MAX);
    hunt.wait_for_work()?;
    while !hunt.parts.is_empty() {
        hunt.kill(0);
    }
    hunt.deliver_the_rest()?;
    Ok(hunt.closed())
}

impl Hunt<'_> {
    fn new<'a>(plan: &'a Plan, place: &'a mut dyn Place) -> Hunt<'a> {
        Hunt {
            plan,
            place,
            chance: Rng::with_seed(plan.seed),
            service: service::sandbox(),
            parts: Vec::new(),
            standing: Vec::new(),
            cut_off: None,
            started: 0,
            books: Books::default(),
        }
    }

    fn start(&mut self, role: Role) {
        self.started += 1;
        let host = self.started % HOSTS;
        let url = self.service.base_url();
        let location = self.place.location(host);
        let command: Command = match role {
            Role::Producer => producer_command(&location, &url, &self.started.to_string()),
            Role::Deliverer => deliverer_command(&location, &url, self.plan.saboteur),
        };
        let part = Part::start(command);
        self.parts.push(Running { role, host, part });
    }

    /// In a database, each third kill is another trouble.
    fn trouble(&mut self, kill: u64) {
        match (self.place.database().is_some(), kill % 9) {
            (true, 4) => self.kill_server(),
            (true, 1) => self.stop_one(kill),
            (true, 2) if self.cut_off.is_none() => self.cut_off_one(kill),
            _ => {
                let victim = self.chance.usize(..self.parts.len());
                let role = self.kill(victim);
                self.start(role);
            }
        }
    }

    fn kill(&mut self, victim: usize) -> Role {
        let Running { role, part, .. } = self.parts.swap_remove(victim);
        match role {
            Role::Producer => self.books.producers_killed += 1,
            Role::Deliverer => {
                self.books.deliverers_killed += 1;
                self.books.most_sent_again += IN_FLIGHT;
            }
        }
        for line in part.kill() {
            self.books.read(&line);
        }
        role
    }

    /// Whoever has sent a lead cannot say so.
    fn kill_server(&mut self) {
        self.books.servers_killed += 1;
        self.books.most_sent_again += self.plan.deliverers as u64 * IN_FLIGHT;
        self.place.database().expect("a database").restart();
    }

    fn stop_one(&mut self, kill: u64) {
        let deliverers = self.parts.iter().enumerate();
        let of_role = deliverers.filter(|(_, part)| part.role == Role::Deliverer);
        let places: Vec<usize> = of_role.map(|(place, _)| place).collect();
        let Some(&victim) = self.chance.choice(&places) else {
            return;
        };
        let running = self.parts.swap_remove(victim);
        running.part.signal(Signal::SIGSTOP);
        self.books.stopped += 1;
        self.books.most_sent_again += IN_FLIGHT;
        self.standing.push((kill + AWAY, running));
    }

    fn cut_off_one(&mut self, kill: u64) {
        let host = self.chance.usize(..HOSTS);
        let there = self.parts.iter().filter(|running| running.host == host);
        self.books.cut_off += 1;
        self.books.most_sent_again += there.count() as u64 * IN_FLIGHT;
        self.place
            .database()
            .expect("a database")
            .cut_off(host, true);
        self.cut_off = Some((kill + AWAY, host));
    }

    /// Those whose time has come go on.
    fn come_back(&mut self, kill: u64) {
        for (until, running) in std::mem::take(&mut self.standing) {
            if until <= kill {
                running.part.signal(Signal::SIGCONT);
                self.parts.push(running);
            } else {
                self.standing.push((until, running));
            }
        }
        if let Some((until, host)) = self.cut_off
            && until <= kill
        {
            self.place
                .database()
                .expect("a database")
                .cut_off(host, false);
            self.cut_off = None;
        }
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
            self.books.most_sent_again += 1;
            self.service.next(fault);
        }
    }

    /// However few are killed, leads have been kept and delivered meanwhile.
    fn wait_for_work(&self) -> Result<(), String> {
        let (began, leads) = (Instant::now(), self.plan.requests as u32);
        while self.service.requests() < self.plan.requests {
            if began.elapsed() > PATIENCE.max(PATIENCE_FOR_ONE * leads) {
                return Err(format!("only {} requests came", self.service.requests()));
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Time passes by all leases and waits.
    fn deliver_the_rest(&mut self) -> Result<(), String> {
        let store = place::store_at_last(&self.place.location(0));
        let outbox = Outbox::with_store(Sabotaged::of(store, Saboteur::Nobody));
        let client = client(&self.service.base_url());
        for _ in 0..100 {
            (outbox.deliver(&client, &limits(r#"{"in_flight": 8}"#)))
                .map_err(|error| error.to_string())?;
            let status = Account::of(&outbox)?.status;
            if status.waiting + status.leased == 0 {
                break;
            }
            self.place.pass(LEASE);
        }
        self.books.status = Account::of(&outbox)?.status;
        drop(outbox);
        self.place.is_whole()
    }

    fn closed(mut self) -> Books {
        self.books.requests = self.service.requests() as u64;
        let contacts = self.service.contacts().into_iter();
        self.books.contacts = contacts.map(|contact| contact.email).collect();
        // Where no time passes, nobody may be overtaken.
        if self.plan.kills > 0 {
            self.books.most_sent_again += self.books.overtaken;
        }
        self.books
    }
}

impl Books {
    fn read(&mut self, line: &str) {
        match line.split_once(' ') {
            None => self.doubts += 1,
            Some(("overtaken", number)) => {
                self.overtaken += number.parse::<u64>().expect("a number")
            }
            Some(("unsettled", number)) => {
                self.most_sent_again += number.parse::<u64>().expect("a number")
            }
            Some((id, email)) => {
                let id = id.parse().expect("a number");
                self.told.push((id, email.to_owned()));
            }
        }
    }

    /// How many requests were sent for leads that had been sent before.
    pub fn sent_again(&self) -> u64 {
        self.requests.saturating_sub(self.contacts.len() as u64)
    }

    /// Nothing told is lost, all that was accepted is delivered and counted once, and no more is sent
    /// again than was on its way when a process was killed.
    pub fn check(&self) -> Result<(), String> {
        let has: HashSet<&str> = self.contacts.iter().map(String::as_str).collect();
        let lost: Vec<_> = (self.told.iter())
            .filter(|(_, email)| !has.contains(email.as_str()))
            .collect();
        if !lost.is_empty() {
            return Err(format!("{} leads are lost, as {:?}", lost.len(), lost[0]));
        }
        let ids: HashSet<i64> = self.told.iter().map(|(id, _)| *id).collect();
        if ids.len() != self.told.len() {
            return Err("two leads have one number".to_owned());
        }
        let (status, has) = (&self.status, has.len() as u64);
        let rest = status.waiting + status.leased + status.dead + status.dropped;
        // A lead in doubt that was added again may have been kept and delivered before.
        if rest != 0 || !(has..=has + self.doubts).contains(&status.delivered) {
            return Err(format!("the service has {has}, but {status:?}"));
        }
        let told = self.told.len() as u64;
        // One that was killed may have kept a last lead that it could not tell.
        let most = told + self.producers_killed + self.doubts;
        if !(told..=most).contains(&status.delivered) {
            return Err(format!("{told} leads were told as kept, but {status:?}"));
        }
        if self.sent_again() > self.most_sent_again {
            let (again, most) = (self.sent_again(), self.most_sent_again);
            return Err(format!(
                "{again} leads were sent again, and {most} at the most had a reason"
            ));
        }
        Ok(())
    }
}
