//! Delivers what is due: claims a lead, sends it once, and says what became of it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::flow::Flow;
use super::interruption::{self, Interruption};
use super::pace::Pace;
use super::report::{Limits, Report};
use super::row::{Claim, Claimed, Death, Held, Settlement};
use super::schedule;
use super::store::Store;
use crate::client::Client;
use crate::error::{Disposition, Error, ErrorKind};
use crate::outcome::{Outcome, Receipt};
use crate::query::Query;
use crate::signals;

/// Longer than the longest single attempt may take, so that nobody overtakes a worker that lives.
const LEASE_MARGIN: Duration = Duration::from_secs(110);
const MOST_IN_FLIGHT: u32 = 256;
/// As often as a call asks while it waits.
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(50);

/// One run for one account.
pub(crate) struct Delivery<'a> {
    store: &'a dyn Store,
    client: Client,
    interruption: Option<Arc<Interruption>>,
    account: String,
    credentials: String,
    give_up: Duration,
    limits: &'a Limits,
    end: Option<Instant>,
    begun: AtomicU64,
    stopped: AtomicBool,
    /// A worker found nothing due, while others may have had leads.
    found_nothing: AtomicBool,
    flow: Flow,
    pace: Pace,
    report: Mutex<Report>,
}

/// Runs until nothing is due, a limit is reached, or the account is held.
pub(crate) fn run(
    store: &dyn Store,
    client: &Client,
    give_up: Duration,
    limits: &Limits,
) -> Result<Report, Error> {
    let in_flight = limits.in_flight.unwrap_or(1).clamp(1, MOST_IN_FLIGHT);
    let account = client.account()?;
    if limits.alone && store.is_delivering(&account)? {
        return Ok(Report::default());
    }
    let (on_the_way, _) = store.failures(&account)?;
    let interruption = Interruption::of(client);
    let delivery = Delivery {
        store,
        client: heeding(client, interruption.is_some()),
        interruption,
        credentials: client.fingerprint(),
        account,
        give_up,
        limits,
        end: limits
            .time
            .and_then(|time| Instant::now().checked_add(time)),
        begun: AtomicU64::new(0),
        stopped: AtomicBool::new(false),
        found_nothing: AtomicBool::new(false),
        // A way that failed is tried by one, and by more as all goes well.
        flow: Flow::new(if on_the_way > 0 { 1 } else { in_flight }, in_flight),
        pace: Pace::new(limits.per_second),
        report: Mutex::default(),
    };
    delivery.work_with(in_flight)?;
    if in_flight > 1 {
        delivery.ask_again()?;
    }
    Ok(delivery
        .report
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner))
}

/// A client whose calls end with the run.
fn heeding(client: &Client, asks: bool) -> Client {
    let mut client = client.clone();
    if asks {
        client.set_interrupt(Some(interruption::has_come));
    }
    client
}

impl Delivery<'_> {
    /// The calling thread works as well, so that one in flight needs no other.
    fn work_with(&self, in_flight: u32) -> Result<(), Error> {
        thread::scope(|scope| {
            let mut others = Vec::new();
            let (works, ended) = mpsc::channel::<()>();
            for place in 1..in_flight {
                let works = works.clone();
                let work = move || {
                    let _until_it_ends = works;
                    self.work(place)
                };
                let started = signals::blocked(|| thread::Builder::new().spawn_scoped(scope, work));
                // Fewer threads are slower, and lose nothing.
                match started {
                    Ok(other) => others.push(other),
                    Err(_) => break,
                }
            }
            let mine = self.work(0);
            drop(works);
            self.ask_until(&ended);
            let theirs = others.into_iter().map(|other| {
                (other.join()).unwrap_or_else(|_| {
                    Err(Error::new(
                        ErrorKind::Internal,
                        "a fault of the library ended a worker",
                    ))
                })
            });
            // All are waited for before the first failure is told.
            let theirs: Vec<Result<(), Error>> = theirs.collect();
            theirs.into_iter().fold(mine, Result::and)
        })
    }

    /// What a worker was told of the next lead counted those that others had on their way.
    fn ask_again(&self) -> Result<(), Error> {
        let is_held = (self.report.lock().unwrap_or_else(PoisonError::into_inner))
            .held
            .is_some();
        if is_held || !self.found_nothing.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.stopped.store(false, Ordering::SeqCst);
        self.work(0)
    }

    /// Asks the caller, which this thread alone may do, while others still work.
    fn ask_until(&self, ended: &Receiver<()>) {
        while self.interruption.is_some()
            && ended.recv_timeout(BETWEEN_QUESTIONS) == Err(RecvTimeoutError::Timeout)
        {
            self.is_interrupted();
        }
    }

    fn work(&self, place: u32) -> Result<(), Error> {
        let work = || self.work_until_done(place);
        let result = interruption::heeding(self.interruption.as_ref(), work);
        if result.is_err() {
            self.stop();
        }
        result
    }

    fn work_until_done(&self, place: u32) -> Result<(), Error> {
        while self.flow.admits(place, || self.is_over()) && self.pace.admits(|| self.is_over()) {
            if !self.begins_another() {
                return Ok(());
            }
            let lease = self.client.longest_attempt() + LEASE_MARGIN;
            match self
                .store
                .claim(&self.account, &self.credentials, lease, self.limits.id)?
            {
                Claim::Row(claimed) => self.deliver(&claimed)?,
                Claim::Nothing(next_due) => {
                    self.note(|report| report.next_due = next_due);
                    self.found_nothing.store(true, Ordering::SeqCst);
                    self.stop();
                    return Ok(());
                }
                Claim::Held(held) => {
                    self.note(|report| report.note_held(held));
                    self.stop();
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
            || self.end.is_some_and(|end| Instant::now() >= end)
            || self.is_interrupted()
    }

    fn is_interrupted(&self) -> bool {
        (self.interruption.as_ref()).is_some_and(|interruption| interruption.has_come())
    }

    fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.flow.wake();
    }

    fn begins_another(&self) -> bool {
        let begun = self.begun.fetch_add(1, Ordering::SeqCst);
        self.limits.leads.is_none_or(|most| begun < most)
            && !(self.limits.id.is_some() && begun > 0)
            && !self.is_over()
    }

    fn deliver(&self, claimed: &Claimed) -> Result<(), Error> {
        let (settlement, is_known) = if claimed.age >= self.give_up {
            (expired(claimed), false)
        } else {
            let sent = self.sent(claimed);
            let is_known = (sent.as_ref())
                .is_ok_and(|receipt| receipt.outcome() == Outcome::AlreadyRegistered);
            (self.settlement(claimed, sent)?, is_known)
        };
        let is_ours =
            (self.store).settle(&self.account, &self.credentials, claimed, &settlement)?;
        self.note(|report| {
            tell(report, claimed, &settlement, is_ours);
            report.known += u64::from(is_ours && is_known);
        });
        match settlement {
            Settlement::Delivered | Settlement::Dead(_) => self.flow.widen(),
            Settlement::Later { circuit: None, .. } => {}
            Settlement::Later { .. } | Settlement::Hold { .. } => self.stop(),
        }
        Ok(())
    }

    fn sent(&self, claimed: &Claimed) -> Result<Receipt, Error> {
        let query = Query::parse(&claimed.query)?;
        (self.client).call_once(&claimed.function, &query, claimed.may_have_arrived)
    }

    fn settlement(
        &self,
        claimed: &Claimed,
        sent: Result<Receipt, Error>,
    ) -> Result<Settlement, Error> {
        let error = match sent {
            Ok(_) => return Ok(Settlement::Delivered),
            Err(error) => error,
        };
        Ok(match error.disposition() {
            Disposition::Done => Settlement::Delivered,
            Disposition::Refused => Settlement::Dead(Death {
                reason: error.message().to_owned(),
                code: error.answer().map_or(-1, |answer| answer.code()),
                text: error.answer().map_or("", |answer| answer.text()).to_owned(),
            }),
            Disposition::Later => self.later(claimed, &error)?,
            Disposition::Hold => {
                let (_, holds) = self.store.failures(&self.account)?;
                Settlement::Hold {
                    pause: schedule::hold(holds),
                    reason: error.message().to_owned(),
                }
            }
        })
    }

    /// What was interrupted is due at once. A service that has too much to do is first sent less at a
    /// time; the account rests where that is not enough, or is not what helps.
    fn later(&self, claimed: &Claimed, error: &Error) -> Result<Settlement, Error> {
        let asked = error.retry_after();
        let wait = schedule::wait(claimed.attempts, crate::chance::chance(), asked);
        let is_interrupted = self.is_interrupted();
        let narrows = is_strained(error) && asked.is_none() && self.flow.narrow();
        let circuit = if is_interrupted || narrows {
            None
        } else {
            let (failures, _) = self.store.failures(&self.account)?;
            Some(schedule::circuit(failures, asked))
        };
        Ok(Settlement::Later {
            wait: if is_interrupted { Duration::ZERO } else { wait },
            may_have_arrived: error.may_have_arrived(),
            circuit,
            reason: error.message().to_owned(),
        })
    }

    fn note(&self, change: impl FnOnce(&mut Report)) {
        change(&mut self.report.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// The service may have too much to do: a time-out, a lost answer, HTTP 429.
fn is_strained(error: &Error) -> bool {
    error.kind() == ErrorKind::OutcomeUnknown || error.http_status() == Some(429)
}

fn expired(claimed: &Claimed) -> Settlement {
    Settlement::Dead(Death {
        reason: format!(
            "expired: it could not be delivered in {} days and {} attempts",
            claimed.age.as_secs() / (24 * 60 * 60),
            claimed.attempts
        ),
        code: -1,
        text: String::new(),
    })
}

fn held(pause: Duration, reason: &str, disposition: Disposition) -> Held {
    Held {
        pause,
        reason: reason.to_owned(),
        disposition,
    }
}

fn tell(report: &mut Report, claimed: &Claimed, settlement: &Settlement, is_ours: bool) {
    if !is_ours {
        report.overtaken += 1;
        return;
    }
    match settlement {
        Settlement::Delivered => {
            report.delivered += 1;
            report.repeated += u64::from(claimed.may_have_arrived);
        }
        Settlement::Dead(_) => report.dead += 1,
        Settlement::Later {
            circuit: None,
            wait,
            ..
        } => {
            report.later += 1;
            report.next_due = Some(report.next_due.unwrap_or(*wait).min(*wait));
        }
        Settlement::Later {
            circuit: Some(pause),
            reason,
            ..
        } => {
            report.later += 1;
            report.note_held(held(*pause, reason, Disposition::Later));
        }
        Settlement::Hold { pause, reason } => {
            report.later += 1;
            report.note_held(held(*pause, reason, Disposition::Hold));
        }
    }
}
