//! What the answers of the service's functions mean: what became of a lead, or of another call.

use std::fmt;

use crate::answer::Answer;
use crate::attempt::{Arrival, Attempt};
use crate::error::{Error, ErrorKind};
use crate::function;
use crate::response::folded;
use crate::table::code;

/// What became of a request that the service carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The contact was added.
    Added,
    /// The contact was added and has been sent a mail to confirm.
    ActivationSent,
    /// The contact was in all of the groups before.
    AlreadyRegistered,
    /// Another function than AddLeadToGroup was carried out.
    Answered,
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Outcome::Added => "added",
            Outcome::ActivationSent => "activation sent",
            Outcome::AlreadyRegistered => "already registered",
            Outcome::Answered => "answered",
        })
    }
}

/// What the service carried out, and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    outcome: Outcome,
    is_unsure: bool,
    answer: Answer,
    attempts: Vec<Attempt>,
}

impl Receipt {
    /// What became of the request.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Whether the outcome is the likelier of two: an earlier copy of the request may have arrived,
    /// and the service says that the contact is registered. After a lost answer that is told as
    /// [`Outcome::Added`], after a kept connection that was closed as
    /// [`Outcome::AlreadyRegistered`].
    pub fn is_unsure(&self) -> bool {
        self.is_unsure
    }

    /// What the service said.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// Each sending of the request, in order; none for an answer that was only verified.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// For people: what happened.
    pub fn message(&self) -> &'static str {
        match (self.outcome, self.is_unsure) {
            (Outcome::Added, true) => {
                "the contact is registered; most likely an earlier attempt added it, whose answer was lost"
            }
            (Outcome::Added, false) => "the contact was added",
            (Outcome::ActivationSent, _) => {
                "the contact was added and has been sent a mail to confirm"
            }
            (Outcome::AlreadyRegistered, true) => {
                "the contact is registered in all of the groups; most likely it was before"
            }
            (Outcome::AlreadyRegistered, false) => "the contact was in all of the groups already",
            (Outcome::Answered, _) => "the service has done what it was asked",
        }
    }

    /// The receipt with the account of its sendings, of which an earlier one may have arrived.
    pub(crate) fn after(mut self, attempts: Vec<Attempt>, arrival: Arrival) -> Receipt {
        self.attempts = attempts;
        if self.outcome == Outcome::AlreadyRegistered {
            self.is_unsure = arrival > Arrival::Impossible;
            if arrival == Arrival::Possible {
                self.outcome = Outcome::Added;
            }
        }
        self
    }

    fn new(outcome: Outcome, answer: Answer) -> Receipt {
        Receipt {
            outcome,
            is_unsure: false,
            answer,
            attempts: Vec::new(),
        }
    }
}

/// What an answer of AddLeadToGroup means.
pub(crate) fn of_lead(answer: Answer) -> Result<Receipt, Error> {
    match answer.code {
        code::OK if is_activation(&answer.text) => {
            Ok(Receipt::new(Outcome::ActivationSent, answer))
        }
        code::OK => Ok(Receipt::new(Outcome::Added, answer)),
        code::ALREADY_REGISTERED => Ok(Receipt::new(Outcome::AlreadyRegistered, answer)),
        _ => Err(refusal(answer, "the service rejected the lead")),
    }
}

/// What an answer of any function means.
pub(crate) fn of_call(function: &str, answer: Answer) -> Result<Receipt, Error> {
    let rejected = |answer| refusal(answer, "the service rejected the call");
    match (function, answer.code) {
        (function::ADD_LEAD, _) => of_lead(answer),
        (_, code::OK) => Ok(Receipt::new(Outcome::Answered, answer)),
        // The contact was not in the group.
        (function::UNSUBSCRIBE, code::ADDRESS_NOT_FOUND) => {
            Err(rejected(answer).with_nothing_left())
        }
        _ => Err(rejected(answer)),
    }
}

fn is_activation(text: &str) -> bool {
    text.len() > "ok".len() && folded(text) == "activation email sent to subscriber"
}

fn refusal(answer: Answer, otherwise: &str) -> Error {
    let (kind, advice) = match answer.code {
        code::WRONG_HASH => (
            ErrorKind::NotAccepted,
            "the service does not accept the hash; most often the secret is wrong: compare it with the account's API settings",
        ),
        code::INVALID_USERNAME => (
            ErrorKind::NotAccepted,
            "the service does not know the username; it is the account's login, the first part of its address",
        ),
        code => (ErrorKind::Rejected, advice(code).unwrap_or(otherwise)),
    };
    let text: String = (answer.text.chars())
        .filter(|character| !character.is_control())
        .take(200)
        .collect();
    Error::new(kind, format!("{advice} (code {}: {text})", answer.code)).with_answer(answer)
}

fn advice(code: i32) -> Option<&'static str> {
    Some(match code {
        code::ADDRESS_DENIED => {
            "the account's API settings do not allow requests from this address; add it there"
        }
        code::ACCOUNT_DISABLED => "the account is disabled",
        code::LIMIT_REACHED => {
            "the limit of requests is used up; most often the API is not enabled for the account"
        }
        code::INVALID_GROUP => {
            "a group does not exist; compare the groups with those of the account"
        }
        code::SUBSCRIPTION_FORBIDDEN => "a group takes nobody by hand; choose another",
        code::SUBSCRIBER_NOT_FOUND | code::ADDRESS_NOT_FOUND => {
            "the service knows no such contact there"
        }
        code::GROUP_NOT_FOUND | code::GROUP_SUBSCRIBERS_NOT_FOUND => {
            "the service knows no such group, or nobody in it"
        }
        _ => return None,
    })
}
