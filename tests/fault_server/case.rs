//! Runs a row of the table, and holds how the call ends against it.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use justclick::{Client, Error, Lead, Outcome, Receipt};

use super::certificate::{Authorities, Flaw};
use super::fault::{Fault, Reaction};
use super::row::{Ending, Peer, Row};
use super::server::FaultServer;
use super::{SECRET, USERNAME};
use crate::sandbox::{Options, Sandbox};

/// How much later than promised a call may end.
const OVERRUN: Duration = Duration::from_millis(50);
/// A busy machine can hold a call up; the library does so each time.
const TRIES: usize = 4;

/// A row with the fault at every attempt or at the first alone, and with TLS or without.
pub struct Case<'a> {
    row: &'a Row,
    always: bool,
    encrypted: bool,
}

pub fn cases(rows: &[Row]) -> Vec<Case<'_>> {
    let mut cases = Vec::new();
    for row in rows {
        for always in [true, false] {
            for encrypted in [false, true] {
                let is_there = match row.peer {
                    Peer::Faulty(_) => true,
                    Peer::Plain(_) => !encrypted,
                    Peer::Encrypted(..) => encrypted,
                    _ => always && !encrypted,
                };
                if is_there {
                    cases.push(Case {
                        row,
                        always,
                        encrypted,
                    });
                }
            }
        }
    }
    cases
}

impl Case<'_> {
    /// By how much the call overran its deadline, if at all, or what was wrong.
    pub fn run_in_time(
        &self,
        authorities: &Authorities,
        ca_file: &str,
    ) -> Result<Duration, String> {
        let mut took = Duration::MAX;
        for _ in 0..TRIES {
            took = self.run(authorities, ca_file)?.min(took);
            if !self.always || took <= self.row.longest + OVERRUN {
                let has_deadline = (self.row.settings.iter())
                    .any(|(name, _)| matches!(*name, "timeout_ms" | "connect_timeout_ms"));
                return Ok(if self.always && has_deadline {
                    took.saturating_sub(self.row.longest)
                } else {
                    Duration::ZERO
                });
            }
        }
        Err(self.wrong(format!("it takes {took:?}, not {:?}", self.row.longest)))
    }

    fn run(&self, authorities: &Authorities, ca_file: &str) -> Result<Duration, String> {
        let service = Sandbox::start(Options::demo()).expect("a sandbox");
        let meeting = self.meet(&service, authorities);
        let mut client = Client::new(USERNAME, SECRET).expect("a client");
        let settings = self.row.settings.iter();
        for (name, value) in settings
            .map(|(name, value)| (*name, value.as_str()))
            .chain([
                ("base_url", meeting.base_url.as_str()),
                ("ca_file", ca_file),
            ])
        {
            client.set(name, value).expect("a setting");
        }
        for number in 0..self.row.leads_before {
            let sent = client.add_lead(&lead(&format!("before{number}@b.ru")));
            sent.map_err(|error| self.wrong(format!("the lead before: {error}")))?;
        }
        let started = Instant::now();
        let result = client.add_lead(&lead("a@b.ru"));
        let took = started.elapsed();
        self.judge(result, &service)?;
        Ok(took)
    }

    fn judge(&self, result: Result<Receipt, Error>, service: &Sandbox) -> Result<(), String> {
        let (ending, told) = told(result);
        let expected = if self.always {
            self.row.at_every_attempt
        } else {
            self.row.at_the_first
        };
        let resent = Ending {
            attempts: expected.attempts + 1,
            ..expected
        };
        let is_expected = ending == expected || (self.row.perhaps_resent && ending == resent);
        if !is_expected {
            return Err(self.wrong(format!("{ending:?}, not {expected:?}: {told}")));
        }
        let is_there = service.contact("a@b.ru").is_some();
        if ending.kind.is_none() && !is_there {
            return Err(self.wrong("a success, but the contact is not there"));
        }
        if !ending.may_have_arrived && is_there {
            return Err(self.wrong("it cannot have arrived, but the contact is there"));
        }
        if told.contains(SECRET) || told.contains("a@b.ru") {
            return Err(self.wrong(format!("it tells what it must not: {told}")));
        }
        Ok(())
    }

    fn wrong(&self, what: impl std::fmt::Display) -> String {
        let when = if self.always { "always" } else { "once" };
        let how = if self.encrypted { "TLS" } else { "plain" };
        format!("{} ({when}, {how}): {what}", self.row.name)
    }

    fn meet(&self, service: &Sandbox, authorities: &Authorities) -> Meeting {
        let (flaw, fault) = match &self.row.peer {
            Peer::Nobody => return Meeting::nobody(),
            Peer::Deaf => return Meeting::deaf(),
            Peer::NoSuchName => return Meeting::at("https://no-such-host.invalid"),
            Peer::Faulty(fault) | Peer::Plain(fault) => (Flaw::None, fault.clone()),
            Peer::Encrypted(flaw, fault) => (*flaw, fault.clone()),
        };
        let tls = self.encrypted.then(|| authorities.server(flaw));
        let script = script(fault, self.row.leads_before, self.always);
        Meeting::server(FaultServer::start(address(service), tls, script))
    }
}

/// Nobody else sends, so a contact that is known already was added by a lost copy of the lead.
fn told(result: Result<Receipt, Error>) -> (Ending, String) {
    let (kind, may_have_arrived, attempts, told) = match result {
        Ok(receipt) => {
            assert!(receipt.outcome() == Outcome::Added || receipt.is_unsure());
            (
                None,
                true,
                receipt.attempts().len(),
                receipt.message().to_owned(),
            )
        }
        Err(error) => (
            Some(error.kind()),
            error.may_have_arrived(),
            error.attempts().len(),
            format!("{error} {error:?}"),
        ),
    };
    let ending = Ending {
        kind,
        may_have_arrived,
        attempts,
    };
    (ending, told)
}

/// The leads before meet a fault only where it is one of the kind that the next lead feels.
fn script(
    fault: Fault,
    leads_before: usize,
    always: bool,
) -> impl Fn(usize) -> Option<Fault> + Send + Sync {
    let first = match fault.reaction {
        Reaction::ClosedAsReused | Reaction::Last => 0,
        _ => leads_before,
    };
    move |turn| (turn == first || always && turn > first).then(|| fault.clone())
}

/// Whom a client meets, for as long as this lives.
struct Meeting {
    base_url: String,
    _server: Option<FaultServer>,
    _sockets: Vec<TcpStream>,
    _listener: Option<TcpListener>,
}

impl Meeting {
    fn at(base_url: &str) -> Meeting {
        Meeting {
            base_url: base_url.to_owned(),
            _server: None,
            _sockets: Vec::new(),
            _listener: None,
        }
    }

    fn server(server: FaultServer) -> Meeting {
        Meeting {
            base_url: server.base_url(),
            _server: Some(server),
            ..Meeting::at("")
        }
    }

    fn nobody() -> Meeting {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        Meeting::at(&format!(
            "http://{}",
            listener.local_addr().expect("an address")
        ))
    }

    /// The system drops each attempt to connect where as many wait as the listener allows.
    fn deaf() -> Meeting {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        rustix::net::listen(&listener, 0).expect("no waiting");
        let address = listener.local_addr().expect("an address");
        let mut sockets = Vec::new();
        while let Ok(socket) = TcpStream::connect_timeout(&address, Duration::from_millis(300)) {
            sockets.push(socket);
        }
        Meeting {
            _sockets: sockets,
            _listener: Some(listener),
            ..Meeting::at(&format!("http://{address}"))
        }
    }
}

pub fn address(service: &Sandbox) -> SocketAddr {
    let url = service.base_url();
    let address = url.strip_prefix("http://").expect("no TLS");
    address.parse().expect("an address")
}

pub fn lead(email: &str) -> Lead {
    let mut lead = Lead::new();
    lead.group("super")
        .and_then(|lead| lead.email(email))
        .expect("a lead");
    lead
}
